package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.testkit.Rcode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolveCommandTest {

    private static final String STANDARD = "={service}.{namespace}.svc.{domain}@";

    private final Clusters clusters = new Clusters().headless();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void everyTierAndEndpointIsInTheDocument() {
        Ran ran = clusters.discovery("resolve", "orders.shop:http", "--json").endsWith(0);

        Map<String, Object> document = ran.json();
        assertThat(document).containsOnlyKeys("service", "namespace", "port", "portName", "load", "tiers");
        assertThat(document)
                .containsEntry("service", "orders")
                .containsEntry("namespace", "shop")
                .containsEntry("port", null)
                .containsEntry("portName", "http")
                .containsEntry("load", Map.of("local", 100, "clusterset", 0));
        assertThat(Ran.list(document, "tiers"))
                .extracting(tier -> tier.get("tier"))
                .containsExactly("local", "clusterset");
        Map<String, Object> local = ran.tier("local");
        assertThat(local)
                .containsOnlyKeys("tier", "query", "outcome", "rcode", "detail", "ttlSeconds", "stale", "endpoints");
        assertThat(local)
                .containsEntry("query", List.of("_http._tcp.orders.shop.svc.cluster.local. SRV"))
                .containsEntry("outcome", "found")
                .containsEntry("rcode", "NOERROR")
                .containsEntry("detail", null)
                .containsEntry("ttlSeconds", 5)
                .containsEntry("stale", false);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void anEndpointCarriesAddressVerdictShareAndPlace() {
        Ran ran = clusters.discovery("resolve", "orders.shop:http", "--json").endsWith(0);

        assertThat(Ran.list(ran.tier("local"), "endpoints"))
                .extracting(endpoint -> endpoint.get("port"))
                .containsExactlyInAnyOrder(clusters.localA.port(), clusters.localB.port());
        assertThat(Ran.list(ran.tier("local"), "endpoints")).allSatisfy(endpoint -> {
            assertThat(endpoint)
                    .containsOnlyKeys(
                            "address", "port", "verdict", "reason", "share", "cluster", "region", "zone", "node");
            assertThat(endpoint)
                    .containsEntry("address", "127.0.0.1")
                    .containsEntry("verdict", "healthy")
                    .containsEntry("share", 50)
                    .containsEntry("reason", null)
                    .containsEntry("cluster", null)
                    .containsEntry("region", null)
                    .containsEntry("zone", null)
                    .containsEntry("node", null);
        });
    }

    @Test
    void anEndpointThatRefusesIsUnhealthyAndTheRestCarriesTheLoad() {
        clusters.localA.refuse();
        Ran ran = clusters.discovery("resolve", "orders.shop:http", "--json").endsWith(0);

        assertThat(ran.json()).containsEntry("load", Map.of("local", 70, "clusterset", 30));
        assertThat(Ran.list(ran.tier("local"), "endpoints"))
                .filteredOn(endpoint -> "unhealthy".equals(endpoint.get("verdict")))
                .singleElement()
                .satisfies(sick -> assertThat(sick)
                        .containsEntry("port", clusters.localA.port())
                        .containsEntry("share", 0)
                        .containsEntry("reason", "connection refused"));
    }

    @Test
    void nothingIsProbedWhenAskedNotTo() {
        clusters.localA.refuse();
        Ran ran = clusters.discovery("resolve", "orders.shop:http", "--probe", "none", "--json")
                .endsWith(0);

        assertThat(Ran.list(ran.tier("local"), "endpoints"))
                .extracting(endpoint -> endpoint.get("verdict"))
                .containsOnly("unknown");
        assertThat(clusters.localB.connections()).isZero();
    }

    @Test
    void anHttpProbeAsksForThePath() {
        clusters.localA.fail(503);
        Ran ran = clusters.discovery("resolve", "orders.shop:http", "--probe", "http:/ready", "--json")
                .endsWith(0);

        assertThat(clusters.localB.requestsFor("/ready")).isEqualTo(1);
        assertThat(Ran.list(ran.tier("local"), "endpoints"))
                .extracting(endpoint -> endpoint.get("verdict"))
                .containsExactlyInAnyOrder("unhealthy", "healthy");
    }

    @Test
    void aPersonGetsTwoTables() {
        Ran ran = clusters.discovery("resolve", "orders.shop:http").endsWith(0).fits();

        assertThat(ran.out())
                .startsWith("orders.shop:http\n\nTIER        LOAD  OUTCOME  TTL  DETAIL\n")
                .containsPattern("(?m)^local +100% +found +5s +NOERROR$")
                .containsPattern("(?m)^clusterset +0% +found +5s +NOERROR$")
                .containsPattern("(?m)^" + clusters.localA.endpoint() + " +local +50% +healthy$")
                .containsPattern("(?m)^" + clusters.remoteA.endpoint() + " +clusterset +0% +healthy$");
    }

    @Test
    void aServiceNobodyKnowsEndsWithOneAndTheWholeDocument() {
        Ran ran = clusters.discovery("resolve", "nothing.shop", "--json").endsWith(1);

        assertThat(ran.json())
                .containsEntry("load", Map.of("local", 0, "clusterset", 0))
                .containsEntry("error", "nothing.shop: no such service (local and clusterset: no such name)");
        assertThat(ran.tier("local"))
                .containsEntry("outcome", "no-such-name")
                .containsEntry("rcode", "NXDOMAIN")
                .containsEntry("ttlSeconds", 5)
                .containsEntry("endpoints", List.of());
        assertThat(ran.tier("clusterset")).containsEntry("outcome", "no-such-name");
    }

    @Test
    void aPersonIsToldInOneLineThatNobodyKnowsTheService() {
        Ran ran = clusters.discovery("resolve", "nothing.shop").endsWith(1).fits();

        assertThat(ran.out()).containsPattern("(?m)^local +0% +no such name +5s +NXDOMAIN$");
        assertThat(ran.err()).isEqualTo("nothing.shop: no such service (local and clusterset: no such name)\n");
    }

    @Test
    void theFourOutcomesAreKeptApart() {
        clusters.dns.service("mixed.shop.svc.cluster.local");
        clusters.dns.on("mixed.shop.svc.clusterset.local").rcode(Rcode.SERVFAIL);
        Ran ran = clusters.discovery("resolve", "mixed.shop", "--json").endsWith(1);

        assertThat(ran.tier("local")).containsEntry("outcome", "empty");
        assertThat(ran.tier("clusterset"))
                .containsEntry("outcome", "unknown")
                .containsEntry("rcode", "SERVFAIL")
                .containsEntry("ttlSeconds", null);
    }

    @Test
    void aNameserverThatIsNotThereMakesEveryTierUnknown() {
        clusters.dns.stop();
        Ran ran = clusters.discovery("resolve", "orders.shop", "--json").endsWith(1);

        for (String tier : List.of("local", "clusterset")) {
            assertThat(ran.tier(tier))
                    .containsEntry("outcome", "unknown")
                    .extractingByKey("detail")
                    .asString()
                    .contains(clusters.dns.endpoint());
        }
        assertThat(ran.json()).containsKey("error");
    }

    @Test
    void aShortTimeoutIsKeptAndEveryTierStillShown() {
        clusters.dns.silence();
        Ran ran = clusters.discovery("resolve", "orders.shop", "--json", "--timeout", "300ms")
                .endsWith(1);

        assertThat(Ran.list(ran.json(), "tiers"))
                .extracting(tier -> tier.get("outcome"))
                .containsExactly("unknown", "unknown");
    }

    @Test
    void aServiceWithTiersOfItsOwnIsShownInThese(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(
                folder.resolve("discovery.properties"),
                String.join(
                        "\n",
                        "discovery.services[orders.shop].tiers=env=environment;clusterset",
                        "discovery.services[db.shop].static=" + clusters.localA.endpoint()));
        Ran ran = clusters.discovery(
                        "resolve", "orders.shop:http", "--config", config.toString(), "--namespace", "shop", "--json")
                .endsWith(0);
        assertThat(ran.json()).containsEntry("load", Map.of("env", 0, "clusterset", 100));
        assertThat(ran.tier("env")).containsEntry("outcome", "no-such-name").containsEntry("query", List.of());

        Ran list = clusters.discovery(
                        "resolve", "db.shop", "--config", config.toString(), "--namespace", "shop", "--json")
                .endsWith(0);
        assertThat(list.json()).containsEntry("load", Map.of("static", 100));
        assertThat(Ran.list(list.tier("static"), "endpoints"))
                .extracting(endpoint -> endpoint.get("port"))
                .containsExactly(clusters.localA.port());

        clusters.dns.silence();
        Ran late = clusters.discovery(
                        "resolve", "orders.shop", "--config", config.toString(), "--json", "--timeout", "20ms")
                .endsWith(1);
        assertThat(Ran.list(late.json(), "tiers"))
                .extracting(tier -> tier.get("tier"))
                .containsExactly("env", "clusterset");
    }

    @Test
    void theEnvironmentIsATierLikeAnother() {
        Ran ran = clusters.discovery(
                        "resolve", "nosuch.shop", "--tier", "env=environment", "--namespace", "shop", "--json")
                .endsWith(1);
        assertThat(ran.tier("env"))
                .containsEntry("outcome", "no-such-name")
                .containsEntry("detail", "NOSUCH_SERVICE_HOST is not set");
    }

    @Test
    void aTierThatDidNotAnswerInTimeIsShownAsUnknown() {
        clusters.dns.silence();
        Ran ran = clusters.discovery("resolve", "orders.shop", "--json", "--timeout", "20ms")
                .endsWith(1);

        assertThat(ran.json()).containsEntry("error", "orders.shop: no answer in 20 ms");
        assertThat(Ran.list(ran.json(), "tiers"))
                .extracting(tier -> tier.get("detail"))
                .containsExactly("no answer in 20 ms", "no answer in 20 ms");
    }

    @Test
    void tiersCanBeGivenWithTheirPortsAndNameservers() {
        clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        try (FakeDnsServer elsewhere = FakeDnsServer.start();
                FakeEndpoint third = FakeEndpoint.start("third")) {
            elsewhere.serving("dr.example");
            elsewhere.service("orders-shop.dr.example", "127.0.0.1");
            Ran ran = clusters.discovery(
                            "resolve",
                            "orders.shop",
                            "--json",
                            "--tier",
                            "here" + STANDARD + "cluster.local:" + clusters.localA.port(),
                            "--tier",
                            "dr={service}-{namespace}.{domain}@dr.example:" + third.port() + ",dns="
                                    + elsewhere.endpoint())
                    .endsWith(0);

            assertThat(ran.json()).containsEntry("load", Map.of("here", 100, "dr", 0));
            assertThat(Ran.list(ran.tier("here"), "endpoints"))
                    .singleElement()
                    .satisfies(endpoint -> assertThat(endpoint).containsEntry("port", clusters.localA.port()));
            assertThat(Ran.list(ran.tier("dr"), "endpoints"))
                    .singleElement()
                    .satisfies(endpoint -> assertThat(endpoint)
                            .containsEntry("port", third.port())
                            .containsEntry("verdict", "healthy"));
            assertThat(elsewhere.questions("orders-shop.dr.example")).isNotEmpty();
        }
    }

    @Test
    void aPortNumberIsShownAndUsed() {
        Ran ran = clusters.discovery("resolve", "orders.shop:" + clusters.remoteA.port(), "--json")
                .endsWith(0);

        assertThat(ran.json()).containsEntry("port", clusters.remoteA.port()).doesNotContainKey("portName");
    }

    @Test
    void theNamespaceCanBeLeftToAnOption() {
        Ran ran = clusters.discovery("resolve", "orders:http", "--namespace", "shop", "--json")
                .endsWith(0);

        assertThat(ran.json()).containsEntry("namespace", "shop");
    }

    @Test
    void onlyAbsoluteNamesOfTheZonesAreAsked() {
        clusters.discovery("resolve", "orders.shop:http").endsWith(0);

        assertThat(clusters.dns.questions())
                .extracting(question -> question.name() + " " + question.type())
                .containsExactlyInAnyOrder(
                        "_http._tcp.orders.shop.svc.cluster.local SRV",
                        "_http._tcp.orders.shop.svc.clusterset.local SRV");
    }
}
