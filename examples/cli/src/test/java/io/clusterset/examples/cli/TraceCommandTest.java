package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {

    private final Clusters clusters = new Clusters().headless();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void aPersonGetsEveryStepInItsOrder() {
        clusters.localA.refuse();
        Ran ran = clusters.discovery("trace", "orders.shop:http").endsWith(0).fits();

        assertThat(ran.out())
                .startsWith("orders.shop:http\n\n")
                .containsPattern("(?m)^ +0\\.0 ms  name +orders in namespace shop \\(as written\\), port http \\(as")
                .contains("tiers       local: _http._tcp.orders.shop.svc.cluster.local.\n")
                .containsPattern(" ms  answer +local: found 2 \\(NOERROR\\) from " + clusters.dns.endpoint())
                .contains("asked     _http._tcp.orders.shop.svc.cluster.local. SRV\n")
                .contains(clusters.localB.endpoint() + ": belongs to tier local\n")
                .contains(clusters.localA.endpoint() + " of local: unhealthy: connection refused\n")
                .contains("topology    local: 2 of 2 eligible\n")
                .contains("load        local 70 %: 1 of 2 healthy (connection refused)\n")
                .containsPattern(" ms  pick +127\\.0\\.0\\.1:[0-9]+ of (local|clusterset), by weighted-round-robin\n")
                .containsPattern("\nfirst pick after [0-9.]+ ms, all known after [0-9.]+ ms\n$");
        assertThat(ran.out()
                        .lines()
                        .map(line -> line.length() > 22 ? line.substring(12, 22).strip() : ""))
                .containsSubsequence("name", "tiers", "answer", "probes", "topology", "load", "pick");
        assertThat(ran.out()).containsPattern(" ms  ready +calls can be made\n");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void theDocumentIsThatOfExplainWithTimes() {
        Ran ran = clusters.discovery("trace", "orders.shop:http", "--json").endsWith(0);

        assertThat(ran.json())
                .containsKeys("service", "namespace", "portName", "load", "tiers", "notes", "settings")
                .containsKeys("answeredMillis", "probesMillis", "knownMillis", "firstPickMillis")
                .containsEntry("call", null)
                .containsEntry(
                        "name",
                        Map.of(
                                "asked", "orders.shop:http",
                                "service", "orders",
                                "namespace", "shop",
                                "namespaceFrom", "as written",
                                "port", "http",
                                "portFrom", "as written",
                                "scope", "in all tiers, in order"));
        assertThat(Ran.map(ran.json(), "pick")).containsEntry("tier", "local");
        assertThat(ran.tier("clusterset"))
                .containsEntry("answeredBy", clusters.dns.endpoint())
                .containsEntry("known", 2)
                .containsEntry("eligible", 2)
                .containsKeys("query", "dropped", "endpoints", "tookMillis");
        double first = number(ran.json(), "firstPickMillis");
        assertThat(first).isPositive();
        assertThat(number(ran.json(), "knownMillis"))
                .isGreaterThanOrEqualTo(number(ran.json(), "answeredMillis"))
                .isGreaterThanOrEqualTo(first);
        assertThat(number(ran.tier("local"), "tookMillis"))
                .isPositive()
                .isLessThanOrEqualTo(number(ran.tier("local"), "answeredMillis"));
        assertThat(number(ran.tier("local"), "answeredMillis"))
                .isPositive()
                .isLessThanOrEqualTo(number(ran.json(), "answeredMillis"));
    }

    private static double number(Map<String, Object> fields, String key) {
        return fields.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Test
    void whatTheNameDoesNotSaySomebodyElseSaid(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("a.properties"),
                "discovery.default-port=" + clusters.localA.port() + "\ndiscovery.services[billing.shop].port="
                        + clusters.localB.port() + "\n");
        clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        clusters.dns.service("billing.shop.svc.cluster.local", "127.0.0.1");
        Ran orders = clusters.discovery("trace", "orders", "--namespace", "shop", "--config", file.toString(), "--json")
                .endsWith(0);
        assertThat(Ran.map(orders.json(), "name"))
                .containsEntry("namespaceFrom", "option")
                .containsEntry("port", String.valueOf(clusters.localA.port()))
                .containsEntry("portFrom", file.toString());

        Ran billing = clusters.discovery("trace", "billing.shop", "--config", file.toString(), "--json")
                .endsWith(0);
        assertThat(Ran.map(billing.json(), "name"))
                .containsEntry("port", String.valueOf(clusters.localB.port()))
                .containsEntry("portFrom", file.toString());

        Ran one = clusters.discovery("trace", "orders.shop.svc.clusterset.local:http", "--json")
                .endsWith(0);
        assertThat(Ran.map(one.json(), "name")).containsEntry("scope", "in tier clusterset only");
        Ran exact = clusters.discovery("trace", "orders.shop.svc.cluster.local.", "--json");
        assertThat(Ran.map(exact.json(), "name"))
                .containsEntry("scope", "exactly this name, in tier local only")
                .containsEntry("portFrom", "default")
                .containsEntry("port", "80");
    }

    @Test
    void topologySaysWhomItLeftOutAndWhy() {
        Ran ran = clusters.discovery(
                        "trace", "orders.shop:http", "--topology", "ladder:topology.kubernetes.io/zone", "--zone", "a")
                .endsWith(1)
                .fits();

        assertThat(ran.out())
                .contains("topology    local: 0 of 2 eligible\n")
                .contains("left out  " + clusters.localA.endpoint() + ": ladder: matches none of")
                .contains("pick        nobody\n");
    }

    @Test
    void theCallIsMadeAndTimed() {
        Ran ran = clusters.discovery("trace", "orders.shop:http", "--path", "/list")
                .endsWith(0)
                .fits();
        assertThat(ran.out().replaceAll("\n +", " "))
                .containsPattern("call +GET /list at 127\\.0\\.0\\.1:[0-9]+ of local: HTTP 200 after [0-9.]+ ms")
                .containsPattern("done in [0-9.]+ ms");

        Map<String, Object> call = Ran.map(
                clusters.discovery("trace", "orders.shop:http", "--path", "/list", "--json")
                        .endsWith(0)
                        .json(),
                "call");
        assertThat(call)
                .containsEntry("path", "/list")
                .containsEntry("ok", true)
                .containsKey("tookMillis");
        assertThat(Ran.list(call, "attempts"))
                .singleElement()
                .satisfies(attempt ->
                        assertThat(attempt).containsEntry("said", "HTTP 200").containsEntry("tier", "local"));
        assertThat(clusters.localA.requestsFor("/list") + clusters.localB.requestsFor("/list"))
                .isEqualTo(2);
    }

    @Test
    void eachAttemptOfACallThatFailsIsThere() {
        List.of(clusters.localA, clusters.localB, clusters.remoteA, clusters.remoteB)
                .forEach(endpoint -> endpoint.fail(503));
        Ran ran = clusters.discovery("trace", "orders.shop:http", "--path", "/list", "--json")
                .endsWith(1);

        assertThat(ran.json().get("error"))
                .asString()
                .startsWith("orders.shop:http: GET /list failed: ")
                .contains("503");
        assertThat(Ran.list(Ran.map(ran.json(), "call"), "attempts"))
                .hasSizeBetween(2, 3)
                .allSatisfy(attempt -> assertThat(attempt).containsEntry("said", "HTTP 503"));
    }

    @Test
    void nobodyIsProbedWhenAskedNotTo() {
        Ran ran = clusters.discovery("trace", "orders.shop:http", "--probe", "none")
                .endsWith(0)
                .fits();

        assertThat(ran.out()).contains("probes      none (--probe none)\n");
        assertThat(clusters.localA.connections()).isZero();
    }

    @Test
    void aServiceNobodyKnowsIsTracedAsFarAsItGoes() {
        Ran ran = clusters.discovery("trace", "nothing.shop").endsWith(1).fits();

        assertThat(ran.out()).contains("local: no such name (NXDOMAIN) from ").contains("nobody could be picked");
        assertThat(ran.err()).startsWith("nothing.shop: no such service (").hasLineCount(1);
    }

    @Test
    void silenceEndsWithTheTimeout() {
        clusters.dns.silence();
        Ran ran = clusters.discovery("trace", "orders.shop:http", "--timeout", "300ms", "--json")
                .endsWith(1);

        assertThat(ran.json()).containsEntry("pick", null).containsKey("error");
        assertThat(Ran.list(ran.json(), "tiers"))
                .hasSize(2)
                .allSatisfy(tier -> assertThat(tier).containsEntry("outcome", "unknown"));
    }
}
