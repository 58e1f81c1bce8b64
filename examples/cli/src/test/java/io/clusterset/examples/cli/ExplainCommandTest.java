package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

    private final Clusters clusters = new Clusters().headless();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void theDocumentSaysWhatWasLeftOutAndWhy() {
        Ran ran = clusters.discovery("explain", "orders.shop:http", "--json").endsWith(0);

        assertThat(ran.json())
                .containsOnlyKeys(
                        "service",
                        "namespace",
                        "port",
                        "portName",
                        "load",
                        "tiers",
                        "notes",
                        "next",
                        "recent",
                        "before",
                        "settings");
        assertThat(ran.tier("local")).containsEntry("reason", "2 of 2 healthy").containsEntry("dropped", List.of());
        assertThat(Ran.list(ran.tier("clusterset"), "dropped"))
                .containsExactlyInAnyOrder(
                        Map.of("address", clusters.localA.endpoint(), "rule", "belongs to tier local"),
                        Map.of("address", clusters.localB.endpoint(), "rule", "belongs to tier local"));
    }

    @Test
    void addressesThatMustNotComeFromDnsAreLeftOutWithTheRule() {
        clusters.dns.service("odd.shop.svc.cluster.local", "127.0.0.1", "169.254.169.254");
        Ran ran = clusters.discovery("explain", "odd.shop", "--json").endsWith(0);

        assertThat(Ran.list(ran.tier("local"), "dropped"))
                .singleElement()
                .satisfies(dropped -> assertThat(dropped)
                        .containsEntry("address", "169.254.169.254")
                        .extractingByKey("rule")
                        .asString()
                        .contains("link-local"));
    }

    @Test
    void theDocumentSaysWhatWasSetAndByWhom(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.properties"), """
                discovery.failover.dwell=5s
                discovery.services[orders.shop].balancer=random
                discovery.cluster-domain=other.local
                """);
        Ran ran = clusters.discovery("explain", "orders.shop:http", "--json", "--config", file.toString())
                .endsWith(0);

        assertThat(Ran.list(ran.json(), "settings"))
                .contains(
                        Map.of("key", "discovery.config", "value", file.toString(), "origin", "option"),
                        Map.of("key", "discovery.cluster-domain", "value", "cluster.local", "origin", "option"),
                        Map.of("key", "discovery.failover.dwell", "value", "5s", "origin", file.toString()),
                        Map.of(
                                "key", "discovery.services[orders.shop].balancer",
                                "value", "random",
                                "origin", file.toString()))
                .noneMatch(setting -> "default".equals(setting.get("origin")));
        assertThat(clusters.discovery("resolve", "orders.shop:http", "--json").json())
                .doesNotContainKey("settings");
        assertThat(clusters.discovery("explain", "orders.shop:http").out())
                .contains("    discovery.cluster-domain=cluster.local (option)\n")
                .doesNotContain("builder");
    }

    @Test
    void longListsOfSettingsStayReadable(@TempDir Path folder) throws IOException {
        String servers = "10.0.0.1:53,10.0.0.2:53,10.0.0.3:53,10.0.0.4:53,10.0.0.5:53,10.0.0.6:53,10.0.0.7:53";
        Path file = Files.writeString(
                folder.resolve("a.properties"),
                "discovery.tiers=local={service}.{namespace}.svc.{domain}@cluster.local;"
                        + "clusterset={service}.{namespace}.svc.{domain}@clusterset.local,max-load=50;"
                        + "dr=lb.example.org@example.org:443,dns=" + servers.replace(",", ",dns=")
                        + "\ndiscovery.services[x.y].static=" + servers);
        Ran ran = Ran.discovery("explain", "x.y", "--config", file.toString(), "--probe", "none", "--timeout", "200ms");

        assertThat(ran.fits().out())
                .contains("  settings\n")
                .contains("    discovery.tiers=local={service}.{namespace}.svc.{domain}@cluster.local;\n")
                .contains(
                        "      clusterset={service}.{namespace}.svc.{domain}@clusterset.local,\n      max-load=50;\n");
        assertThat(ran.out().replaceAll("\\s", "")).contains("static=" + servers + "(" + file + ")");
    }

    @Test
    void notesTellOfPanic() {
        clusters.localA.refuse();
        clusters.dns.srvService("lone.shop.svc.cluster.local", "http", clusters.localA.endpoint());
        Ran ran = clusters.discovery("explain", "lone.shop:http", "--json").endsWith(0);

        assertThat(ran.json().get("notes")).asString().contains("panic");
    }

    @Test
    void aPersonGetsTheWholeStoryWithinEightyColumns() {
        clusters.localA.refuse();
        Ran ran = clusters.discovery("explain", "orders.shop:http").endsWith(0).fits();

        assertThat(ran.out())
                .startsWith("orders.shop:http: local 70 %, clusterset 30 %\n")
                .contains("    asked     _http._tcp.orders.shop.svc.cluster.local. SRV\n")
                .contains(": belongs to tier local\n")
                .contains("connection refused");
    }

    @Test
    void longLinesGoOnBeneathTheirText() {
        clusters.dns.stop();
        Ran ran = clusters.discovery("explain", "a-rather-long-name.in-a-long-namespace")
                .endsWith(1)
                .fits();

        assertThat(ran.out().lines().filter(line -> line.startsWith("              a-rather")))
                .isNotEmpty();
        assertThat(ran.err().lines()).hasSize(1);
    }

    @Test
    void withoutAnEndpointTheDocumentIsWholeAndHasAnError() {
        Ran ran = clusters.discovery("explain", "nothing.shop", "--json").endsWith(1);

        assertThat(ran.json()).containsKeys("error", "notes", "tiers");
        assertThat(ran.tier("clusterset"))
                .containsEntry("reason", "no endpoint (no such name)")
                .containsEntry("dropped", List.of());
    }
}
