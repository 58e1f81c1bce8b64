package io.clusterset.discovery.recorded;

import static io.clusterset.discovery.recorded.Expected.empty;
import static io.clusterset.discovery.recorded.Expected.found;
import static io.clusterset.discovery.recorded.Expected.noSuchName;
import static io.clusterset.discovery.recorded.Expected.unknown;
import static io.clusterset.discovery.recorded.Row.recorded;
import static io.clusterset.discovery.recorded.Row.recordedBelow;
import static io.clusterset.discovery.recorded.Row.row;
import static io.clusterset.discovery.recorded.Row.silentRow;
import static io.clusterset.discovery.testkit.RecordType.SRV;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the two multi-cluster implementations of CoreDNS say of clusterset.local; one row for each situation, for both. */
class ClustersetZoneTest {

    private static final String DEMO = ".demo.svc.clusterset.local";

    /**
     * One of the two: the recorder asked both the same questions in the same order.
     *
     * @param first number of its first recording
     * @param ttl what it gives its records: fixed in the external plugin, an option in CoreDNS
     */
    private record Server(String group, int first, long ttl) {
        String id(int nth) {
            return group + "-" + String.format("%04d", first + nth);
        }
    }

    private static final List<Server> BOTH =
            List.of(new Server("multicluster-external", 430, 5), new Server("multicluster-intree", 560, 30));

    private static Stream<DynamicContainer> forBoth(Function<Server, Stream<DynamicTest>> rows) {
        return BOTH.stream().map(server -> DynamicContainer.dynamicContainer(server.group(), rows.apply(server)));
    }

    @TestFactory
    Stream<DynamicContainer> clusterSetIp() {
        return forBoth(server -> Stream.of(
                row(
                        "ServiceImport missing",
                        "nosuch" + DEMO,
                        recorded(server.id(43), server.id(44)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "only a local service of that name",
                        "web" + DEMO,
                        recorded(server.id(40)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "namespace missing",
                        "mc-web.nosuchns.svc.clusterset.local",
                        recorded(server.id(42)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "ClusterSetIP",
                        "mc-web" + DEMO,
                        recorded(server.id(0), server.id(1)),
                        found("10.96.200.1:0").freshFor(server.ttl())),
                row(
                        "ClusterSetIP, named port",
                        "_http._tcp.mc-web" + DEMO,
                        recorded(server.id(11)),
                        found("10.96.200.1:80").freshFor(server.ttl())),
                row(
                        "ClusterSetIP, unknown port label",
                        "_nosuch._tcp.mc-web" + DEMO,
                        recorded(server.id(14), server.id(0), server.id(1)),
                        empty().freshFor(server.ttl()).saying("port name nosuch not served")),
                row(
                        "ClusterSetIP without endpoints: answered all the same",
                        "mc-empty" + DEMO,
                        recorded(server.id(23)),
                        found("10.96.200.2:0").freshFor(server.ttl())),
                row(
                        "ClusterSetIP, 0 ready: answered all the same",
                        "mc-unready" + DEMO,
                        recorded(server.id(25)),
                        found("10.96.200.3:0").freshFor(server.ttl())),
                row(
                        "ClusterSetIP, 0 ready, named port",
                        "_http._tcp.mc-unready" + DEMO,
                        recordedBelow("_http._tcp", server.id(26)),
                        found("10.96.200.3:80").freshFor(server.ttl())),
                row(
                        "spec.ips still empty",
                        "mc-noip" + DEMO,
                        recorded(server.id(27), server.id(28)),
                        empty().freshFor(server.ttl())),
                row(
                        "spec.ips still empty, named port",
                        "_http._tcp.mc-noip" + DEMO,
                        recordedBelow("_http._tcp", server.id(29), server.id(27), server.id(28)),
                        empty().freshFor(server.ttl())),
                row(
                        "spec.ports empty",
                        "mc-noports" + DEMO,
                        recorded(server.id(30)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "ClusterSetIP of both families",
                        "mc-dual" + DEMO,
                        recorded(server.id(32), server.id(33)),
                        found("10.96.200.6:0", "[fd00:10:96::200:6]:0").freshFor(server.ttl())),
                row(
                        "several ClusterSetIPs of one family",
                        "mc-multiip" + DEMO,
                        recorded(server.id(35)),
                        found("10.96.200.7:0", "10.96.200.8:0").freshFor(server.ttl())),
                row(
                        "endpoint name below a ClusterSetIP",
                        "10-244-6-1.cluster-a.mc-web" + DEMO,
                        recorded(server.id(17)),
                        found("10.244.6.1:0").freshFor(server.ttl()))));
    }

    @TestFactory
    Stream<DynamicContainer> headless() {
        return forBoth(server -> Stream.of(
                row(
                        "headless: the ready endpoints of all clusters",
                        "mc-db" + DEMO,
                        recorded(server.id(57), server.id(58)),
                        found("10.244.7.1:0", "10.244.7.2:0", "10.245.7.1:0", "10.245.7.2:0")
                                .freshFor(server.ttl())),
                row(
                        "headless, named port: the target names the cluster",
                        "_pg._tcp.mc-db" + DEMO,
                        recorded(server.id(62)),
                        found(
                                        "10.244.7.1:5432@cluster-a",
                                        "10.244.7.2:5432@cluster-a",
                                        "10.245.7.1:5432@cluster-b",
                                        "10.245.7.2:5432@cluster-b")
                                .freshFor(server.ttl())),
                row(
                        "headless, unknown protocol label",
                        "_pg._udp.mc-db" + DEMO,
                        recorded(server.id(65), server.id(57), server.id(58)),
                        empty().freshFor(server.ttl()).saying("port name pg not served")),
                row(
                        "headless, 0 ready",
                        "mc-noneready" + DEMO,
                        recorded(server.id(88), server.id(89)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "headless, ready in one cluster only",
                        "mc-partial" + DEMO,
                        recorded(server.id(79)),
                        found("10.244.7.11:0").freshFor(server.ttl())),
                row(
                        "host.cluster.svc: answered",
                        "db-0.cluster-b.mc-db" + DEMO,
                        recorded(server.id(69)),
                        found("10.245.7.1:0").freshFor(server.ttl())),
                row(
                        "cluster.svc: not answered",
                        "cluster-a.mc-db" + DEMO,
                        recorded(server.id(73)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "host.svc: not answered",
                        "db-0.mc-db" + DEMO,
                        recorded(server.id(75)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "host of an unknown cluster",
                        "db-0.cluster-c.mc-db" + DEMO,
                        recorded(server.id(71)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "three labels in front, as of a cluster id with a dot",
                        "_pg._tcp.cluster-a.mc-db" + DEMO,
                        recorded(server.id(77), server.id(73)),
                        noSuchName().freshFor(server.ttl())),
                row(
                        "one address from two clusters is one endpoint",
                        "_pg._tcp.mc-sameip" + DEMO,
                        recordedBelow("_pg._tcp", server.id(87)),
                        found("10.244.7.25:5432@"
                                        + Recordings.get(server.id(87))
                                                .answers()
                                                .get(0)
                                                .data()
                                                .split("[ .]")[4])
                                .freshFor(server.ttl())),
                row(
                        "slice without a source-cluster label",
                        "mc-nosource" + DEMO,
                        recorded(server.id(96)),
                        found("10.244.7.41:0").freshFor(server.ttl())),
                silentRow(
                        "slice without a source-cluster label, named port: no answer at all",
                        "_pg._tcp.mc-nosource" + DEMO,
                        recorded(server.id(96))
                                .andThen(replay -> replay.dns
                                        .on("_pg._tcp.mc-nosource" + DEMO, SRV)
                                        .drop()),
                        unknown("").saying("no answer from")),
                row(
                        "headless of the other family only",
                        "mc-v6db" + DEMO,
                        recorded(server.id(104), server.id(105)),
                        found("[fd00:10:245::7:61]:0").freshFor(server.ttl())),
                row(
                        "headless without ports, named port",
                        "_pg._tcp.mc-noports-db" + DEMO,
                        recordedBelow("_pg._tcp", server.id(108), server.id(107)),
                        empty().freshFor(server.ttl()).saying("port name pg not served")),
                row(
                        "truncated: all of them over TCP",
                        "mc-big" + DEMO,
                        replay -> replay.dns.service("mc-big" + DEMO, Duration.ofSeconds(server.ttl()), many()),
                        found(Stream.of(many()).map(address -> address + ":0").toList())
                                .freshFor(server.ttl()))));
    }

    @TestFactory
    Stream<DynamicTest> whatDiffersOrIsMissing() {
        return Stream.of(
                row(
                        "in-core, ignore empty_service: ClusterSetIP without slices",
                        "mc-empty" + DEMO,
                        recorded("options-0756"),
                        noSuchName().freshFor(0)),
                row(
                        "in-core, ignore empty_service: ClusterSetIP without slices, named port",
                        "_http._tcp.mc-empty" + DEMO,
                        recordedBelow("_http._tcp", "options-0757", "options-0756"),
                        noSuchName().freshFor(0)),
                row(
                        "in-core, not synced",
                        "mc-db" + DEMO,
                        recorded("unsynced-0003"),
                        unknown("SERVFAIL").saying("SERVFAIL from")),
                row(
                        "in-core, no right to ServiceImports",
                        "mc-web" + DEMO,
                        recorded("no-rights-0012"),
                        unknown("SERVFAIL").saying("SERVFAIL from")),
                row(
                        "external, no right to slices: NXDOMAIN, which is not true",
                        "mc-db" + DEMO,
                        recorded("no-rights-0032"),
                        noSuchName()),
                row(
                        "in-core, no CRD",
                        "mc-web" + DEMO,
                        recorded("no-crd-0003"),
                        unknown("SERVFAIL").saying("SERVFAIL from")),
                row(
                        "the local name of an import",
                        "mc-web.demo.svc.cluster.local",
                        recorded("multicluster-intree-0678"),
                        noSuchName().freshFor(30)),
                row(
                        "an exported service by its local name: only the local endpoint",
                        "shared.demo.svc.cluster.local",
                        recorded("multicluster-intree-0674"),
                        found("10.244.9.1:0").freshFor(30)),
                row(
                        "an exported service by its clusterset name: the local endpoint too",
                        "shared" + DEMO,
                        recorded("multicluster-intree-0672"),
                        found("10.244.9.1:0", "10.245.9.1:0").freshFor(30)),
                row(
                        "zone not served here: NXDOMAIN from the root, as through NodeLocal DNSCache",
                        "mc-db" + DEMO,
                        replay -> {
                            replay.dns.serving("cluster.local");
                            replay.dns.on("mc-db" + DEMO).nxdomain();
                        },
                        noSuchName().saying("clusterset.local")),
                row(
                        "zone not served here: REFUSED",
                        "mc-db" + DEMO,
                        replay -> replay.dns.serving("cluster.local"),
                        unknown("REFUSED").saying("REFUSED from")),
                row(
                        "letter case of another question",
                        "mc-web" + DEMO,
                        recorded("case-0118"),
                        found("10.96.200.1:0").freshFor(30)));
    }

    private static String[] many() {
        return IntStream.range(0, 80).mapToObj(i -> "10.245.8." + (i + 1)).toArray(String[]::new);
    }
}
