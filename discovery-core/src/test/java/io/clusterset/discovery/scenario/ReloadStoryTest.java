package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Reload;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Settings that change while calls run. */
class ReloadStoryTest {

    private final Map<String, String> file = new HashMap<>();

    private Settings read() {
        return Settings.none().withProperties(file, "a.properties");
    }

    private World world() {
        Supplier<Settings> settings = this::read;
        World world = new World(builder -> builder.settings(settings));
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        return world;
    }

    private static List<String> shares(Service service) {
        return service.explain().decision().tiers().stream()
                .map(tier -> tier.load().tier() + " " + tier.load().percent())
                .toList();
    }

    private static List<String> troubles(World world) {
        return world.events.stream().filter(event -> event.contains("settings")).toList();
    }

    @Test
    void aShorterDwellHoldsForTheReturnThatIsUnderWay() {
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(world.call(orders)).isEqualTo("local");
            world.kill("10.0.0.1:80", "10.0.0.2:80");
            for (int i = 0; i < 20; i++) {
                world.call(orders);
                world.pass(100);
            }
            assertThat(shares(orders)).containsExactly("local 0", "clusterset 100");
            world.down.clear();
            world.pass(12_000); // probes find that it is well; its dwell has begun
            assertThat(shares(orders)).containsExactly("local 0", "clusterset 100");

            file.put("discovery.failover.dwell", "2s");
            file.put("discovery.failover.step-interval", "1s");
            world.pass(600);
            assertThat(shares(orders)).containsExactly("local 5", "clusterset 95"); // on with the steps, not past them
            world.pass(1_000);
            assertThat(shares(orders)).containsExactly("local 25", "clusterset 75");
            file.put("discovery.failover.steps", "10,60,100"); // the next step above the present one
            world.pass(1_000);
            assertThat(shares(orders)).containsExactly("local 60", "clusterset 40");
            assertThat(troubles(world).get(0))
                    .contains(
                            "discovery.failover.dwell=2s (a.properties), discovery.failover.step-interval=1s (a.properties)");
        }
    }

    @Test
    void verdictsAndAnswersSurvive() {
        try (World world = world()) {
            Service orders = world.orders();
            world.call(orders);
            world.kill("10.0.0.1:80");
            for (int i = 0; i < 10; i++) {
                world.call(orders);
            }
            int asked = world.local.asked;
            file.put("discovery.balance.balancer", "consistent-hash");
            file.put("discovery.services[orders.shop].topology", "any");
            world.pass(600);
            assertThat(orders.explain().toString())
                    .contains("10.0.0.1:80              0.0 %  unhealthy: connection refused")
                    .contains("discovery.balance.balancer=consistent-hash (a.properties)")
                    .contains("discovery.services[orders.shop].topology=any (a.properties)")
                    .contains("s ago: settings: discovery.balance.balancer=consistent-hash (a.properties)");
            assertThat(world.local.asked).isEqualTo(asked);
        }
    }

    @Test
    void anythingWrongMeansThatNothingChanges() {
        try (World world = world()) {
            file.put("discovery.failover.dwell", "5s");
            file.put("discovery.failover.steps", "50,20");
            assertThatThrownBy(world.discovery::reload)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "discovery.failover.steps: '50,20' from a.properties (expected: rising percentages");
            assertThat(value(world, "discovery.failover.dwell")).isEqualTo("discovery.failover.dwell=30s (default)");
            world.pass(3_000);
            assertThat(troubles(world))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("not taken over", "'50,20'"); // said once
            file.put("discovery.failover.steps", "50,100");
            world.pass(500);
            assertThat(value(world, "discovery.failover.dwell"))
                    .isEqualTo("discovery.failover.dwell=5s (a.properties)");
            file.clear();
            world.pass(500);
            assertThat(value(world, "discovery.failover.dwell")).isEqualTo("discovery.failover.dwell=30s (default)");
            assertThat(troubles(world)).hasSize(3);
        }
    }

    private static String value(World world, String key) {
        return world.discovery.settings().stream()
                .filter(setting -> setting.key().equals(key))
                .map(Provenance::toString)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatCannotChangeIsRefusedAndTheRestHolds() {
        try (World world = world()) {
            world.orders();
            file.put("discovery.namespace", "other");
            file.put("discovery.topology.zone", "z");
            file.put("discovery.services[orders.shop].port", "8080");
            file.put("discovery.budget.percent", "50");
            Reload reload = world.discovery.reload();
            assertThat(reload.changed())
                    .extracting(Provenance::toString)
                    .containsExactly("discovery.budget.percent=50 (a.properties)");
            assertThat(reload.refused())
                    .containsExactlyInAnyOrder(
                            "discovery.namespace: 'other' from a.properties is not taken over: names in use were read with"
                                    + " it (restart to change it)",
                            "discovery.topology.zone: 'z' from a.properties is not taken over: a process does not move"
                                    + " (restart to change it)",
                            "discovery.services[orders.shop].port: '8080' from a.properties is not taken over: it is part"
                                    + " of the name of services in use (restart to change it)");
            assertThat(world.discovery.service("orders").name().namespace()).isEqualTo("shop");
            world.pass(5_000);
            assertThat(troubles(world)).hasSize(1);
            file.remove("discovery.namespace");
            assertThat(world.discovery.reload().refused()).hasSize(2);
        }
    }

    @Test
    void aServiceGetsOtherTiersAndCallsGoOn() {
        try (World world = world()) {
            Service orders = world.orders();
            List<Snapshot> seen = new ArrayList<>();
            orders.watch(seen::add);
            assertThat(world.call(orders)).isEqualTo("local");
            file.put("discovery.services[orders.shop].static", "127.0.0.1:8080");
            world.pass(600);
            assertThat(world.call(orders)).isEqualTo("static");
            assertThat(orders.endpoints()).extracting(Endpoint::authority).containsExactly("127.0.0.1:8080");
            assertThat(world.local.watches()).isZero();
            file.put("discovery.services[orders.shop].static", "127.0.0.1:8081");
            world.pass(600);
            assertThat(orders.endpoints()).extracting(Endpoint::authority).containsExactly("127.0.0.1:8081");
            file.remove("discovery.services[orders.shop].static");
            file.put("discovery.services[orders.shop].tiers", "clusterset;local");
            world.pass(600);
            assertThat(world.call(orders)).isEqualTo("clusterset");
            file.clear();
            world.pass(600);
            assertThat(world.call(orders)).isEqualTo("local");
            assertThat(seen.stream().map(ReloadStoryTest::tiers).distinct())
                    .containsExactly("local clusterset", "static", "clusterset local");
        }
    }

    private static String tiers(Snapshot snapshot) {
        return String.join(" ", snapshot.tiers().stream().map(TierView::tier).toList());
    }

    @Test
    void theDefaultPortChangesForAllThatSayNone() {
        try (World world = world()) {
            Endpoint unported = Endpoint.parse("10.0.0.1:1").withPort(0);
            world.local.says(new Resolution.Found(List.of(unported), Duration.ofSeconds(5), Evidence.NONE));
            Service orders = world.orders();
            assertThat(orders.next().endpoint().authority()).isEqualTo("10.0.0.1:80");
            file.put("discovery.default-port", "8080");
            world.pass(600);
            assertThat(orders.next().endpoint().authority()).isEqualTo("10.0.0.1:8080");
        }
    }

    @Test
    void givenSettingsAreReadAgainOnlyWhenAsked() {
        Settings fixed = Settings.none();
        try (World world = new World(builder -> builder.settings(fixed))) {
            assertThat(world.discovery.reload().isEmpty()).isTrue();
            world.pass(10_000);
            assertThat(world.time.pending()).isZero();
        }
    }

    @Test
    void aClosedDiscoveryLooksNoMore() {
        World world = world();
        world.orders();
        world.close();
        assertThat(world.time.pending()).isZero();
        file.put("discovery.enabled", "false");
        world.pass(2_000);
        assertThat(troubles(world)).isEmpty();
        assertThatThrownBy(world.discovery::reload)
                .isInstanceOf(DiscoveryException.class)
                .hasMessage("reload: the discovery was closed");
    }
}
