package io.clusterset.discovery.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Octets as they come, to lines, or to one document. Bounded. Not thread-safe. */
final class LineBuffer {

    private final int longest;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    /** With how long a line, or the document, may be. */
    LineBuffer(int longest) {
        this.longest = longest;
    }

    /** More of a document; false if it is too long. */
    boolean add(ByteBuffer octets) {
        if (octets.remaining() > longest - begun.size()) {
            return false;
        }
        byte[] copy = new byte[octets.remaining()];
        octets.get(copy);
        begun.write(copy, 0, copy.length);
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

    /** All there is so far, which then is forgotten. */
    byte[] taken() {
        byte[] all = begun.toByteArray();
        begun.reset();
        return all;
    }
}
