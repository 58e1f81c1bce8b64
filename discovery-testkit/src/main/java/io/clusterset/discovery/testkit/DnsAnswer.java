package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Record;

/** One step of a script: what is said, and how it travels. Immutable. */
record DnsAnswer(Content content, Delivery delivery) {

    /** What is said. */
    sealed interface Content permits Reply, Raw, Silence {}

    /** A well-formed message; {@code soa} null means no SOA record, also in a negative answer. */
    record Reply(Rcode rcode, Records records, @Nullable SoaTimes soa) implements Content {}

    /** Bytes as given, behind the question's id or their own. */
    static final class Raw implements Content {
        private final byte[] bytes;
        private final boolean ownId;

        Raw(byte[] bytes, boolean ownId) {
            if (bytes.length > 65_535) {
                throw new IllegalArgumentException("raw: " + bytes.length + " bytes (expected: 0...65535)");
            }
            this.bytes = bytes.clone();
            this.ownId = ownId;
        }

        byte[] addressedTo(int id) {
            byte[] sent = bytes.clone();
            if (!ownId && sent.length >= 2) {
                sent[0] = (byte) (id >> 8);
                sent[1] = (byte) id;
            }
            return sent;
        }
    }

    /** Nothing at all. */
    record Silence() implements Content {}

    /**
     * The records of a reply.
     *
     * @param ttl seconds as on the wire; dnsjava refuses more than 31 bits, so larger ones are written over its bytes
     * @param chased whether the server looks up the target of a CNAME that ends the answers
     */
    record Records(List<Record> answers, List<Record> glue, long ttl, boolean chased) {
        static final Records NONE = new Records(List.of(), List.of(), 0, false);

        Records {
            answers = List.copyOf(answers);
            glue = List.copyOf(glue);
        }

        Records withAnswers(List<Record> others) {
            return new Records(others, glue, ttl, chased);
        }
    }

    /** How long "no" may be believed: the smaller of the two, says RFC 2308. */
    record SoaTimes(Duration ttl, Duration minimum) {
        static final SoaTimes DEFAULT = new SoaTimes(Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    /**
     * How it travels.
     *
     * @param keepOnUdp with how many records it is truncated on UDP; -1 if it is only truncated when it is too large
     */
    record Delivery(Duration delay, int keepOnUdp, List<Forgery> forgeries) {
        static final Delivery PLAIN = new Delivery(Duration.ZERO, -1, List.of());

        Delivery {
            forgeries = List.copyOf(forgeries);
        }

        boolean isTruncated(Transport transport) {
            return transport == Transport.UDP && keepOnUdp >= 0;
        }
    }

    static DnsAnswer of(Content content) {
        return new DnsAnswer(content, Delivery.PLAIN);
    }

    static DnsAnswer of(Records records) {
        return of(new Reply(Rcode.NOERROR, records, null));
    }

    static DnsAnswer nodata() {
        return of(new Reply(Rcode.NOERROR, Records.NONE, SoaTimes.DEFAULT));
    }

    static DnsAnswer nxdomain() {
        return of(new Reply(Rcode.NXDOMAIN, Records.NONE, SoaTimes.DEFAULT));
    }

    static DnsAnswer rcode(Rcode rcode) {
        return of(new Reply(rcode, Records.NONE, null));
    }

    boolean saysNoSuchName() {
        return content instanceof Reply reply && reply.rcode() == Rcode.NXDOMAIN;
    }

    DnsAnswer withContent(Content other) {
        return new DnsAnswer(other, delivery);
    }

    DnsAnswer withDelay(Duration delay) {
        return new DnsAnswer(content, new Delivery(delay, delivery.keepOnUdp(), delivery.forgeries()));
    }

    DnsAnswer withTruncation(int keepOnUdp) {
        return new DnsAnswer(content, new Delivery(delivery.delay(), keepOnUdp, delivery.forgeries()));
    }

    DnsAnswer withForgeries(List<Forgery> forgeries) {
        return new DnsAnswer(content, new Delivery(delivery.delay(), delivery.keepOnUdp(), forgeries));
    }
}
