package io.clusterset.discovery.hostile;

import io.clusterset.discovery.model.Addresses;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes DNS messages octet by octet, right or wrong: no codec would. */
public final class WireMessage {

    public static final int HEADER = 12;
    public static final int QUESTION = 0;
    public static final int ANSWER = 1;
    public static final int AUTHORITY = 2;
    public static final int ADDITIONAL = 3;

    public static final int A = 1;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int IN = 1;

    /** Response, authoritative, recursion desired: as CoreDNS answers. */
    public static final int ANSWERED = 0x8500;

    public static final int TRUNCATED = 0x0200;

    private static final int LARGEST = 65_535;

    private final int flags;
    private final int[] counts = new int[4];
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private WireMessage(int flags) {
        this.flags = flags;
    }

    public static WireMessage answer() {
        return withFlags(ANSWERED);
    }

    public static WireMessage withFlags(int flags) {
        return new WireMessage(flags);
    }

    /** The labels of a name and its end. */
    public static byte[] name(String dotted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : dotted.split("\\.")) {
            byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
            out.write(octets.length);
            out.writeBytes(octets);
        }
        out.write(0);
        return out.toByteArray();
    }

    /** A name of so many labels of one octet. */
    public static byte[] labels(int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(new byte[] {1, 'a'});
        }
        out.write(0);
        return out.toByteArray();
    }

    /** A name of exactly so many octets, its end included. */
    public static byte[] octets(int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = length - 1;
        while (left > 0) {
            int label = Math.min(63, left - 1);
            label = left - 1 - label == 1 ? label - 1 : label; // a label of no octets would be the end
            out.write(label);
            out.writeBytes(new byte[label]);
            left -= label + 1;
        }
        out.write(0);
        return out.toByteArray();
    }

    public static byte[] pointer(int target) {
        return new byte[] {(byte) (0xc0 | (target >> 8)), (byte) target};
    }

    public static byte[] address(String literal) {
        return Addresses.literal(literal).getAddress();
    }

    public static byte[] srv(int port, byte[] target) {
        return joined(
                ByteBuffer.allocate(6)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) port)
                        .array(),
                target);
    }

    /** With a minimum TTL of so many seconds. */
    public static byte[] soa(long minimum) {
        ByteBuffer times = ByteBuffer.allocate(20).putInt(1).putInt(7_200).putInt(1_800);
        return joined(
                name("ns.dns.cluster.local"),
                name("hostmaster.cluster.local"),
                times.putInt(86_400).putInt((int) minimum).array());
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public WireMessage question(String name, int type) {
        return question(name(name), type);
    }

    public WireMessage question(byte[] name, int type) {
        counts[QUESTION]++;
        return raw(name).shorts(type, IN);
    }

    public WireMessage record(int section, byte[] owner, int type, byte[] data) {
        return record(section, owner, type, IN, 30, data);
    }

    public WireMessage record(int section, byte[] owner, int type, int dclass, long ttl, byte[] data) {
        return claiming(section, owner, type, dclass, ttl, data.length, data);
    }

    /** A record that says its data has another length than it has. */
    public WireMessage claiming(int section, byte[] owner, int type, int dclass, long ttl, int length, byte[] data) {
        counts[section]++;
        return raw(owner)
                .shorts(type, dclass)
                .raw(ByteBuffer.allocate(4).putInt((int) ttl).array())
                .shorts(length)
                .raw(data);
    }

    public WireMessage raw(byte[] octets) {
        body.writeBytes(octets);
        return this;
    }

    private WireMessage shorts(int... values) {
        for (int value : values) {
            body.write(value >> 8);
            body.write(value);
        }
        return this;
    }

    /** The offset of what is written next. */
    public int at() {
        return HEADER + body.size();
    }

    public boolean hasRoomFor(int octets) {
        return at() + octets <= LARGEST;
    }

    /** With these counts, whatever was written. */
    public byte[] bytes(int questions, int answers, int authorities, int additionals) {
        return ByteBuffer.allocate(at())
                .putShort((short) 0)
                .putShort((short) flags)
                .putShort((short) questions)
                .putShort((short) answers)
                .putShort((short) authorities)
                .putShort((short) additionals)
                .put(body.toByteArray())
                .array();
    }

    public byte[] bytes() {
        return bytes(counts[QUESTION], counts[ANSWER], counts[AUTHORITY], counts[ADDITIONAL]);
    }
}
