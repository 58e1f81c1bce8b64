package io.clusterset.discovery.kubernetes;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Octets as they come, to lines, or to one document. Bounded. Not thread-safe. */
final class LineBuffer {

    /** More room than this is let go with what was in it: a list of 30 MB comes once, and its buffer may be held for long. */
    private static final int ROOM_KEPT = 128 * 1024;

    private final int longest;
    private byte[] room = {};
    private int size;

    /** With how long a line, or the document, may be. */
    LineBuffer(int longest) {
        this.longest = longest;
    }

    /** More of a document; false if it is too long. */
    boolean add(ByteBuffer octets) {
        int more = octets.remaining();
        if (more > longest - size) {
            return false;
        }
        if (more > room.length - size) {
            room = Arrays.copyOf(room, Math.max(size + more, Math.min(longest, 2 * room.length)));
        }
        octets.get(room, size, more);
        size += more;
        return true;
    }

    /** More lines; false if one is too long. Empty ones are passed over. */
    boolean split(ByteBuffer octets, Consumer<byte[]> taker) {
        while (octets.hasRemaining()) {
            int end = octets.position();
            while (end < octets.limit() && octets.get(end) != '\n') {
                end++;
            }
            boolean whole = end < octets.limit();
            ByteBuffer part = octets.duplicate();
            part.limit(end);
            if (!add(part)) {
                return false;
            }
            octets.position(whole ? end + 1 : end);
            if (whole) {
                byte[] line = taken();
                if (!(line.length == 0 || (line.length == 1 && line[0] == '\r'))) {
                    taker.accept(line);
                }
            }
        }
        return true;
    }

    /** How many octets it has room for at present. */
    int room() {
        return room.length;
    }

    /** All there is so far, which then is forgotten. */
    byte[] taken() {
        byte[] all = Arrays.copyOf(room, size);
        size = 0;
        if (room.length > ROOM_KEPT) {
            room = new byte[0];
        }
        return all;
    }
}
