package io.clusterset.benchmarks;

import java.util.List;

/**
 * What one run measures.
 *
 * @param name what the command calls it
 * @param measures in the order of the table
 * @param goals what the figures are held against
 */
record Suite(String name, List<Measure> measures, List<Goal> goals) {

    static final List<Suite> ALL = List.of(dns());

    private static Suite dns() {
        Measure bare = new Measure("bare exchange, one socket", DnsExchanges.class, "bareOneSocket");
        Measure bareFresh = new Measure("bare exchange, a socket per query", DnsExchanges.class, "bareFreshSocket");
        Measure ours = new Measure("our transport, a socket per query", DnsExchanges.class, "ours");
        Measure resolver = new Measure("dnsjava SimpleResolver.send", DnsExchanges.class, "dnsjavaResolver");
        Measure session = new Measure("dnsjava LookupSession, no cache", DnsExchanges.class, "dnsjavaSession");
        Measure netty = new Measure("Netty, one socket, no cache", DnsExchanges.class, "netty");
        Measure nettyFresh = new Measure("Netty, a socket per query, no cache", DnsExchanges.class, "nettyFreshSocket");
        Measure cold = new Measure("our cold service, A + AAAA, two tiers", DnsColdService.class, "coldService");
        Measure read1 = new Measure("read an answer of 1 address", DnsReading.class, "read").with("addresses", "1");
        Measure read16 =
                new Measure("read an answer of 16 addresses", DnsReading.class, "read").with("addresses", "16");
        Measure read200 =
                new Measure("read an answer of 200 addresses", DnsReading.class, "read").with("addresses", "200");
        Measure cached = new Measure("InetAddress.getAllByName, cached", DnsWarmService.class, "inetAddress");
        Measure warm = new Measure("our warm service, snapshot()", DnsWarmService.class, "snapshot");
        return new Suite(
                "dns",
                List.of(
                        bare,
                        bareFresh.against(bare),
                        ours.against(bare),
                        resolver.against(bare),
                        session.against(bare),
                        netty.against(bare),
                        nettyFresh.against(bare),
                        cold.against(bare),
                        read1,
                        read16,
                        read200,
                        cached,
                        warm.against(cached)),
                List.of(
                        Goal.ratio("our transport / bare exchange on one socket", ours, bare, 4),
                        Goal.ratio("our transport / dnsjava SimpleResolver.send", ours, resolver, 0.5),
                        Goal.ratio("our transport / Netty on one socket", ours, netty, 1),
                        Goal.ratio("warm snapshot() / cached InetAddress", warm, cached, 1),
                        Goal.bytes("warm snapshot(), B/op", warm, 0)));
    }
}
