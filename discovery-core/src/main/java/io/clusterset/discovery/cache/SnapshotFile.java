package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Text;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a process remembers, as octets and back. Big-endian; counts, lengths and small numbers are LEB128, text is UTF-8 behind its length.
 *
 * <pre>
 *  magic 8 │ version 2 │ octets in all 4 │ written, epoch ms 8 │ cluster: texts │ lines │ CRC32C of all before 4
 * </pre>
 *
 * <p>Reading checks every count against the octets that are left before anything is made of it. Immutable.
 *
 * @param written when, by the wall clock
 * @param cluster what tells the writer's cluster from others
 * @param lines what was found
 */
record SnapshotFile(Instant written, List<String> cluster, List<Remembered> lines) {

    /** No file is larger, and none that is larger is read. */
    static final int MOST_OCTETS = 16 << 20;

    static final int MOST_LINES = 20_000;

    private static final int VERSION = 1;
    private static final int MOST_TEXTS = 64;
    private static final int LEAST_LINE = 12;

    /** Not text, and shows whether somebody took it for text. */
    private static final byte[] MAGIC = {(byte) 0x89, 'D', 'S', 'C', 'V', '\r', '\n', 0x1a};

    private static final int LENGTH_AT = MAGIC.length + Short.BYTES;
    private static final int HEAD = LENGTH_AT + Integer.BYTES;
    private static final int LEAST_OCTETS = HEAD + Long.BYTES + 2 + Integer.BYTES;

    SnapshotFile {
        cluster = List.copyOf(cluster);
        lines = List.copyOf(lines);
    }

    /** The lines found last, as many as may be in a file, as octets. */
    ByteBuffer octets() {
        SnapshotWriter out = new SnapshotWriter();
        out.octets(MAGIC);
        out.fixed(VERSION, Short.BYTES);
        out.fixed(0, Integer.BYTES); // the length, once it is known
        out.fixed(written.toEpochMilli(), Long.BYTES);
        out.texts(cluster);
        List<Remembered> latest = new ArrayList<>(lines);
        latest.sort(Comparator.comparing(Remembered::at).reversed());
        SnapshotWriter body = new SnapshotWriter();
        int room = MOST_OCTETS - out.size() - Integer.BYTES - SnapshotWriter.LONGEST_NUMBER;
        int count = 0;
        for (Remembered line : latest) {
            int before = body.size();
            if (body.line(line) && body.size() <= room) {
                count++;
            } else {
                body.cut(before);
            }
            if (count == MOST_LINES) {
                break;
            }
        }
        out.number(count);
        out.append(body);
        return sealed(out.buffer(Integer.BYTES));
    }

    /** Fills in what is known at last: the length and the checksum. */
    private static ByteBuffer sealed(ByteBuffer all) {
        all.putInt(LENGTH_AT, all.limit());
        all.putInt(all.limit() - Integer.BYTES, checksum(all));
        return all;
    }

    private static int checksum(ByteBuffer all) {
        CRC32C sum = new CRC32C();
        sum.update(all.duplicate().position(0).limit(all.limit() - Integer.BYTES));
        return (int) sum.getValue();
    }

    /**
     * Reads octets of anybody.
     *
     * @param file as {@link #octets()} gives them, from position 0 to the limit
     * @throws UnusableSnapshot if they are anything else
     */
    static SnapshotFile read(ByteBuffer file) throws UnusableSnapshot {
        byte[] magic = new byte[Math.min(MAGIC.length, file.limit())];
        file.get(0, magic);
        if (!Arrays.equals(magic, 0, magic.length, MAGIC, 0, magic.length)) {
            throw UnusableSnapshot.notOurs("not a snapshot of this library");
        }
        if (file.limit() < HEAD) {
            throw UnusableSnapshot.worthless("only " + file.limit() + " octets");
        }
        int version = Short.toUnsignedInt(file.getShort(MAGIC.length));
        if (version > VERSION) {
            throw UnusableSnapshot.notOurs("version " + version + " (expected: at most " + VERSION + ")");
        }
        int length = file.getInt(LENGTH_AT);
        if (length != file.limit() || length < LEAST_OCTETS || length > MOST_OCTETS) {
            throw UnusableSnapshot.worthless(file.limit() + " octets (expected: " + length + ")");
        }
        if (checksum(file) != file.getInt(length - Integer.BYTES)) {
            throw UnusableSnapshot.worthless("the checksum does not fit");
        }
        ByteBuffer body = file.duplicate().position(HEAD).limit(length - Integer.BYTES);
        try {
            return read(new SnapshotReader(body));
        } catch (IllegalArgumentException | BufferUnderflowException nonsense) {
            throw UnusableSnapshot.worthless(
                    "the checksum fits, the rest does not (" + Text.safe(nonsense.toString()) + ")");
        }
    }

    private static SnapshotFile read(SnapshotReader in) {
        Instant written = Instant.ofEpochMilli(in.fixed());
        List<String> cluster = in.texts(MOST_TEXTS);
        int count = in.count(MOST_LINES, LEAST_LINE);
        List<Remembered> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Remembered line = in.line();
            if (line.at().isAfter(written)) {
                throw new IllegalArgumentException("found after it was written down");
            }
            lines.add(line);
        }
        in.end();
        return new SnapshotFile(written, cluster, lines);
    }
}
