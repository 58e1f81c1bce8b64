package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What topology finds out reaches the load, the shares and the notes. */
class WiredTest {

    private static final List<Endpoint> AWAY = List.of(Endpoint.parse("10.9.0.1:80"), Endpoint.parse("10.9.0.2:80"));

    private static Discovery.Builder given(List<Endpoint> home, UnaryOperator<TopologyOptions.Builder> topology) {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), StaticSource.of(home))
                .tier(Tier.of("clusterset", "clusterset.local"), StaticSource.of(AWAY))
                .topology(topology)
                .random(new Random(1))
                .executor(Runnable::run);
    }

    /** Law 3: total counts those that are not ready, and not those that end. */
    @Test
    void thoseThatAreNotReadyAreMissedByTheirTier() {
        List<Endpoint> home = List.of(
                Endpoint.parse("10.0.0.1:80"),
                Endpoint.parse("10.0.0.2:80").withCondition(Condition.NOT_READY),
                Endpoint.parse("10.0.0.3:80").withCondition(Condition.TERMINATING));
        try (Discovery discovery = given(home, t -> t).build()) {
            Service orders = discovery.service("orders.shop");
            assertThat(orders.decision().tiers().get(0).load().percent()).isEqualTo(70);
            assertThat(orders.explain().toString()).contains("10.0.0.2:80: not ready", "10.0.0.3:80: terminating");
        }
    }

    /** SRV priorities say who goes first of those who may be called at all. */
    @Test
    void priorityIsAmongThoseThatTopologyLeaves() {
        List<Endpoint> home = List.of(
                Endpoint.parse("10.0.0.1:80").withLocality(new Locality("", "b", "")),
                Endpoint.parse("10.0.0.2:80")
                        .withLocality(new Locality("", "a", ""))
                        .withPriority(1),
                Endpoint.parse("10.0.0.3:80")
                        .withLocality(new Locality("", "a", ""))
                        .withPriority(2));
        Topology ladder = Topology.ladder("topology.kubernetes.io/zone", "*");
        try (Discovery discovery = given(home, t -> t.zone("a").policy(ladder)).build()) {
            Service orders = discovery.service("orders.shop");
            assertThat(orders.next().endpoint().authority()).isEqualTo("10.0.0.2:80");
            assertThat(orders.explain().toString())
                    .contains("left out  10.0.0.1:80: ladder: not at topology.kubernetes.io/zone=a")
                    .contains("left out  10.0.0.3:80: waits: SRV priority 2, and 1 works")
                    .doesNotContain("10.0.0.2:80: waits");
        }
    }

    @Test
    void theTablePlacesEndpointsAndFalsePlacesAreDropped() {
        List<Endpoint> home = List.of(
                Endpoint.parse("10.1.0.1:80"),
                Endpoint.parse("10.2.0.1:80"),
                Endpoint.parse("10.3.0.1:80").withCluster("east").withLocality(new Locality("", "a", "n")));
        try (Discovery discovery = given(
                        home,
                        t -> t.zone("a")
                                .place(Place.parse("10.1.0.0/16 zone=a"))
                                .place(Place.parse("10.2.0.0/16 zone=b")))
                .build()) {
            Service orders = discovery.service("orders.shop");
            orders.decision().shares().forEach((endpoint, share) -> {
                if (endpoint.tier().equals("local")) {
                    assertThat(Math.round(share))
                            .isEqualTo(
                                    endpoint.host().equals("10.1.0.1")
                                            ? 93
                                            : endpoint.host().equals("10.2.0.1") ? 7 : 0);
                }
            });
            assertThat(orders.explain().toString())
                    .contains("10.1.0.1:80", "zone a", "zone b", "cluster east")
                    .doesNotContain("node n");
        }
    }

    @Test
    void beingLostIsANoteAndNobodyEligibleIsAReason() {
        List<Endpoint> home = List.of(Endpoint.parse("10.1.0.1:80").withLocality(new Locality("", "b", "")));
        try (Discovery lost = given(home, t -> t).build();
                Discovery strict = given(home, t -> t.zone("a").policy(Topology.ladder("topology.kubernetes.io/zone")))
                        .build()) {
            assertThat(lost.service("orders.shop").decision().notes())
                    .anyMatch(note -> note.startsWith("local: own zone and region are not known"));
            assertThat(strict.service("orders.shop").explain().toString())
                    .contains("1 known, none eligible: ladder: matches none of topology.kubernetes.io/zone");
        }
    }
}
