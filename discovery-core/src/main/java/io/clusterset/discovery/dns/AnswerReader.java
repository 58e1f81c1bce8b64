package io.clusterset.discovery.dns;

import io.clusterset.discovery.dns.FamilyAnswer.Kind;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Text;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Reads answers with distrust: only records on the chain from the question, only names under the zone. */
final class AnswerReader {

    private static final int MAX_CNAMES = 8;

    private final Name zone;
    private final AddressPolicy policy;

    AnswerReader(Name zone, AddressPolicy policy) {
        this.zone = zone;
        this.policy = policy;
    }

    /** What an A or AAAA question came to. */
    FamilyAnswer addresses(DnsReply reply, Name asked, int type) {
        if (reply instanceof DnsReply.Failed failed) {
            return FamilyAnswer.negative(Kind.UNKNOWN, -1, "", failed.why());
        }
        DnsReply.Answered answered = (DnsReply.Answered) reply;
        Message message = answered.message();
        String rcode = Rcode.string(message.getRcode());
        Chain chain = follow(message, asked);
        if (message.getRcode() == Rcode.NXDOMAIN && chain.refused.isEmpty()) {
            return FamilyAnswer.negative(
                    Kind.NO_SUCH_NAME, negativeTtl(message), rcode, notServed(message, answered.server()));
        }
        if (message.getRcode() != Rcode.NOERROR && message.getRcode() != Rcode.NXDOMAIN) {
            return FamilyAnswer.negative(Kind.UNKNOWN, -1, rcode, refused(rcode, answered.server()));
        }
        if (!chain.refused.isEmpty()) {
            Kind kind = chain.endless ? Kind.UNKNOWN : Kind.EMPTY;
            FamilyAnswer answer = FamilyAnswer.negative(kind, negativeTtl(message), rcode, chain.refused);
            return chain.outside.map(answer::aliasOf).orElse(answer);
        }
        Set<InetAddress> found = new LinkedHashSet<>();
        List<Evidence.Dropped> dropped = new ArrayList<>();
        long ttl = chain.ttl;
        for (Record record : message.getSection(Section.ANSWER)) {
            if (record.getType() == type && record.getName().equals(chain.owner)) {
                keep(record, found, dropped);
                ttl = Math.min(ttl, record.getTTL());
            }
        }
        if (found.isEmpty() && dropped.isEmpty() && referral(message)) {
            return FamilyAnswer.negative(
                    Kind.UNKNOWN, -1, rcode, DnsClient.show(answered.server()) + " only refers to other servers");
        }
        if (found.isEmpty()) {
            return dropped.isEmpty()
                    ? FamilyAnswer.negative(
                            answered.partial() ? Kind.UNKNOWN : Kind.EMPTY,
                            negativeTtl(message),
                            rcode,
                            answered.partial()
                                    ? "truncated, and TCP did not complete it"
                                    : notServed(message, answered.server()))
                    : new FamilyAnswer(
                            Kind.UNKNOWN,
                            List.of(),
                            -1,
                            false,
                            rcode,
                            "every address was dropped: " + dropped.get(0).rule()
                                    + " (discovery.dns.allow-addresses lets blocks through)",
                            dropped);
        }
        return new FamilyAnswer(Kind.FOUND, List.copyOf(found), ttl, answered.partial(), rcode, "", dropped);
    }

    /** The SRV records of an answer, those whose target lies outside the zone left out. */
    List<SRVRecord> services(Message message, Name asked, List<Evidence.Dropped> dropped) {
        Chain chain = follow(message, asked);
        List<SRVRecord> services = new ArrayList<>();
        if (!chain.refused.isEmpty()) {
            return services;
        }
        for (Record record : message.getSection(Section.ANSWER)) {
            if (record instanceof SRVRecord srv && record.getName().equals(chain.owner)) {
                if (srv.getTarget().equals(Name.root)) {
                    dropped.add(new Evidence.Dropped(".", "SRV says the service is not offered (RFC 2782)"));
                } else if (!srv.getTarget().subdomain(zone)) {
                    dropped.add(
                            new Evidence.Dropped(show(srv.getTarget()), "SRV target outside the zone " + show(zone)));
                } else if (srv.getPort() == 0) {
                    dropped.add(new Evidence.Dropped(show(srv.getTarget()), "SRV with port 0"));
                } else {
                    services.add(srv);
                }
            }
        }
        return services;
    }

    /** The addresses a message carries for an SRV target, as glue; only for names under the zone. */
    Optional<FamilyAnswer> glue(Message message, Name target) {
        Set<InetAddress> found = new LinkedHashSet<>();
        List<Evidence.Dropped> dropped = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        for (Record record : message.getSection(Section.ADDITIONAL)) {
            boolean address = record.getType() == Type.A || record.getType() == Type.AAAA;
            if (address && record.getName().equals(target)) {
                keep(record, found, dropped);
                ttl = Math.min(ttl, record.getTTL());
            }
        }
        if (found.isEmpty() && dropped.isEmpty()) {
            return Optional.empty();
        }
        Kind kind = found.isEmpty() ? Kind.UNKNOWN : Kind.FOUND;
        return Optional.of(new FamilyAnswer(kind, List.copyOf(found), ttl, false, "NOERROR", "", dropped));
    }

    /** The negative TTL of RFC 2308: the lesser of the SOA's TTL and its minimum; -1 without an SOA. */
    static long negativeTtl(Message message) {
        return soa(message).map(soa -> Math.min(soa.getTTL(), soa.getMinimum())).orElse(-1L);
    }

    /** No answer, no SOA, but who to ask instead (RFC 2308, 2.2): this server does not know. */
    private static boolean referral(Message message) {
        return soa(message).isEmpty()
                && message.getSection(Section.ANSWER).isEmpty()
                && message.getSection(Section.AUTHORITY).stream().anyMatch(record -> record.getType() == Type.NS);
    }

    /** A server's refusal in words; some of them mean that it does not know the zone at all. */
    String refused(String rcode, InetSocketAddress server) {
        boolean zoneUnknown = rcode.equals("REFUSED") || rcode.equals("NOTZONE") || rcode.equals("NOTAUTH");
        return rcode + " from " + DnsClient.show(server)
                + (zoneUnknown ? " (expected: a server of the zone " + show(zone) + ")" : "");
    }

    /**
     * What to say if a negative answer came from a zone above ours, or beside it: then nobody there serves our zone, and that
     * is another trouble than a service that does not exist. Empty if it is an ordinary negative answer, or has no SOA.
     */
    String notServed(Message message, InetSocketAddress server) {
        return soa(message)
                .filter(soa -> !soa.getName().subdomain(zone))
                .map(soa -> "the zone " + show(zone) + " is not served by " + DnsClient.show(server)
                        + ": the answer came from "
                        + (soa.getName().equals(Name.root) ? "the root zone" : "the zone " + show(soa.getName())))
                .orElse("");
    }

    /** Whether it is a negative answer from a zone above the one asked about, or beside it. */
    static boolean isForeign(Message message, Name zone) {
        return message.getSection(Section.ANSWER).isEmpty()
                && soa(message).filter(soa -> !soa.getName().subdomain(zone)).isPresent();
    }

    private static Optional<SOARecord> soa(Message message) {
        return message.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .findFirst();
    }

    private void keep(Record record, Set<InetAddress> found, List<Evidence.Dropped> dropped) {
        InetAddress bare = address(record);
        if (record.getType() == Type.AAAA && bare instanceof Inet4Address) {
            dropped.add(new Evidence.Dropped(Addresses.literal(bare), "IPv4-mapped address from DNS"));
            return;
        }
        Optional<String> rule = policy.drops(bare);
        if (rule.isPresent()) {
            dropped.add(new Evidence.Dropped(Addresses.literal(bare), rule.get()));
        } else {
            found.add(bare);
        }
    }

    private Chain follow(Message message, Name asked) {
        Chain chain = new Chain(asked);
        for (int hops = 0; ; hops++) {
            CNAMERecord next = null;
            for (Record record : message.getSection(Section.ANSWER)) {
                if (record instanceof CNAMERecord cname && record.getName().equals(chain.owner)) {
                    next = cname;
                    break;
                }
            }
            if (next == null) {
                return chain;
            }
            if (hops == MAX_CNAMES) {
                chain.refused = "more than " + MAX_CNAMES + " CNAMEs";
                chain.endless = true;
                return chain;
            }
            if (!next.getTarget().subdomain(zone)) {
                String target = show(next.getTarget());
                chain.outside = Optional.of(target);
                chain.refused = "an alias (ExternalName) of " + target + ", outside the zone " + show(zone);
                return chain;
            }
            chain.owner = next.getTarget();
            chain.ttl = Math.min(chain.ttl, next.getTTL());
        }
    }

    static String show(Name name) {
        return Text.safe(name.toString(true));
    }

    /** From the octets: the codec would write the owner's name out for each record. */
    private static InetAddress address(Record record) {
        try {
            return InetAddress.getByAddress(record.rdataToWireCanonical());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // the codec has checked the length
        }
    }

    /** Where a chain of CNAMEs has led so far. */
    private static final class Chain {
        private Name owner;
        private long ttl = Long.MAX_VALUE;
        private String refused = "";
        private Optional<String> outside = Optional.empty();
        private boolean endless;

        private Chain(Name owner) {
            this.owner = owner;
        }
    }
}
