package io.clusterset.discovery.testkit;

import io.clusterset.discovery.testkit.DnsAnswer.Records;
import io.clusterset.discovery.testkit.DnsAnswer.SoaTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TTL;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Makes records of what users write, and says what is wrong with it. */
final class DnsRecords {

    private static final long MAX_WIRE_TTL = 0xffff_ffffL;

    private DnsRecords() {}

    /** An absolute name, with or without the trailing dot. */
    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("name: " + text + " (expected: a DNS name)", e);
        }
    }

    static Records of(Name owner, int type, Duration ttl, String... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(owner + ": no values (expected: >= 1, or nodata())");
        }
        List<Record> records = new ArrayList<>();
        for (String value : values) {
            records.add(record(owner, type, ttl, value));
        }
        return new Records(records, List.of(), seconds(ttl), false);
    }

    static Records srv(Name owner, Duration ttl, Srv... targets) {
        List<Record> records = new ArrayList<>();
        List<Record> glue = new ArrayList<>();
        for (Srv srv : targets) {
            Name target = name(srv.target());
            records.add(
                    new SRVRecord(owner, DClass.IN, codecTtl(ttl), srv.priority(), srv.weight(), srv.port(), target));
            for (String address : srv.glue()) {
                glue.add(record(target, addressType(address), ttl, address));
            }
        }
        return new Records(records, glue, seconds(ttl), false);
    }

    /** An alias; chased by the server if no addresses of the target are given. */
    static Records cname(Name owner, Duration ttl, String target, boolean chased, String... addresses) {
        Name to = name(target);
        List<Record> records = new ArrayList<>();
        records.add(new CNAMERecord(owner, DClass.IN, codecTtl(ttl), to));
        for (String address : addresses) {
            records.add(record(to, addressType(address), ttl, address));
        }
        return new Records(records, List.of(), seconds(ttl), chased);
    }

    /** The SOA record as CoreDNS writes it. */
    static SOARecord soa(Name zone, SoaTimes times) {
        return new SOARecord(
                zone,
                DClass.IN,
                codecTtl(times.ttl()),
                below(zone, zone.equals(Name.root) ? "ns" : "ns.dns"),
                below(zone, "hostmaster"),
                1,
                7200,
                1800,
                86400,
                seconds(times.minimum()));
    }

    static int addressType(String address) {
        return address.indexOf(':') >= 0 ? Type.AAAA : Type.A;
    }

    /** Whole seconds, checked to fit the 32 bits of the wire. */
    static long seconds(Duration ttl) {
        if (ttl.isNegative() || ttl.toSeconds() > MAX_WIRE_TTL) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: 0...4294967295 s)");
        }
        return ttl.toSeconds();
    }

    private static long codecTtl(Duration ttl) {
        return Math.min(TTL.MAX_VALUE, seconds(ttl));
    }

    private static Record record(Name owner, int type, Duration ttl, String value) {
        if (type == Type.TXT) {
            return new TXTRecord(owner, DClass.IN, codecTtl(ttl), value);
        }
        try {
            return Record.fromString(owner, type, DClass.IN, codecTtl(ttl), value, Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s: %s (expected: %s)", owner, value, expected(type)), e);
        }
    }

    private static String expected(int type) {
        return switch (type) {
            case Type.A -> "an IPv4 address";
            case Type.AAAA -> "an IPv6 address";
            case Type.SRV -> "priority weight port target";
            default -> "the data of a " + Type.string(type) + " record";
        };
    }

    private static Name below(Name zone, String labels) {
        return name(zone.equals(Name.root) ? labels : labels + '.' + zone);
    }
}
