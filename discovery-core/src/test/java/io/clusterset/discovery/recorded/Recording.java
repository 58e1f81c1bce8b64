package io.clusterset.discovery.recorded;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One answer of a server, as bytes and as what other readers than ours made of them.
 *
 * @param id group and number, such as {@code clusterip-0001}
 * @param server which of the servers of the README
 * @param name what was asked, with the final dot, in the letter case it was asked in
 * @param type A, AAAA or SRV
 * @param transport {@code udp}, {@code udp/1232} with EDNS, or {@code tcp}
 * @param rcode by name
 * @param flags without {@code qr}
 * @param ours whether it answers a plain question of class IN: a client must ignore it otherwise
 * @param hex the bytes, message id zero
 */
record Recording(
        String id,
        String server,
        String name,
        String type,
        String transport,
        String rcode,
        Set<String> flags,
        boolean ours,
        String note,
        List<Entry> answers,
        List<Entry> authorities,
        List<Entry> additionals,
        String hex) {

    /** One record of a section. */
    record Entry(String owner, long ttl, String type, String data) {}

    byte[] wire() {
        return HexFormat.of().parseHex(hex);
    }

    boolean truncated() {
        return flags.contains("tc");
    }

    boolean byTcp() {
        return transport.startsWith("tcp");
    }

    /** What was asked as the library writes it: lower case, without the final dot. */
    String asked() {
        return bare(name);
    }

    /** RFC 2308: the lesser of the SOA's own time to live and its minimum. */
    OptionalLong negativeTtl() {
        return authorities.stream()
                .filter(record -> record.type().equals("SOA"))
                .mapToLong(soa -> Math.min(soa.ttl(), Long.parseLong(soa.data().split(" ")[6])))
                .findFirst();
    }

    static String bare(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Override
    public String toString() {
        return id + " " + server + " " + name + " " + type + " " + transport
                + (note.isEmpty() ? "" : " (" + note + ")");
    }
}
