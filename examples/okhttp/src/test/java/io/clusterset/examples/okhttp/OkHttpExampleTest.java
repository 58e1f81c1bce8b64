package io.clusterset.examples.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OkHttpExampleTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String URL = "http://orders.shop/list?a=b";

    private final Clusters clusters = new Clusters();

    @TempDir
    private Path folder;

    private Path settings = Path.of("");

    @BeforeEach
    void settings() throws IOException {
        settings = Files.writeString(folder.resolve("discovery.properties"), """
                discovery.services[orders.shop].port = http
                discovery.failover.dwell = 200ms
                discovery.failover.steps = 50,100
                discovery.failover.step-interval = 100ms
                """);
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void theDocumentIsThatOfDiscoveryCall() throws IOException {
        Ran ran = gets("--count", "20", "--interval", "1ms", "--json").endsWith(0);

        assertThat(ran.json()).containsOnlyKeys("calls", "failures", "attempts", "tiers", "latencyMillis", "switches");
        assertThat(ran.json())
                .containsEntry("calls", 20)
                .containsEntry("failures", 0)
                .containsEntry("attempts", 20)
                .containsEntry("tiers", Map.of("local", 20, "clusterset", 0))
                .containsEntry("switches", List.of());
        assertThat(ran.json().get("latencyMillis"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("p50", "p99", "max");
        assertThat(ran.err()).isEmpty();
        assertThat(clusters.local.stream()
                        .mapToInt(at -> at.requestsFor("/list"))
                        .sum())
                .isEqualTo(20);
    }

    @Test
    void aPersonGetsTheSummaryOfDiscoveryCall() {
        assertThat(gets("--count", "10", "--interval", "1ms").endsWith(0).out())
                .startsWith("orders.shop:http: 10 calls, 0 failed, 10 attempts, in ")
                .containsPattern("(?m)^  served by   local 10, clusterset 0$")
                .containsPattern("(?m)^  latency     p50 [0-9.]+ ms, p99 [0-9.]+ ms, max [0-9.]+ ms$");
    }

    @Test
    void noCallFailsWhenTheLocalClusterDiesAndItsTrafficReturnsWhenItIsBack() throws IOException {
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            clusters.local.get(0).awaitRequests(50, SOON);
            clusters.killLocal();
            clusters.remote.get(0).awaitRequests(50, SOON);
            clusters.reviveLocal();
        });
        Ran ran = gets("--count", "1500", "--interval", "5ms", "--probe-interval", "100ms", "--json")
                .endsWith(0);

        killer.join();
        assertThat(ran.json()).containsEntry("calls", 1500).containsEntry("failures", 0);
        assertThat(ran.switches()).containsExactly("local -> clusterset", "clusterset -> local");
        assertThat(ran.servedBy("local") + ran.servedBy("clusterset")).isEqualTo(1500);
        assertThat(ran.servedBy("clusterset")).isGreaterThanOrEqualTo(100);
        assertThat(ran.figure("attempts")).isGreaterThan(1500); // the calls that met the kill went on
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "127.0.0.2 is there on Linux only")
    void addressRecordsAndThePortOfTheUrlWillDoToo() throws IOException {
        int port = clusters.local.get(0).port();
        clusters.dns.service("stock.shop.svc.cluster.local", "127.0.0.1");
        clusters.dns.service("stock.shop.svc.clusterset.local", "127.0.0.2");
        try (FakeEndpoint there = FakeEndpoint.start("there", "127.0.0.2", port)) {
            clusters.killLocal();
            Ran ran = getsOf("http://stock.shop:" + port + "/x", "--count", "20", "--interval", "1ms", "--json")
                    .endsWith(0);

            assertThat(ran.json()).containsEntry("tiers", Map.of("local", 0, "clusterset", 20));
            assertThat(there.requestsFor("/x")).isEqualTo(20);
        }
    }

    @Test
    void pathsThatDoNotExistAreFailuresThatMoveNoTraffic() throws IOException {
        clusters.local.forEach(endpoint -> endpoint.fail(404));
        Ran ran = gets("--count", "20", "--interval", "1ms", "--json").endsWith(1);

        assertThat(ran.json())
                .containsEntry("failures", 20)
                .containsEntry("attempts", 20)
                .containsEntry("tiers", Map.of("local", 0, "clusterset", 0))
                .containsEntry("switches", List.of())
                .containsEntry("errors", Map.of("HTTP 404", 20))
                .containsEntry("error", "orders.shop:http: 20 of 20 calls failed (20 x HTTP 404)");
        assertThat(ran.err().strip()).isEqualTo(ran.json().get("error"));
    }

    @Test
    void serverErrorsAtHomeAreNoFailures() throws IOException {
        clusters.local.forEach(endpoint -> endpoint.fail(503));
        Ran ran = gets("--count", "3", "--interval", "50ms", "--json").endsWith(0);

        assertThat(ran.json()).containsEntry("failures", 0).containsEntry("tiers", Map.of("local", 0, "clusterset", 3));
        assertThat(clusters.local.stream().mapToLong(FakeEndpoint::requests).sum()
                        + clusters.remote.stream()
                                .mapToLong(FakeEndpoint::requests)
                                .sum())
                .isEqualTo(ran.figure("attempts"));
        assertThat(ran.figure("attempts")).isGreaterThan(3);
    }

    @Test
    void serverErrorsEverywhereAreFailures() throws IOException {
        clusters.local.forEach(endpoint -> endpoint.fail(503));
        clusters.remote.forEach(endpoint -> endpoint.fail(503));
        Ran ran = gets("--count", "3", "--interval", "1ms", "--json").endsWith(1);

        assertThat(ran.json()).containsEntry("failures", 3).containsEntry("errors", Map.of("HTTP 503", 3));
        assertThat(ran.figure("attempts")).isGreaterThan(3);
    }

    @Test
    void aPersonIsToldWhyCallsFailed() {
        clusters.local.forEach(FakeEndpoint::refuse);
        clusters.remote.forEach(FakeEndpoint::refuse);

        assertThat(gets("--count", "4", "--interval", "1ms").endsWith(1).out())
                .contains(" 4 failed, ")
                .contains("  failures    4 x connection refused\n");
    }

    /** A name that can only be ours, and one that the system's resolver is asked for in the end (and never knows, RFC 6761). */
    @ParameterizedTest
    @ValueSource(strings = {"nothing.shop.svc", "nothing.invalid"})
    void aServiceThatIsNotThereFailsEveryCall(String host) throws IOException {
        Ran ran = getsOf("http://" + host + ":8080/", "--count", "3", "--interval", "0ms", "--json")
                .endsWith(1);

        assertThat(ran.json())
                .containsEntry("failures", 3)
                .containsEntry("attempts", 0)
                .containsKey("error");
        assertThat(ran.err())
                .contains(": 3 of 3 calls failed (3 x ")
                .contains("no such")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--count 3 | --url: missing (expected: http://SERVICE.NAMESPACE[:PORT]/PATH)",
                "--url orders.shop/x | --url: 'orders.shop/x' (expected: http://SERVICE.",
                "--url http://orders.shop:http/ | --url: 'http://orders.shop:http/' (expected: http://SERVICE.",
                "--url http://orders.shop:0/ | --url: port: 0 (expected: 1 to 65535)",
                "--url http://orders.shop:99999/ | --url: port: 99999 (expected: 1 to 65535)",
                "--url http://orders.shop/^ | --url: 'http://orders.shop/^' (expected: http://SERVICE.",
                "--url https://orders.shop/x | --url: 'https://orders.shop/x' (expected: http; ",
                "--url http://api.github.com/ | --url: 'api.github.com': not a name of ours (expected: SERVICE, ",
                "--url http://localhost/ | --url: 'localhost': not a name of ours (expected: SERVICE, ",
                "--url http://127.0.0.1/ | --url: '127.0.0.1': not a name of ours (expected: SERVICE, ",
                "--url http://orders.shop./ | --url: 'orders.shop.': not a name of ours (expected: SERVICE, ",
                "--url http://orders.shop/ --count x | --count: 'x' (expected: a number from 1 to 10000000)",
                "--url http://orders.shop/ --dns foo | --dns: 'foo' (expected: IP[:PORT])",
                "--url http://orders.shop/ --ulr x | --ulr: unknown option (nearest: --url, ",
                "orders.shop | 'orders.shop': one argument too many (expected: options only; see okhttp-example --help)",
            })
    void badUsageIsOneLineAndStatusTwo(String args, String line) {
        Ran ran = Ran.example(List.of(args.split(" "))).endsWith(2);

        assertThat(ran.err()).startsWith(line).hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aNameThatTheSettingsLeaveOutIsBadUsageToo() throws IOException {
        Files.writeString(settings, "discovery.names.only = stock.shop\n");

        assertThat(gets("--count", "1").endsWith(2).err())
                .startsWith("--url: '" + URL + "': left to the system's resolver (expected: ")
                .hasLineCount(1);
    }

    @Test
    void withJsonTheLineIsADocumentToo() throws IOException {
        Ran ran = Ran.example(List.of("--json")).endsWith(2);

        assertThat(ran.json()).isEqualTo(Map.of("error", ran.err().strip()));
    }

    @Test
    void helpSaysWhatThereIs() {
        assertThat(Ran.example(List.of("--help")).endsWith(0).out())
                .startsWith("Usage: okhttp-example --url URL [OPTIONS]")
                .contains("--count=N", "--dns=IP[:PORT]", "--json", "Without any option: two clusters")
                .doesNotContain("SERVICE.NAMESPACE, SERVICE, or a full name") // that is what the URL is for
                .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 80));
    }

    private Ran gets(String... args) {
        return getsOf(URL, args);
    }

    private Ran getsOf(String url, String... args) {
        List<String> all = new ArrayList<>(List.of("--url", url));
        all.addAll(List.of(args));
        all.addAll(List.of("--dns", clusters.dns.endpoint(), "--allow-addresses", "127.0.0.0/8"));
        all.addAll(List.of("--cluster-domain", "cluster.local", "--config", settings.toString()));
        return Ran.example(all);
    }
}
