package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallCommandTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String STANDARD = "={service}.{namespace}.svc.{domain}@";

    private final Clusters clusters = new Clusters();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void callsAreServedAtHome() {
        clusters.headless();
        Ran ran = clusters.discovery(
                        "call",
                        "orders.shop:http",
                        "--path",
                        "/list?a=b",
                        "--count",
                        "20",
                        "--interval",
                        "1ms",
                        "--json")
                .endsWith(0);

        assertThat(ran.json()).containsOnlyKeys("calls", "failures", "attempts", "tiers", "latencyMillis", "switches");
        assertThat(ran.json())
                .containsEntry("calls", 20)
                .containsEntry("failures", 0)
                .containsEntry("attempts", 20)
                .containsEntry("tiers", Map.of("local", 20, "clusterset", 0))
                .containsEntry("switches", List.of());
        assertThat(Ran.map(ran.json(), "latencyMillis")).containsOnlyKeys("p50", "p99", "max");
        assertThat(clusters.localA.requestsFor("/list") + clusters.localB.requestsFor("/list"))
                .isEqualTo(20);
    }

    @Test
    void noCallFailsWhenTheOnlyLocalAddressBeginsToRefuse() {
        clusters.vips();
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            clusters.localA.awaitRequests(100, SOON);
            clusters.localA.refuse();
        });
        Ran ran = clusters.discovery("call", "orders.shop:http", "--count", "400", "--interval", "5ms", "--json")
                .endsWith(0);

        killer.join();
        assertThat(ran.json()).containsEntry("calls", 400).containsEntry("failures", 0);
        Map<String, Object> tiers = Ran.map(ran.json(), "tiers");
        assertThat((Integer) tiers.get("local"))
                .isBetween(99, (int) clusters.localA.requests()); // all that came before it refused, and none after
        assertThat(tiers.values().stream().mapToInt(served -> (Integer) served).sum())
                .isEqualTo(400);
        assertThat((Integer) ran.json().get("attempts"))
                .isBetween(401, 600); // until three probes were refused, however slow the machine
        assertThat(Ran.list(ran.json(), "switches")).singleElement().satisfies(change -> {
            assertThat(change).containsOnlyKeys("atMillis", "from", "to");
            assertThat(change).containsEntry("from", "local").containsEntry("to", "clusterset");
            assertThat((Integer) change.get("atMillis")).isGreaterThanOrEqualTo(450);
        });
    }

    @Test
    void aDrillSendsTrafficElsewhereThoughHomeIsWell() {
        clusters.headless();
        Ran ran = clusters.discovery(
                        "call",
                        "orders.shop:http",
                        "--drill",
                        "local=0",
                        "--count",
                        "400",
                        "--interval",
                        "5ms",
                        "--json")
                .endsWith(0);
        assertThat(ran.json()).containsEntry("failures", 0);
        assertThat((Integer) Ran.map(ran.json(), "tiers").get("clusterset"))
                .isGreaterThan(200); // all but those before the second tier had answered: a drill is no outage
    }

    @Test
    void pathsThatDoNotExistMoveNoTraffic() {
        clusters.vips();
        clusters.localA.fail(404);
        Ran ran = clusters.discovery("call", "orders.shop:http", "--count", "60", "--interval", "5ms", "--json");
        assertThat(Ran.list(ran.json(), "switches")).isEmpty();
    }

    @Test
    void aHomeThatAnswersServerErrorsLosesItsTraffic() {
        clusters.vips();
        clusters.localA.fail(503);
        Ran ran = clusters.discovery("call", "orders.shop:http", "--count", "400", "--interval", "5ms", "--json")
                .endsWith(0);
        assertThat(ran.json()).containsEntry("failures", 0);
        assertThat(Ran.list(ran.json(), "switches")).isNotEmpty();
    }

    @Test
    void trafficReturnsWhenTheLocalAddressIsBack(@TempDir Path folder) throws IOException {
        clusters.vips();
        Path settings = folder.resolve("discovery.properties");
        Files.writeString(settings, """
                discovery.failover.dwell = 200ms
                discovery.failover.steps = 50,100
                discovery.failover.step-interval = 100ms
                """);
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            clusters.localA.awaitRequests(50, SOON);
            clusters.localA.refuse();
            clusters.remoteA.awaitRequests(50, SOON);
            clusters.localA.restore();
        });
        Ran ran = clusters.discovery(
                        "call",
                        "orders.shop:http",
                        "--count",
                        "1500",
                        "--interval",
                        "5ms",
                        "--probe-interval",
                        "100ms",
                        "--config",
                        settings.toString(),
                        "--json")
                .endsWith(0);

        killer.join();
        assertThat(Ran.list(ran.json(), "switches"))
                .extracting(change -> change.get("from") + " -> " + change.get("to"))
                .containsExactly("local -> clusterset", "clusterset -> local");
    }

    @Test
    void addressRecordsAndPortsOfTiersWillDoToo() {
        clusters.dns.service(Clusters.LOCAL, "127.0.0.1");
        clusters.dns.service(Clusters.REMOTE, "127.0.0.1");
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            clusters.localA.awaitRequests(20, SOON);
            clusters.localA.refuse();
        });
        Ran ran = clusters.discovery(
                        "call",
                        "orders.shop",
                        "--count",
                        "200",
                        "--interval",
                        "2ms",
                        "--tier",
                        "local" + STANDARD + "cluster.local:" + clusters.localA.port(),
                        "--tier",
                        "clusterset" + STANDARD + "clusterset.local:" + clusters.remoteA.port(),
                        "--json")
                .endsWith(0);

        killer.join();
        assertThat(ran.json()).containsEntry("calls", 200).containsEntry("failures", 0);
        Map<String, Object> tiers = Ran.map(ran.json(), "tiers");
        assertThat((Integer) tiers.get("local")).isBetween(19, (int) clusters.localA.requests());
        assertThat(tiers.values().stream().mapToInt(served -> (Integer) served).sum())
                .isEqualTo(200);
    }

    @Test
    void aCallThatEveryTierFailsCountsAsFailedWithItsReason() {
        clusters.vips();
        clusters.localA.fail(503);
        clusters.remoteA.fail(404);
        Ran ran = clusters.discovery("call", "orders.shop:http", "--count", "5", "--interval", "1ms", "--json")
                .endsWith(1);

        assertThat(ran.json()).containsEntry("calls", 5).containsEntry("failures", 5);
        assertThat(Ran.map(ran.json(), "errors").keySet()).isSubsetOf("HTTP 503", "HTTP 404");
        assertThat(ran.json().get("error")).asString().startsWith("orders.shop:http: 5 of 5 calls failed (");
        assertThat(ran.err().strip()).isEqualTo(ran.json().get("error"));
    }

    @Test
    void aServiceThatIsNotThereFailsEveryCall() {
        Ran ran = clusters.discovery("call", "nothing.shop", "--count", "3", "--interval", "0ms", "--json")
                .endsWith(1);

        assertThat(ran.json())
                .containsEntry("failures", 3)
                .containsEntry("attempts", 0)
                .containsEntry(
                        "errors", Map.of("nothing.shop: no such service (local and clusterset: no such name)", 3));
    }

    @Test
    void aPersonIsToldInALineWhyItFailed() {
        assertThat(clusters.discovery("call", "nothing.shop", "--count", "3", "--interval", "0ms")
                        .endsWith(1)
                        .err())
                .startsWith("nothing.shop: 3 of 3 calls failed (")
                .hasLineCount(1);
    }

    @Test
    void aPersonGetsASummary() {
        clusters.headless();
        Ran ran = clusters.discovery("call", "orders.shop:http", "--count", "10", "--interval", "1ms")
                .endsWith(0)
                .fits();

        assertThat(ran.out())
                .startsWith("orders.shop:http: 10 calls, 0 failed, 10 attempts, in ")
                .containsPattern("(?m)^  served by   local 10, clusterset 0$")
                .containsPattern("(?m)^  latency     p50 [0-9.]+ ms, p99 [0-9.]+ ms, max [0-9.]+ ms$");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aPersonIsToldWhyCallsFailed() {
        clusters.vips();
        clusters.localA.refuse();
        clusters.remoteA.refuse();
        Ran ran = clusters.discovery("call", "orders.shop:http", "--count", "4", "--interval", "1ms")
                .endsWith(1)
                .fits();

        assertThat(ran.out()).contains(" 4 failed, ").contains("  failures    4 x connection refused\n");
    }

    @Test
    void progressIsShownOnATerminalOnly() {
        clusters.headless();
        String[] args = clusters.with("call", "orders.shop:http", "--count", "60", "--interval", "10ms");

        assertThat(Ran.onTerminal(args).endsWith(0).err()).contains("of 60 calls, 0 failed, most load on local");
        assertThat(Ran.discovery(args).endsWith(0).err()).isEmpty();
    }

    @Test
    void callsStartOnScheduleAndNoMoreAtATimeThanAllowed() {
        clusters.headless();
        clusters.localA.slow(Duration.ofMillis(50));
        clusters.localB.slow(Duration.ofMillis(50));
        long start = System.nanoTime();
        clusters.discovery("call", "orders.shop:http", "--count", "8", "--interval", "0ms", "--concurrency", "2")
                .endsWith(0);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(4 * 50));
        assertThat(clusters.localA.connections() + clusters.localB.connections())
                .isLessThanOrEqualTo(4);
    }
}
