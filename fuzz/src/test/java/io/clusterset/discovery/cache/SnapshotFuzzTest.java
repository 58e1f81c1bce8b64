package io.clusterset.discovery.cache;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Any octets at all: read, or refused with an {@link UnusableSnapshot}, and cheaply either way. They are tried as they are
 * and with the length and checksum that would fit them, which nobody guesses.
 */
class SnapshotFuzzTest {

    /** An endpoint of 8 octets becomes a few objects. More than this is a bomb. */
    private static final int FIXED = 256 * 1024;

    private static final int PER_OCTET = 256;
    private static final int LENGTH_AT = 10;
    private static final int HEAD = 14;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FuzzTest
    void anyOctetsAreReadOrRefusedAndCheaply(byte[] octets) {
        cheaply(octets);
        if (octets.length > HEAD + Integer.BYTES) {
            ByteBuffer sealed = ByteBuffer.wrap(octets.clone());
            sealed.putInt(LENGTH_AT, octets.length);
            CRC32C sum = new CRC32C();
            sum.update(sealed.array(), 0, octets.length - Integer.BYTES);
            sealed.putInt(octets.length - Integer.BYTES, (int) sum.getValue());
            cheaply(sealed.array());
        }
    }

    private static void cheaply(byte[] octets) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        boolean read = read(octets);
        long garbage = THREADS.getThreadAllocatedBytes(thread) - before;
        // What costs too much is read once more: the first time may have loaded classes.
        if (garbage > most(octets)) {
            before = THREADS.getThreadAllocatedBytes(thread);
            read = read(octets);
            garbage = THREADS.getThreadAllocatedBytes(thread) - before;
        }
        if (garbage > most(octets)) {
            throw new AssertionError(octets.length + " octets, " + (read ? "read" : "refused") + ": " + garbage
                    + " bytes of garbage (expected: at most " + most(octets) + ")");
        }
    }

    private static long most(byte[] octets) {
        return FIXED + (long) PER_OCTET * octets.length;
    }

    /** What is read can be written and read again, and is the same. */
    private static boolean read(byte[] octets) {
        try {
            SnapshotFile file = SnapshotFile.read(ByteBuffer.wrap(octets));
            if (octets.length < 1_024
                    && SnapshotFile.read(file.octets()).lines().size()
                            > file.lines().size()) {
                throw new AssertionError("more than there was");
            }
            return true;
        } catch (UnusableSnapshot refused) {
            return false;
        }
    }
}
