package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cluster that a recorded SRV target names arrives at the endpoint, and a policy can go by it. */
class ClustersInOrderTest {

    @ParameterizedTest
    @ValueSource(strings = {"multicluster-external-0492", "multicluster-intree-0622"})
    void theClusterInAnSrvTargetArrivesAtTheEndpoint(String recording) throws Exception {
        try (Replay replay = new Replay()) {
            replay.script(Recordings.get(recording));
            try (Discovery discovery = Discovery.builder()
                    .settings(Settings.none())
                    .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()))
                    .dns(dns -> dns.nameservers(List.of(replay.dns.address())))
                    .health(health -> health.probe(Probe.none()))
                    .tier(Tier.of("clusterset", "clusterset.local"))
                    .topology(t -> t.policy(Topology.clusters("cluster-b")))
                    .build()) {
                Service service = discovery.service("mc-db.demo:pg");
                service.ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
                Map<String, String> clusters = new TreeMap<>();
                Map<String, Long> shares = new TreeMap<>();
                service.decision().shares().forEach((endpoint, share) -> {
                    clusters.put(endpoint.authority(), endpoint.cluster());
                    shares.merge(endpoint.cluster(), Math.round(share), Long::sum);
                });
                assertThat(clusters)
                        .isEqualTo(Map.of(
                                "10.244.7.1:5432", "cluster-a",
                                "10.244.7.2:5432", "cluster-a",
                                "10.245.7.1:5432", "cluster-b",
                                "10.245.7.2:5432", "cluster-b"));
                assertThat(shares).isEqualTo(Map.of("cluster-a", 0L, "cluster-b", 100L));
            }
        }
    }
}
