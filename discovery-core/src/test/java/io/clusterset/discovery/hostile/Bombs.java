package io.clusterset.discovery.hostile;

import static io.clusterset.discovery.hostile.WireMessage.A;
import static io.clusterset.discovery.hostile.WireMessage.ANSWER;
import static io.clusterset.discovery.hostile.WireMessage.HEADER;
import static io.clusterset.discovery.hostile.WireMessage.SRV;
import static io.clusterset.discovery.hostile.WireMessage.answer;
import static io.clusterset.discovery.hostile.WireMessage.pointer;
import static io.clusterset.discovery.hostile.WireMessage.srv;

/** Messages of up to 64 KiB that cost far more to parse than to send. */
public final class Bombs {

    /** A datagram holds no more on IPv4. */
    public static final int LARGEST_DATAGRAM = 65_507;

    private static final int NULL = 10; // a record of any octets (RFC 1035, 3.3.10)
    private static final int MOST_CHAINED = 0x3fff; // what a pointer can point to

    private Bombs() {}

    /**
     * A chain of so many pointers, each to the one before, and as many records owned by its end as there is room for.
     *
     * @param question the whole question: name, type and class
     */
    public static byte[] chain(byte[] question, int hops) {
        int start = HEADER + question.length;
        int chained = start + 11; // behind the fields of a record of the root
        byte[] links = new byte[2 * hops];
        for (int i = 0; i < hops; i++) {
            byte[] link = pointer(i == 0 ? HEADER : chained + 2 * (i - 1));
            links[2 * i] = link[0];
            links[2 * i + 1] = link[1];
        }
        int last = chained + 2 * (hops - 1);
        if (last > MOST_CHAINED) {
            throw new IllegalArgumentException("hops: " + hops + " (expected: at most 8,000)");
        }
        WireMessage message = answer().raw(question).record(ANSWER, new byte[1], NULL, links);
        int records = 1;
        for (; message.at() + 16 <= LARGEST_DATAGRAM; records++) {
            message.record(ANSWER, pointer(last), A, new byte[] {10, 0, (byte) (records >> 8), (byte) records});
        }
        return message.bytes(1, records, 0, 0);
    }

    /** One name of so many labels, and as many SRV records with two pointers to it as there is room for. */
    public static byte[] labels(byte[] question, int labels) {
        byte[] name = WireMessage.labels(labels);
        int named = HEADER + question.length + 11;
        WireMessage message = answer().raw(question).record(ANSWER, new byte[1], NULL, name);
        int records = 1;
        for (; message.at() + 20 <= LARGEST_DATAGRAM; records++) {
            message.record(ANSWER, pointer(named), SRV, srv(80, pointer(named)));
        }
        return message.bytes(1, records, 0, 0);
    }
}
