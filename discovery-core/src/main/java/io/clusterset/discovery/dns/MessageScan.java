package io.clusterset.discovery.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/**
 * Walks a message before the codec may parse it, so that what parsing costs is bounded by the message's size: a name has at
 * most 10 pointer hops, all backwards, and 255 octets; a message has at most 16,384 hops (a full TCP answer of SRV records
 * needs two for each of 3,276) and 48 octets of names for each of its own. Without it 64 KiB of pointers to pointers cost a third of a second and 110 MB.
 *
 * <p>Records we never read are handed on as opaque octets, and a TTL with its highest bit set as the longest there is: the
 * codec would read it as 0, and RFC 8767 (4) says otherwise.
 */
final class MessageScan {

    private static final int HEADER = 12;
    private static final int MAX_HOPS = 10;
    private static final int MAX_HOPS_IN_ALL = 16_384;
    private static final int MAX_NAME = 255;

    /**
     * The codec writes names out label by label, copying what it has each time: 64 KiB of pointers to one name of 126 labels
     * would leave 117 MB. A message full of SRV records and their targets, eight labels each, needs 36 for each of its octets.
     */
    private static final int COPIED_PER_OCTET = 48;

    private static final int COPIED_AT_LEAST = 16_384;

    /** A private-use type (RFC 6895): no codec looks inside. */
    private static final short OPAQUE = (short) 0xff00;

    private final ByteBuffer message;
    private int hops;
    private int copied;

    private MessageScan(ByteBuffer message) {
        this.message = message;
    }

    /**
     * Parses one message.
     *
     * @throws IOException if it is malformed or would cost too much to parse; nothing else is ever thrown
     */
    static Message read(ByteBuffer packet) throws IOException {
        byte[] copy = new byte[packet.remaining()];
        packet.get(packet.position(), copy);
        new MessageScan(ByteBuffer.wrap(copy)).scan();
        try {
            return new Message(copy);
        } catch (RuntimeException refused) {
            throw new IOException("refused by the codec: " + refused, refused);
        }
    }

    private void scan() throws IOException {
        if (message.limit() < HEADER) {
            throw new IOException(message.limit() + " octets (expected: a header of " + HEADER + ")");
        }
        int questions = count(4);
        if (questions > 1) {
            throw new IOException(questions + " questions (expected: 1)");
        }
        boolean cutShort = (message.getShort(2) & (1 << (15 - Flags.TC))) != 0;
        int records = count(6) + count(8) + count(10);
        try {
            int at = HEADER;
            if (questions == 1) {
                at = need(name(at), 4);
            }
            for (int i = 0; i < records; i++) {
                at = record(at);
            }
        } catch (Cut cut) {
            if (!cutShort) { // one that says it was cut may end anywhere; the codec takes what is whole
                throw cut;
            }
        }
    }

    private int record(int start) throws IOException {
        int fields = name(start);
        int data = need(fields, 10);
        int type = message.getShort(fields) & 0xffff;
        int end = need(data, message.getShort(fields + 8) & 0xffff);
        switch (type) {
            case Type.A, Type.AAAA -> clampTtl(fields);
            case Type.CNAME, Type.NS -> {
                clampTtl(fields);
                exactly(name(data), end);
            }
            case Type.SRV -> {
                clampTtl(fields);
                exactly(name(data + 6), end);
            }
            case Type.SOA -> {
                clampTtl(fields);
                exactly(name(name(data)) + 20, end);
            }
            case Type.OPT -> {
                // its "TTL" begins with the upper bits of the response code; with the highest set the codec reads it as
                // 0
                if (message.get(fields + 4) < 0) {
                    message.put(fields + 4, Byte.MAX_VALUE);
                }
            }
            default -> {
                message.putShort(fields, OPAQUE);
                clampTtl(fields);
            }
        }
        return end;
    }

    private void clampTtl(int fields) {
        if (message.getInt(fields + 4) < 0) {
            message.putInt(fields + 4, Integer.MAX_VALUE);
        }
        if (message.getShort(fields + 2) != DClass.IN) {
            message.putShort(fields, OPAQUE); // an address of another class is none
        }
    }

    /** Walks the name at an offset; returns the offset behind it. */
    private int name(int start) throws IOException {
        int at = start;
        int behind = -1;
        int mine = 0;
        int length = 1;
        while (true) {
            int octet = message.get(need(at, 1) - 1) & 0xff;
            switch (octet & 0xc0) {
                case 0x00 -> {
                    if (octet == 0) {
                        return behind < 0 ? at + 1 : behind;
                    }
                    length += octet + 1;
                    if (length > MAX_NAME) {
                        throw new IOException("a name of more than " + MAX_NAME + " octets");
                    }
                    copied += length;
                    if (copied > COPIED_AT_LEAST + COPIED_PER_OCTET * message.limit()) {
                        throw new IOException("too many labels behind compression pointers");
                    }
                    at = need(at + 1, octet);
                }
                case 0xc0 -> {
                    need(at, 2);
                    int target = message.getShort(at) & 0x3fff;
                    if (target >= at || target < HEADER) {
                        throw new IOException("a compression pointer from " + at + " to " + target
                                + " (expected: to an earlier name)");
                    }
                    mine++;
                    hops++;
                    if (mine > MAX_HOPS || hops > MAX_HOPS_IN_ALL) {
                        throw new IOException("too many compression pointers (expected: at most " + MAX_HOPS
                                + " in a name, " + MAX_HOPS_IN_ALL + " in all)");
                    }
                    behind = behind < 0 ? at + 2 : behind;
                    at = target;
                }
                default -> throw new IOException("a label of type 0x" + Integer.toHexString(octet & 0xc0));
            }
        }
    }

    private int count(int offset) {
        return message.getShort(offset) & 0xffff;
    }

    /** The offset behind so many octets, which must be there. */
    private int need(int at, int octets) throws IOException {
        if (at + octets > message.limit()) {
            throw new Cut(at + octets - message.limit());
        }
        return at + octets;
    }

    private static void exactly(int at, int end) throws IOException {
        if (at != end) {
            throw new IOException("record data ends " + (at - end) + " octets off its length");
        }
    }

    /** The message ends too soon. */
    private static final class Cut extends IOException {
        private static final long serialVersionUID = 1L;

        Cut(int missing) {
            super(missing + " octets missing at the end");
        }
    }
}
