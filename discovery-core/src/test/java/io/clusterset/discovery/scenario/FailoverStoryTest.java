package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.failover.FailoverOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Laws 3 to 7 and 14 as stories: who serves, while what is broken. */
class FailoverStoryTest {

    private static final String[] LOCAL = {"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"};
    private static final String[] REMOTE = {"10.1.0.1:80", "10.1.0.2:80", "10.1.0.3:80"};

    private final World world = new World();

    @AfterEach
    void leavesNothingBehind() {
        world.close();
        assertThat(world.time.pending()).isZero();
    }

    private Service warm(String... local) {
        world.local.says(World.found(local));
        world.clusterset.says(World.found(REMOTE));
        Service orders = world.orders();
        for (int i = 0; i < 10; i++) {
            assertThat(world.call(orders)).isEqualTo("local");
        }
        return orders;
    }

    private List<Integer> loads(Service service) {
        return service.decision().tiers().stream()
                .map(tier -> tier.load().percent())
                .toList();
    }

    @Test
    void aKilledHomeCostsNoCallAndComesBackByDwellAndSteps() {
        Service orders = warm(LOCAL);
        world.kill(LOCAL);
        for (int i = 0; i < 200; i++) {
            assertThat(world.call(orders)).isEqualTo("clusterset");
            world.pass(5);
        }
        assertThat(loads(orders)).containsExactly(0, 100);
        world.down.clear();
        List<Integer> seen = new ArrayList<>();
        for (int second = 0; second < 130; second++) {
            for (int i = 0; i < 20; i++) {
                assertThat(world.call(orders)).isIn("local", "clusterset");
                world.pass(50);
            }
            int home = loads(orders).get(0);
            if (seen.isEmpty() || seen.get(seen.size() - 1) != home) {
                seen.add(home);
            }
        }
        assertThat(seen).containsExactly(0, 5, 25, 50, 100);
    }

    @Test
    void aVipThatRefusesFailsOverWithinTheCallThatMetIt() {
        Service orders = warm("10.0.0.1:80");
        world.kill("10.0.0.1:80");
        for (int i = 0; i < 200; i++) {
            assertThat(world.call(orders)).isEqualTo("clusterset");
            world.pass(5);
        }
        assertThat(loads(orders)).containsExactly(0, 100);
    }

    @Test
    void oneDeadEndpointOfThreeLeavesNearlyAllTheLoadAtHome() {
        Service orders = warm(LOCAL);
        world.kill(LOCAL[0]);
        for (int i = 0; i < 100; i++) {
            assertThat(world.call(orders)).isIn("local", "clusterset");
            world.pass(5);
        }
        assertThat(loads(orders).get(0)).isEqualTo(93); // min(100, 140 * 2/3)
    }

    @Test
    void dnsThatCannotTellMovesNothing() {
        Service orders = warm(LOCAL);
        world.local.says(World.servfail());
        world.clusterset.says(World.servfail());
        for (int hour = 0; hour < 10; hour++) {
            assertThat(world.call(orders)).isEqualTo("local");
            world.pass(3_600_000);
            assertThat(world.call(orders)).isEqualTo("local");
        }
        assertThat(orders.explain().toString()).contains("SERVFAIL from 10.96.0.10, stale endpoints kept");
    }

    @Test
    void anEmptyHomeMovesTrafficAndItsReturnGoesByASteps() {
        Service orders = warm(LOCAL);
        world.local.says(World.empty());
        world.pass(100);
        assertThat(world.call(orders)).isEqualTo("clusterset");
        world.local.says(World.found(LOCAL));
        world.pass(100);
        assertThat(loads(orders)).containsExactly(0, 100);
        world.pass(36_000);
        assertThat(loads(orders)).containsExactly(5, 95);
    }

    @Test
    void everythingDeadIsPanicAtHomeAndTheFirstToLiveServes() {
        Service orders = warm(LOCAL);
        world.kill(LOCAL);
        world.kill(REMOTE);
        for (int i = 0; i < 20; i++) {
            assertThat(world.call(orders)).startsWith("failed: Connection refused");
            world.pass(5);
        }
        assertThat(loads(orders)).containsExactly(100, 0);
        assertThat(orders.explain().toString()).contains("panic");
        world.down.remove(
                io.clusterset.discovery.model.Endpoint.parse(REMOTE[0]).socketAddress());
        world.pass(15_000); // two probes
        assertThat(world.call(orders)).isEqualTo("clusterset");
    }

    @Test
    void anEndpointInBothTiersBelongsToHome() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(
                World.found(Stream.of(LOCAL, REMOTE).flatMap(Stream::of).toArray(String[]::new)));
        Service orders = world.orders();
        assertThat(orders.endpoints()).hasSize(6).doesNotHaveDuplicates();
        assertThat(orders.snapshot().tiers().get(1).endpoints()).hasSize(3);
        assertThat(orders.explain().toString()).contains("left out  10.0.0.1:80: belongs to tier local");
    }

    @Test
    void rebuildsAreCoalescedToTenASecond() {
        Service orders = warm(LOCAL);
        int[] snapshots = {0};
        orders.watch(snapshot -> snapshots[0]++);
        for (int i = 0; i < 1_000; i++) {
            world.local.says(World.found("10.0.0.1:80", "10.0.0." + (2 + i % 200) + ":80"));
            world.pass(1);
        }
        assertThat(snapshots[0]).isBetween(9, 13);
    }

    @Test
    void anIdleServiceIsNotAskedAndServesFromTheLastKnownWhenItWakes() {
        Service orders = warm(LOCAL);
        world.pass(25 * 60_000);
        int asked = world.local.asked;
        world.pass(60 * 60_000);
        assertThat(world.local.asked).isEqualTo(asked);
        world.local.fallsSilent();
        assertThat(world.call(orders)).isEqualTo("local");
        assertThat(world.local.asked).isEqualTo(asked + 1);
    }

    @Test
    void anIdleServiceIsNotProbedEither() {
        Service orders = warm(LOCAL);
        world.kill(LOCAL);
        assertThat(world.call(orders)).isEqualTo("clusterset");
        world.pass(60 * 60_000);
        assertThat(world.time.pending()).isZero();
        assertThat(world.call(orders)).isEqualTo("clusterset");
        world.pass(10_000);
        assertThat(loads(orders).get(0)).isLessThan(100);
    }

    @Test
    void whatListenersAndWatchersThrowIsContained() {
        try (World hostile = new World(builder -> builder.listener(event -> {
                    throw new IllegalStateException("listener");
                })
                .topology(t -> t.policy((here, candidates) -> {
                    throw new IllegalStateException("topology");
                }))
                .balance(b -> b.balancer(rebuild -> {
                    throw new IllegalStateException("balancer");
                })))) {
            hostile.local.says(World.found(LOCAL));
            Service orders = hostile.orders();
            orders.watch(snapshot -> {
                throw new AssertionError("watcher");
            });
            assertThat(hostile.call(orders)).isEqualTo("local");
            assertThat(hostile.events).anyMatch(event -> event.contains("the topology threw"));
            assertThat(hostile.events).anyMatch(event -> event.contains("the balancer threw"));
            assertThat(hostile.events).anyMatch(event -> event.contains("a watcher threw"));
        }
    }

    @Test
    void theSameInputGivesTheSameRunEventByEvent() {
        assertThat(chaos(11)).isEqualTo(chaos(11)).hasSizeGreaterThan(50).isNotEqualTo(chaos(12));
    }

    @Test
    void noCallFailsWhileAnEndpointOfAnyTierAnswers() {
        for (int seed = 0; seed < 20; seed++) {
            chaos(seed);
        }
    }

    /** Ten virtual minutes of endpoints dying and living and DNS answers of all kinds; every call must be served. */
    private static List<String> chaos(int seed) {
        try (World world = new World(
                builder -> builder.failover(f -> f.dwell(Duration.ofSeconds(5)).stepInterval(Duration.ofSeconds(2))))) {
            Random story = new Random(seed);
            world.local.says(World.found(LOCAL));
            world.clusterset.says(World.found(REMOTE));
            Service orders = world.orders();
            for (int tick = 0; tick < 6_000; tick++) {
                if (tick % 400 == 0) { // forty seconds: one tier suffers, then both are well for a while
                    Stream<String> sufferers = story.nextBoolean()
                            ? Stream.of(LOCAL)
                            : Stream.of(REMOTE).skip(1);
                    sufferers.filter(e -> story.nextInt(4) > 0).forEach(world::kill);
                } else if (tick % 400 == 200) {
                    world.down.clear();
                    world.local.says(World.found(LOCAL));
                }
                if (world.down.isEmpty() && story.nextInt(100) == 0) {
                    switch (story.nextInt(4)) {
                        case 0 -> world.local.says(World.servfail());
                        case 1 -> world.local.says(World.empty());
                        case 2 -> world.local.says(World.noSuchName());
                        default -> world.local.says(World.found(LOCAL));
                    }
                }
                assertThat(world.call(orders))
                        .as("seed %d, tick %d", seed, tick)
                        .isIn("local", "clusterset");
                world.pass(100);
            }
            return world.events;
        }
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(FailoverOptions.defaults().dwell()).isEqualTo(Duration.ofSeconds(30));
        assertThat(FailoverOptions.defaults().steps()).containsExactly(5, 25, 50, 100);
        assertThat(FailoverOptions.defaults().stepInterval()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aSuspectVipHasTheStandbyAskedAtOnce() {
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.empty());
        Service orders = world.orders();
        for (int minute = 0; minute < 15; minute++) {
            assertThat(world.call(orders)).isEqualTo("local");
            world.pass(60_000);
        }
        int asked = world.clusterset.asked;
        orders.next().failed(new java.net.ConnectException("Connection refused"));
        world.pass(50);
        assertThat(world.clusterset.asked).isEqualTo(asked + 1);
    }

    @Test
    void aSlowWatcherGetsTheLatestAndOneThatThrowsIsReportedOnce() {
        Service orders = warm(LOCAL);
        orders.watch(snapshot -> {
            throw new IllegalStateException("watcher");
        });
        for (int i = 0; i < 600; i++) {
            world.local.says(World.found("10.0.0.1:80", "10.0.0." + (2 + i % 9) + ":80"));
            world.pass(100);
        }
        assertThat(world.events.stream().filter(event -> event.contains("a watcher threw")))
                .hasSize(1);
    }
}
