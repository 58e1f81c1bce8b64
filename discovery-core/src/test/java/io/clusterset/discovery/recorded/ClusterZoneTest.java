package io.clusterset.discovery.recorded;

import static io.clusterset.discovery.recorded.Expected.empty;
import static io.clusterset.discovery.recorded.Expected.found;
import static io.clusterset.discovery.recorded.Expected.noSuchName;
import static io.clusterset.discovery.recorded.Expected.unknown;
import static io.clusterset.discovery.recorded.Row.recorded;
import static io.clusterset.discovery.recorded.Row.recordedBelow;
import static io.clusterset.discovery.recorded.Row.row;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.testkit.RecordType;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What CoreDNS's kubernetes plugin says of names in the cluster's zone, one row for each situation. */
class ClusterZoneTest {

    private static final String DEMO = ".demo.svc.cluster.local";

    @TestFactory
    Stream<DynamicTest> clusterIp() {
        return Stream.of(
                row(
                        "service missing",
                        "nosuch" + DEMO,
                        recorded("negative-0055", "negative-0056"),
                        noSuchName().freshFor(30)),
                row(
                        "namespace missing",
                        "web.nosuchns.svc.cluster.local",
                        recorded("negative-0060", "negative-0061"),
                        noSuchName().freshFor(30)),
                row(
                        "ClusterIP, at least one ready: the VIP",
                        "web" + DEMO,
                        recorded("clusterip-0001", "clusterip-0002"),
                        found("10.96.10.1:0").freshFor(30)),
                row(
                        "ClusterIP, named port",
                        "_http._tcp.web" + DEMO,
                        recorded("clusterip-0013"),
                        found("10.96.10.1:80").freshFor(30)),
                row(
                        "ClusterIP, named UDP port",
                        "_dns._udp.tcpudp" + DEMO,
                        recorded("clusterip-0043"),
                        found("10.96.10.5:53").freshFor(30)),
                row(
                        "ClusterIP, 0 ready: the VIP is answered all the same",
                        "unready" + DEMO,
                        recorded("clusterip-0035"),
                        found("10.96.10.3:0").freshFor(30)),
                row(
                        "ClusterIP, 0 ready, named port: still answered",
                        "_http._tcp.unready" + DEMO,
                        recordedBelow("_http._tcp", "clusterip-0036"),
                        found("10.96.10.3:80").freshFor(30)),
                row(
                        "ClusterIP without a slice: the VIP",
                        "empty" + DEMO,
                        recorded("clusterip-0032", "clusterip-0033"),
                        found("10.96.10.2:0").freshFor(30)),
                row(
                        "ClusterIP, 0 ready, ignore empty_service",
                        "unready" + DEMO,
                        recorded("options-0751", "options-0752"),
                        noSuchName().freshFor(0)),
                row(
                        "ClusterIP, 0 ready, ignore empty_service, named port",
                        "_http._tcp.unready" + DEMO,
                        recordedBelow("_http._tcp", "options-0753", "options-0751", "options-0752"),
                        noSuchName().freshFor(0)),
                row(
                        "dual stack",
                        "dual" + DEMO,
                        recorded("dualstack-0276", "dualstack-0277"),
                        found("10.96.12.11:0", "[fd00:10:96::1201]:0").freshFor(30)),
                row(
                        "dual stack, named port: weight 50 of two records",
                        "_http._tcp.dual" + DEMO,
                        recordedBelow("_http._tcp", "dualstack-0278"),
                        found("10.96.12.11:80", "[fd00:10:96::1201]:80").freshFor(30)),
                row(
                        "ClusterIP of the other family only",
                        "v6only" + DEMO,
                        recorded("dualstack-0282", "dualstack-0283"),
                        found("[fd00:10:96::1203]:0").freshFor(30)),
                row(
                        "ClusterIP of the other family only, named port",
                        "_http._tcp.v6only" + DEMO,
                        recordedBelow("_http._tcp", "dualstack-0284"),
                        found("[fd00:10:96::1203]:80").freshFor(30)),
                row(
                        "unknown port label",
                        "_nosuch._tcp.web" + DEMO,
                        recorded("clusterip-0017", "clusterip-0001", "clusterip-0002"),
                        empty().freshFor(30).saying("port name nosuch not served")),
                row(
                        "unknown protocol label",
                        "_http._udp.web" + DEMO,
                        recorded("clusterip-0016", "clusterip-0001", "clusterip-0002"),
                        empty().freshFor(30).saying("port name http not served")),
                row(
                        "endpoint name below a ClusterIP service",
                        "10-244-1-1.web" + DEMO,
                        recorded("clusterip-0025", "clusterip-0026"),
                        found("10.244.1.1:0").freshFor(30)),
                row(
                        "bare namespace",
                        "demo.svc.cluster.local",
                        recorded("negative-0064", "negative-0065"),
                        empty().freshFor(30)),
                row(
                        "bare namespace that is missing",
                        "nosuchns.svc.cluster.local",
                        recorded("negative-0068"),
                        noSuchName().freshFor(30)),
                row("bare svc", "svc.cluster.local", recorded("negative-0069", "negative-0070"), empty().freshFor(30)),
                row("bare zone", "cluster.local", recorded("negative-0073", "negative-0074"), empty().freshFor(30)),
                row(
                        "three labels in front",
                        "x.y.z.web" + DEMO,
                        recorded("negative-0092"),
                        noSuchName().freshFor(30)));
    }

    @TestFactory
    Stream<DynamicTest> headless() {
        return Stream.of(
                row(
                        "headless: the ready addresses",
                        "db" + DEMO,
                        recorded("headless-0121", "headless-0122"),
                        found("10.244.3.1:0", "10.244.3.2:0", "10.244.3.3:0").freshFor(30)),
                row(
                        "headless, named port: one per endpoint, weight 33",
                        "_pg._tcp.db" + DEMO,
                        recorded("headless-0128"),
                        found("10.244.3.1:5432", "10.244.3.2:5432", "10.244.3.3:5432")
                                .freshFor(30)),
                row(
                        "headless, 0 ready",
                        "noneready" + DEMO,
                        recorded("headless-0154", "headless-0155"),
                        noSuchName().freshFor(30)),
                row(
                        "headless, 0 ready, named port",
                        "_pg._tcp.noneready" + DEMO,
                        recorded("headless-0158", "headless-0154", "headless-0155"),
                        noSuchName().freshFor(30)),
                row(
                        "headless without a slice",
                        "noslice" + DEMO,
                        recorded("headless-0160"),
                        noSuchName().freshFor(30)),
                row(
                        "headless of the other family only",
                        "v6headless" + DEMO,
                        recorded("dualstack-0295", "dualstack-0296"),
                        found("[fd00:10:244::5:21]:0").freshFor(30)),
                row(
                        "headless of the other family only, named port",
                        "_pg._tcp.v6headless" + DEMO,
                        recordedBelow("_pg._tcp", "dualstack-0297"),
                        found("[fd00:10:244::5:21]:5432").freshFor(30)),
                row(
                        "headless, both families, named port",
                        "_pg._tcp.dual-headless" + DEMO,
                        recordedBelow("_pg._tcp", "dualstack-0287"),
                        found(
                                        "10.244.5.11:5432",
                                        "[fd00:10:244::5:11]:5432",
                                        "10.244.5.12:5432",
                                        "[fd00:10:244::5:12]:5432",
                                        "[fd00:10:244:0:1::]:5432")
                                .freshFor(30)),
                row(
                        "headless, ready, no ports in the slice",
                        "noports" + DEMO,
                        recorded("headless-0171"),
                        found("10.244.4.61:0", "10.244.4.62:0").freshFor(30)),
                row(
                        "headless, ready, no ports in the slice, named port",
                        "_pg._tcp.noports" + DEMO,
                        recordedBelow("_pg._tcp", "headless-0172", "headless-0171"),
                        empty().freshFor(30).saying("port name pg not served")),
                row(
                        "unknown port label of a headless service",
                        "_nosuch._tcp.db" + DEMO,
                        recorded("headless-0133", "headless-0121", "headless-0122"),
                        empty().freshFor(30).saying("port name nosuch not served")),
                row(
                        "not ready is left out",
                        "db-partial" + DEMO,
                        recorded("headless-0141"),
                        found("10.244.3.11:0", "10.244.3.13:0").freshFor(30)),
                row(
                        "ready nil is ready",
                        "nilready" + DEMO,
                        recorded("headless-0170"),
                        found("10.244.4.51:0", "10.244.4.52:0").freshFor(30)),
                row(
                        "ready and terminating is answered, serving and terminating is not",
                        "terminating" + DEMO,
                        recorded("headless-0167"),
                        found("10.244.4.42:0", "10.244.4.43:0").freshFor(30)),
                row(
                        "publishNotReadyAddresses",
                        "real-publish" + DEMO,
                        recorded("headless-0203"),
                        found("10.244.20.1:0", "10.244.20.2:0", "10.244.20.3:0").freshFor(30)),
                row(
                        "several endpoints with one hostname",
                        "_pg._tcp.samehost" + DEMO,
                        recordedBelow("_pg._tcp", "headless-0180"),
                        found("10.244.4.81:1000", "10.244.4.82:1000").freshFor(30)),
                row(
                        "one address in two slices with two ports",
                        "_pg._tcp.dup" + DEMO,
                        recordedBelow("_pg._tcp", "headless-0176"),
                        found("10.244.4.71:1000", "10.244.4.72:1000", "10.244.4.71:2000", "10.244.4.73:2000")
                                .freshFor(30)),
                row(
                        "endpoint name",
                        "db-0.db" + DEMO,
                        recorded("headless-0134", "headless-0135"),
                        found("10.244.3.1:0").freshFor(30)),
                row("endpoint name that is not there", "db-9.db" + DEMO, recorded("headless-0138"), noSuchName()),
                row(
                        "endpoint name made of an IPv6 address that ends in zeros",
                        "fd00-10-244-0-1--0.dual-headless" + DEMO,
                        recorded("dualstack-0294"),
                        found("[fd00:10:244:0:1::]:0").freshFor(30)),
                row(
                        "endpoint_pod_names",
                        "plain-x7k2p.real" + DEMO,
                        recorded("options-0763"),
                        found("10.244.20.3:0").freshFor(0)),
                row(
                        "zonal, pinned",
                        "zone-1.pin._zone.zoned" + DEMO,
                        recorded("options-0768"),
                        found("10.244.4.111:0").freshFor(0)),
                row(
                        "zonal, pinned, none in that zone",
                        "zone-9.pin._zone.zoned" + DEMO,
                        recorded("options-0770"),
                        empty()),
                row(
                        "zonal, preferred, none in that zone: all",
                        "zone-9.prefer._zone.zoned" + DEMO,
                        recorded("options-0771"),
                        found("10.244.4.111:0", "10.244.4.112:0").freshFor(0)),
                row("zonal, option off", "zone-1.pin._zone.zoned" + DEMO, recorded("headless-0192"), noSuchName()));
    }

    @TestFactory
    Stream<DynamicTest> externalNamesAndPods() {
        return Stream.of(
                row(
                        "ExternalName out of the zone: refused, with its target",
                        "ext" + DEMO,
                        recorded("externalname-0241", "externalname-0242"),
                        empty().freshFor(5).aliasOf("target.example.test")),
                row(
                        "ExternalName, named port: refused, with its target",
                        "_http._tcp.ext" + DEMO,
                        recordedBelow("_http._tcp", "externalname-0244", "externalname-0241", "externalname-0242"),
                        empty().aliasOf("target.example.test")),
                row(
                        "ExternalName to an alias: the first name outside is named",
                        "ext-chain" + DEMO,
                        recorded("externalname-0255", "externalname-0256"),
                        empty().aliasOf("alias.example.test")),
                row(
                        "ExternalName, upstream NXDOMAIN: only the CNAME",
                        "ext-missing" + DEMO,
                        recorded("externalname-0257", "externalname-0258"),
                        empty().aliasOf("missing.example.test")),
                row(
                        "ExternalName, upstream error",
                        "ext-servfail" + DEMO,
                        recorded("externalname-0259"),
                        empty().aliasOf("broken.example.invalid")),
                row(
                        "ExternalName out of the zone, the other family without a word of it and faster",
                        "ext" + DEMO,
                        recorded("externalname-0241").andThen(slow("ext" + DEMO)),
                        empty().aliasOf("target.example.test")),
                row(
                        "ExternalName into the other zone, AAAA is NODATA",
                        "ext-clusterset" + DEMO,
                        recorded("externalname-0275").andThen(slow("ext-clusterset" + DEMO)),
                        empty().aliasOf("mc-web.demo.svc.clusterset.local")),
                row(
                        "ExternalName inside the zone: followed",
                        "ext-local" + DEMO,
                        recorded("externalname-0260", "externalname-0261"),
                        found("10.96.10.1:0").freshFor(30)),
                row(
                        "ExternalName to a headless service: followed",
                        "ext-local-headless" + DEMO,
                        recorded("externalname-0263"),
                        found("10.244.3.1:0", "10.244.3.2:0", "10.244.3.3:0").freshFor(30)),
                row(
                        "ExternalName to an ExternalName: the first name outside is named",
                        "ext-local-ext" + DEMO,
                        recorded("externalname-0265"),
                        empty().aliasOf("target.example.test")),
                row(
                        "ExternalName to a missing service of the zone: the CNAME is dropped",
                        "ext-local-missing" + DEMO,
                        recorded("externalname-0266"),
                        empty()),
                row("ExternalName to itself", "ext-self" + DEMO, recorded("externalname-0268"), empty()),
                row(
                        "ExternalName that is an IP address",
                        "ext-ip" + DEMO,
                        recorded("externalname-0272", "externalname-0273"),
                        noSuchName().freshFor(30)),
                row("name below an ExternalName", "foo.ext" + DEMO, recorded("externalname-0254"), noSuchName()),
                row(
                        "slice of address type FQDN",
                        "fqdn" + DEMO,
                        recorded("headless-0188"),
                        empty().aliasOf("backend.example.test")),
                row(
                        "pod name, insecure: an echo, no such pod",
                        "1-2-3-4.demo.pod.cluster.local",
                        recorded("pods-0224"),
                        found("1.2.3.4:0").freshFor(30)),
                row(
                        "pod name, verified: the pod",
                        "10-244-20-1.demo.pod.cluster.local",
                        recorded("options-0765"),
                        found("10.244.20.1:0").freshFor(0)),
                row(
                        "pod name, verified: no such pod",
                        "1-2-3-4.demo.pod.cluster.local",
                        recorded("options-0766"),
                        noSuchName()));
    }

    @TestFactory
    Stream<DynamicTest> whatTheServerCannotKnow() {
        return Stream.of(
                row(
                        "not synced: a would-be NXDOMAIN is SERVFAIL",
                        "db" + DEMO,
                        recorded("unsynced-0001", "unsynced-0007"),
                        unknown("SERVFAIL").saying("SERVFAIL from")),
                row(
                        "not synced, named port",
                        "_pg._tcp.db" + DEMO,
                        recordedBelow("_pg._tcp", "unsynced-0008"),
                        unknown("SERVFAIL").saying("SERVFAIL from")),
                row(
                        "not synced, one family only: the other never had any",
                        "db" + DEMO,
                        recorded("headless-0121", "unsynced-0007"),
                        found("10.244.3.1:0", "10.244.3.2:0", "10.244.3.3:0").freshFor(30)),
                row(
                        "not synced, one family is SERVFAIL and the other has nothing",
                        "db" + DEMO,
                        recorded("unsynced-0001", "headless-0122"),
                        unknown("SERVFAIL")),
                row(
                        "not synced, fallthrough: the upstream's NXDOMAIN, whose SOA is not of the zone",
                        "db" + DEMO,
                        replay -> {
                            replay.dns.serving("example.test");
                            replay.dns.on("db" + DEMO).nxdomain();
                        },
                        noSuchName().saying("cluster.local")),
                row(
                        "an account without rights",
                        "web" + DEMO,
                        recorded("no-rights-0002"),
                        unknown("SERVFAIL").saying("SERVFAIL from")),
                row(
                        "API server away, the DNS server was there before: as ever",
                        "db" + DEMO,
                        recorded("api-server-down-0002"),
                        found("10.244.3.1:0", "10.244.3.2:0", "10.244.3.3:0").freshFor(30)));
    }

    @TestFactory
    Stream<DynamicTest> timesCaseAndOrder() {
        return Stream.of(
                row(
                        "ttl 0",
                        "web" + DEMO,
                        recorded("options-0748"),
                        found("10.96.10.1:0").freshFor(0)),
                row(
                        "ttl counted down by a cache",
                        "web" + DEMO,
                        recorded("cache-ageing-0737"),
                        found("10.96.10.1:0").freshFor(27)),
                row(
                        "negative ttl: the SOA's own, counted down below its minimum",
                        "nosuch" + DEMO,
                        recorded("cache-ageing-0738"),
                        noSuchName().freshFor(27)),
                row(
                        "negative ttl 0",
                        "nosuch" + DEMO,
                        recorded("options-0773"),
                        noSuchName().freshFor(0)),
                row(
                        "negative ttl: the lesser of both families, whichever comes first",
                        "empty" + DEMO,
                        replay -> {
                            replay.dns.on("empty" + DEMO, A).nodata().soa(seconds(30), seconds(30));
                            replay.dns
                                    .on("empty" + DEMO, AAAA)
                                    .nodata()
                                    .soa(seconds(3), seconds(3))
                                    .delay(Duration.ofMillis(30));
                        },
                        empty().freshFor(3)),
                row(
                        "owner in the letter case of another question",
                        "web" + DEMO,
                        recorded("case-0108"),
                        found("10.96.10.1:0").freshFor(30)),
                row(
                        "SRV owner in another letter case",
                        "_pg._tcp.db" + DEMO,
                        recorded("case-0110"),
                        found("10.244.3.1:5432", "10.244.3.2:5432", "10.244.3.3:5432")
                                .freshFor(30)),
                row(
                        "SRV target with the zone in another letter case",
                        "_http._tcp.web" + DEMO,
                        recordedBelow("_http._tcp", "case-0107"),
                        found("10.96.10.1:80", "10.96.10.1:443").freshFor(30)),
                row(
                        "shuffled: the same set",
                        "db" + DEMO,
                        recorded("order-0701"),
                        found("10.244.3.1:0", "10.244.3.2:0", "10.244.3.3:0").freshFor(30)));
    }

    @TestFactory
    Stream<DynamicTest> size() {
        return Stream.of(
                row(
                        "truncated, whole over TCP",
                        "big-30" + DEMO,
                        overBoth("truncation-0334", "truncation-0339"),
                        found(plain("truncation-0339")).freshFor(30)),
                row(
                        "truncated, TCP refused: what came is partial",
                        "big-30" + DEMO,
                        recorded("truncation-0334").andThen(replay -> replay.dns.refuseTcp()),
                        found(plain("truncation-0334")).freshFor(30).withMoreToCome()),
                row(
                        "truncated at 1232 octets, TCP refused",
                        "big-300" + DEMO,
                        recorded("truncation-0372").andThen(replay -> replay.dns.refuseTcp()),
                        found(plain("truncation-0372")).freshFor(30).withMoreToCome()),
                row(
                        "SRV truncated, whole over TCP, glue included",
                        "_any._tcp.db-partial" + DEMO,
                        replay -> {
                            Transplant whole = Transplant.below("_any._tcp", Recordings.get("headless-0213"));
                            replay.dns
                                    .on(whole.name(), RecordType.SRV)
                                    .raw(Transplant.stub(whole.wire()))
                                    .then()
                                    .raw(whole.wire());
                        },
                        found(
                                        "10.244.3.11:5432",
                                        "10.244.3.11:9187",
                                        "10.244.3.11:7946",
                                        "10.244.3.13:5432",
                                        "10.244.3.13:9187",
                                        "10.244.3.13:7946")
                                .freshFor(30)),
                row(
                        "SRV whole but for its glue, TCP refused: the targets are looked up",
                        "_any._tcp.db" + DEMO,
                        recordedBelow("_any._tcp", "headless-0123").andThen(replay -> {
                            for (int host = 0; host < 3; host++) {
                                replay.dns.service("db-" + host + ".db" + DEMO, seconds(60), "10.244.3." + (host + 1));
                            }
                            replay.dns.refuseTcp();
                        }),
                        found(IntStream.rangeClosed(1, 3)
                                        .boxed()
                                        .flatMap(host -> Stream.of(5432, 9187, 7946)
                                                .map(port -> "10.244.3." + host + ":" + port))
                                        .toList())
                                .freshFor(30)
                                .withMoreToCome()),
                row(
                        "3000 endpoints over TCP",
                        "big-3000" + DEMO,
                        replay -> replay.dns.service("big-3000" + DEMO, seconds(30), many(3000)),
                        found(Stream.of(many(3000))
                                        .map(address -> address + ":0")
                                        .toList())
                                .freshFor(30)),
                row(
                        "FORMERR to EDNS: asked once more without it",
                        "web" + DEMO,
                        replay -> {
                            replay.dns
                                    .on("web" + DEMO, A)
                                    .raw(Recordings.get("protocol-0793").wire())
                                    .then()
                                    .raw(Recordings.get("protocol-0775").wire());
                            replay.script(Recordings.get("clusterip-0002"));
                        },
                        found("10.96.10.1:0").freshFor(30)));
    }

    @Test
    void moreThanAMessageHoldsIsPartialOverTcpToo() throws Exception {
        try (Replay replay = new Replay()) {
            replay.dns.service("big-5000" + DEMO, seconds(30), many(5000));
            Resolution found = replay.resolve(Row.question("big-5000" + DEMO));
            assertThat(found.endpoints()).hasSizeBetween(4000, 4999).doesNotHaveDuplicates();
            assertThat(((Resolution.Found) found).complete()).isFalse();
        }
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** Makes the script of the A records late: AAAA, of which nothing is said, comes first. */
    private static Consumer<Replay> slow(String name) {
        return replay -> replay.dns.on(name, A).delay(Duration.ofMillis(50));
    }

    private static Consumer<Replay> overBoth(String udp, String tcp) {
        return replay -> replay.dns
                .on(Recordings.get(udp).asked(), A)
                .raw(Recordings.get(udp).wire())
                .then()
                .raw(Recordings.get(tcp).wire());
    }

    private static List<String> plain(String id) {
        return Recordings.get(id).answers().stream()
                .map(record -> record.data() + ":0")
                .toList();
    }

    private static String[] many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "10.252." + i / 250 + "." + (i % 250 + 1))
                .toArray(String[]::new);
    }
}
