package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery.Drill;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A capacity guard, an expected size and a drill, as calls meet them. */
class GuardAndDrillStoryTest {

    private static final String[] LOCAL = {"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"};
    private static final String[] REMOTE = {"10.1.0.1:80", "10.1.0.2:80", "10.1.0.3:80"};

    private World world = new World();

    @AfterEach
    void leavesNothingBehind() {
        world.close();
        assertThat(world.time.pending()).isZero();
    }

    private Service warm(Tier local, Tier clusterset) {
        world.close();
        world = new World(local, clusterset);
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found(REMOTE));
        Service orders = world.orders();
        for (int i = 0; i < 200; i++) {
            assertThat(world.call(orders)).isEqualTo("local");
            world.pass(5);
        }
        return orders;
    }

    private Service warm() {
        return warm(Tier.of("local", "cluster.local"), Tier.of("clusterset", "clusterset.local"));
    }

    private static List<Integer> loads(Service service) {
        return service.decision().tiers().stream()
                .map(tier -> tier.load().percent())
                .toList();
    }

    /** F43: the next tier can carry 30 % of the demand. */
    @Test
    void aTierIsNeverOfferedMoreThanItCanCarryAndTheRestFailsAtOnce() {
        Service orders = warm(
                Tier.of("local", "cluster.local"),
                Tier.of("clusterset", "clusterset.local").withMaxLoad(30));
        world.kill(LOCAL);
        for (int second = 0; second < 60; second++) {
            int offered = 0;
            int shed = 0;
            for (int i = 0; i < 200; i++) {
                String served = world.call(orders);
                if (served.equals("clusterset")) {
                    offered++;
                } else if (second == 0 && served.equals("failed: Connection refused")) {
                    shed++; // before home was judged; the guard counts its retries
                } else {
                    assertThat(served)
                            .contains("call shed, no tier may take more")
                            .contains("max-load");
                    shed++;
                }
                world.pass(5);
            }
            assertThat(offered + shed).isEqualTo(200);
            if (second >= 5) {
                assertThat(offered).as("in second %d", second).isBetween(57, 66); // 110 % of 60
            }
        }
        assertThat(loads(orders)).containsExactly(0, 30);
        assertThat(orders.explain().toString())
                .startsWith("orders.shop: local 0 %, clusterset 30 %, shed 70 %")
                .contains("70 % of the calls fail at once");
    }

    @Test
    void aGuardCountsRetriesToo() {
        Service orders = warm(
                Tier.of("local", "cluster.local"),
                Tier.of("clusterset", "clusterset.local").withMaxLoad(10));
        int served = 0;
        world.down.add(io.clusterset.discovery.model.Endpoint.parse(LOCAL[0]).socketAddress());
        world.down.add(io.clusterset.discovery.model.Endpoint.parse(LOCAL[1]).socketAddress());
        world.down.add(io.clusterset.discovery.model.Endpoint.parse(LOCAL[2]).socketAddress());
        int calls = 1_000; // in one instant: nothing but the guard stands between them and the next tier
        for (int i = 0; i < calls; i++) {
            served += world.call(orders).equals("clusterset") ? 1 : 0;
        }
        assertThat(served).isLessThanOrEqualTo(calls / 10 + 5);
    }

    @Test
    void withoutAGuardNothingIsShed() {
        Service orders = warm();
        world.kill(LOCAL);
        for (int i = 0; i < 100; i++) {
            assertThat(world.call(orders)).isEqualTo("clusterset");
        }
    }

    @Test
    void endpointsThatAreMissingCountAsUnhealthyWhereSomebodySaidHowManyThereShouldBe() {
        Service orders =
                warm(Tier.of("local", "cluster.local").withMinEndpoints(3), Tier.of("clusterset", "clusterset.local"));
        world.local.says(World.found(LOCAL[0]));
        world.pass(200);
        assertThat(loads(orders)).containsExactly(46, 54); // 140 * 1/3
        assertThat(orders.explain().toString()).contains("1 of 3 healthy (only 1 of the 3 expected found)");
        world.local.says(World.empty());
        world.pass(200);
        assertThat(loads(orders)).containsExactly(0, 100);
    }

    @Test
    void aDrillMovesEveryServiceEndsByItselfAndIsComeBackFromWithCare() {
        Service orders = warm();
        world.discovery.drill("local", 0, Duration.ofSeconds(30));
        world.pass(10);
        assertThat(world.call(orders)).isEqualTo("clusterset");
        assertThat(loads(orders)).containsExactly(0, 100);
        assertThat(orders.explain().toString())
                .contains("drill: forced to 0 %")
                .contains("local: its drill ends in 30 s");
        world.pass(29_000);
        assertThat(loads(orders)).containsExactly(0, 100);
        world.pass(1_100);
        assertThat(orders.decision().tiers().get(0).load().reason()).startsWith("well again: dwell of");
        assertThat(orders.explain().recent())
                .anyMatch(line -> line.endsWith("drill of local: forced to 0 % for 30 s"))
                .anyMatch(line -> line.endsWith("drill of local: ended"));
        world.pass(2_000);
        assertThat(orders.explain().toString()).contains("next, seen from");
        world.pass(36_000);
        assertThat(loads(orders)).containsExactly(5, 95);
        world.pass(60_000);
        assertThat(loads(orders)).containsExactly(100, 0);
        assertThat(world.events)
                .anyMatch(event -> event.endsWith("drill of local: forced to 0 % for 30 s"))
                .anyMatch(event -> event.endsWith("drill of local: ended"));
    }

    @Test
    void aDrillCanBeEndedEarlyAndTheSecondTakesTheFirstOnesPlace() {
        Service orders = warm();
        Drill first = world.discovery.drill("local", 0, Duration.ofMinutes(5));
        Drill second = world.discovery.drill("local", 50, Duration.ofMinutes(5));
        world.pass(10);
        assertThat(loads(orders)).containsExactly(50, 50);
        first.close();
        world.pass(10);
        assertThat(loads(orders)).containsExactly(50, 50);
        second.close();
        second.close();
        world.pass(97_000);
        assertThat(loads(orders)).containsExactly(100, 0);
    }

    @Test
    void aDrillNeverBecomesAnOutage() {
        Service orders = warm();
        world.discovery.drill("local", 0, Duration.ofMinutes(5));
        world.pass(10);
        world.kill(REMOTE);
        for (int i = 0; i < 50; i++) {
            assertThat(world.call(orders)).isEqualTo("local");
            world.pass(5);
        }
        assertThat(loads(orders)).containsExactly(100, 0);
        assertThat(orders.explain().toString()).contains("its drill is suspended");
    }

    @Test
    void aDrillOfNoTierOrOfNoPercentIsRefused() {
        assertThatThrownBy(() -> world.discovery.drill("locale", 0, Duration.ofMinutes(1)))
                .hasMessage("drill: tier 'locale' (expected: local, clusterset)");
        assertThatThrownBy(() -> world.discovery.drill("local", 101, Duration.ofMinutes(1)))
                .hasMessage("drill: 101 % (expected: 0 to 100)");
        assertThatThrownBy(() -> world.discovery.drill("local", 0, Duration.ZERO))
                .hasMessageContaining("drill: PT0S (expected:");
        world.discovery.close();
        assertThatThrownBy(() -> world.discovery.drill("local", 0, Duration.ofMinutes(1)))
                .hasMessageContaining("the discovery was closed");
    }
}
