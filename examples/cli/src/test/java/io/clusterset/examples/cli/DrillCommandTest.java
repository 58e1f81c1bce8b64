package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillCommandTest {

    private final Clusters clusters = new Clusters().headless();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void loadLeavesTheTierAndDoesNotComeBackAtOnce() {
        Ran ran = clusters.discovery("drill", "orders.shop:http", "--tier", "local", "--percent", "0", "--time", "1s")
                .endsWith(0)
                .fits();

        assertThat(ran.out())
                .startsWith("orders.shop:http: drill of local at 0 % for 1 s, in this process only\n\nbefore\n")
                .containsPattern("(?s)before\n  load +local 100 %: 2 of 2 healthy\n +clusterset 0 %: ")
                .containsPattern("(?s)during\n  load +local 0 %: drill: forced to 0 %\n +clusterset 100 %: ")
                .containsPattern("  next +local: its drill ends in ")
                .containsPattern("(?s)after\n  load +local 0 %: well again: dwell of .*clusterset 100 %: ")
                .containsPattern("  next +local: next step of the return in at most ");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void callsGoOnInEachPhase() {
        Ran ran = clusters.discovery(
                        "drill",
                        "orders.shop:http",
                        "--tier=local",
                        "--time=3s",
                        "--path=/list",
                        "--count=20",
                        "--interval=1ms",
                        "--json")
                .endsWith(0);

        assertThat(ran.json())
                .containsOnlyKeys(
                        "service", "tier", "percent", "seconds", "where", "suspended", "before", "during", "after")
                .containsEntry("service", "orders.shop:http")
                .containsEntry("percent", 0)
                .containsEntry("seconds", 3.0)
                .containsEntry("where", "this process only")
                .containsEntry("suspended", false);
        assertThat(phase(ran, "before")).containsEntry("load", Map.of("local", 100, "clusterset", 0));
        assertThat(served(ran, "before")).isEqualTo(Map.of("local", 20, "clusterset", 0));
        assertThat(phase(ran, "during")).containsEntry("load", Map.of("local", 0, "clusterset", 100));
        assertThat(served(ran, "during")).isEqualTo(Map.of("local", 0, "clusterset", 20));
        assertThat(served(ran, "after")).isEqualTo(Map.of("local", 0, "clusterset", 20));
        assertThat(phase(ran, "after").get("next")).asString().contains("next step of the return");
        assertThat(clusters.remoteA.requestsFor("/list") + clusters.remoteB.requestsFor("/list"))
                .isEqualTo(40);
    }

    private static Map<String, Object> phase(Ran ran, String name) {
        return Ran.map(ran.json(), name);
    }

    private static Map<String, Object> served(Ran ran, String name) {
        return Ran.map(Ran.map(phase(ran, name), "calls"), "tiers");
    }

    @Test
    void aStandbyCanBeTriedToo(@TempDir Path folder) throws Exception {
        Path settings = Files.writeString(folder.resolve("a.properties"), "discovery.failover.dwell=100ms\n");
        Ran ran = clusters.discovery(
                        "drill",
                        "orders.shop:http",
                        "--tier",
                        "clusterset",
                        "--percent",
                        "25",
                        "--time",
                        "1s",
                        "--config",
                        settings.toString(),
                        "--json")
                .endsWith(0);

        assertThat(phase(ran, "during")).containsEntry("load", Map.of("local", 75, "clusterset", 25));
    }

    @Test
    void aDrillThatWouldBeAnOutageIsSaidToBeSuspended() {
        clusters.remoteA.refuse();
        clusters.remoteB.refuse();
        Ran ran = clusters.discovery("drill", "orders.shop:http", "--tier", "local", "--path", "/")
                .endsWith(1)
                .fits();

        assertThat(ran.out()).containsPattern("during\n  load +local 100 %: .*its drill is\\s+suspended");
        assertThat(ran.err())
                .startsWith("orders.shop:http: drill of local: suspended (")
                .containsOnlyOnce("suspended")
                .contains("no other tier could carry it")
                .hasLineCount(1);
        assertThat(ran.out()).contains("calls       no further ones are made");
        assertThat(clusters.discovery("drill", "orders.shop:http", "--tier", "local", "--json")
                        .endsWith(1)
                        .json())
                .containsEntry("suspended", true)
                .extractingByKey("error")
                .asString()
                .contains("suspended");
    }

    @Test
    void callsThatFailMeanwhileEndWithOne() {
        List.of(clusters.localA, clusters.localB, clusters.remoteA, clusters.remoteB)
                .forEach(endpoint -> endpoint.fail(404));
        Ran ran = clusters.discovery(
                        "drill",
                        "orders.shop:http",
                        "--tier=local",
                        "--time=1s",
                        "--path=/list",
                        "--count=5",
                        "--interval=1ms")
                .endsWith(1)
                .fits();

        assertThat(ran.out()).containsPattern("(?s)during.* 5 failed, .*failures    5 x HTTP 404\n");
        assertThat(ran.err()).contains("5 of 5 calls failed (5 x HTTP 404)").hasLineCount(1);
    }

    @Test
    void tiersOfOnesOwnCanBeForcedToo() {
        clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        clusters.dns.service("dr.example", "127.0.0.1");
        clusters.dns.serving("example");
        Ran ran = clusters.discovery(
                        "drill",
                        "orders.shop",
                        "--tier",
                        "here={service}.{namespace}.svc.{domain}@cluster.local:" + clusters.localA.port(),
                        "--tier",
                        "dr=dr.{domain}@example:" + clusters.remoteA.port(),
                        "--tier",
                        "here",
                        "--time",
                        "1s",
                        "--json")
                .endsWith(0);

        assertThat(phase(ran, "during")).containsEntry("load", Map.of("here", 0, "dr", 100));
    }

    @Test
    void helpSaysThatItIsThisProcessAlone() {
        List<String> help =
                Ran.discovery("drill", "--help").endsWith(0).out().lines().toList();

        assertThat(String.join(" ", help)).contains("It is this process alone that rehearses");
        assertThat(help).anyMatch(line -> line.matches(" +--tier=TIER +The tier to force.*"));
        assertThat(help).noneMatch(line -> line.contains("--drill"));
    }
}
