package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.testkit.RecordType;
import io.clusterset.discovery.testkit.Srv;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyOptionsTest {

    private static final String SERVICE = "mc.shop.svc.clusterset.local";

    private final Clusters clusters = new Clusters();

    @AfterEach
    void close() {
        clusters.close();
    }

    /** One endpoint in each of two clusters, as SRV targets tell. */
    private Ran ask(String... options) {
        clusters.dns
                .on("_http._tcp." + SERVICE, RecordType.SRV)
                .srv(in("west", clusters.remoteA), in("east", clusters.remoteB));
        List<String> args = new ArrayList<>(List.of(options));
        args.addAll(0, List.of("explain", "mc.shop:http", "--timeout", "3s"));
        return clusters.discovery(args.toArray(String[]::new)).endsWith(0);
    }

    private static Srv in(String cluster, FakeEndpoint endpoint) {
        return Srv.to("pod-1." + cluster + "." + SERVICE, endpoint.port()).withGlue("127.0.0.1");
    }

    private static Map<Object, Object> shares(Ran ran) {
        Map<Object, Object> shares = new java.util.HashMap<>();
        Ran.list(ran.tier("clusterset"), "endpoints")
                .forEach(endpoint -> shares.put(endpoint.get("cluster"), endpoint.get("share")));
        return shares;
    }

    @Test
    void aPolicyDecidesWhoGetsTheCalls() {
        assertThat(shares(ask("--json"))).isEqualTo(Map.of("west", 50, "east", 50));
        assertThat(shares(ask("--json", "--topology", "clusters:east,west"))).isEqualTo(Map.of("west", 0, "east", 100));
        clusters.remoteB.refuse();
        assertThat(shares(ask("--json", "--topology", "clusters:east,west"))).isEqualTo(Map.of("west", 100, "east", 0));
    }

    @Test
    void aPersonSeesTheClusterAndWhomThePolicyLeftOut() {
        assertThat(ask("--topology", "clusters:east").out()).contains("cluster east", "cluster west");
        assertThat(ask("--topology", "ladder:topology.kubernetes.io/zone,*", "--zone", "a")
                        .out())
                .contains("50.0 %");
    }

    /** Nobody's zone is known, so that none is eligible; the rule says so. */
    @Test
    void aLadderThatMatchesNobodySaysSo() {
        clusters.headless();
        Ran ran = clusters.discovery(
                        "explain",
                        "orders.shop:http",
                        "--topology",
                        "ladder:topology.kubernetes.io/zone",
                        "--zone",
                        "a")
                .endsWith(1);
        assertThat(ran.out()).contains("ladder: matches none of");
    }

    /** Who is pinned to one endpoint meets one, who takes turns meets both. */
    @Test
    void aBalancerDecidesWhoIsPicked() {
        assertThat(picked("sticky")).hasSize(1);
        assertThat(picked("random")).hasSize(2);
    }

    private Map<String, Object> picked(String balancer) {
        clusters.dns
                .on("_http._tcp." + SERVICE, RecordType.SRV)
                .srv(in("west", clusters.remoteA), in("east", clusters.remoteB));
        return Ran.map(
                clusters.discovery("pick", "mc.shop:http", "--count", "50", "--json", "--balancer", balancer)
                        .endsWith(0)
                        .json(),
                "picks");
    }

    @Test
    void theConfigFileMaySayItToo(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(
                folder.resolve("discovery.properties"),
                "discovery.topology.policy=clusters:west\ndiscovery.topology.places=127.0.0.0/8 zone=a\n");
        assertThat(shares(ask("--json", "--config", config.toString()))).isEqualTo(Map.of("west", 100, "east", 0));
        assertThat(shares(ask("--json", "--config", config.toString(), "--topology", "any")))
                .isEqualTo(Map.of("west", 50, "east", 50));
    }
}
