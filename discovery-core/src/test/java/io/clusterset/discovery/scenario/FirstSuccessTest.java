package io.clusterset.discovery.scenario;

import static io.clusterset.discovery.scenario.World.found;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Verdict.State;
import org.junit.jupiter.api.Test;

/** No pick goes elsewhere for a first success, so that it waits for the next rebuild, 100 ms after the last; a failure does not. */
class FirstSuccessTest {

    private static long count(Service orders, State state) {
        return orders.decision().tiers().get(0).candidates().stream()
                .filter(candidate -> candidate.verdict().state() == state)
                .count();
    }

    @Test
    void firstSuccessesAreToldTogetherAndAFailureAtOnce() {
        try (World world = new World()) {
            world.local.says(found("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
            world.clusterset.says(found("10.1.0.1:80"));
            Service orders = world.orders();
            orders.ready();
            world.pass(1_000);
            for (int i = 0; i < 2; i++) {
                assertThat(world.call(orders)).isEqualTo("local");
                world.pass(20);
            }
            assertThat(count(orders, State.HEALTHY)).as("the second one waits").isEqualTo(1);
            world.pass(80);
            assertThat(count(orders, State.HEALTHY)).isEqualTo(2);

            world.kill("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
            assertThat(world.call(orders)).isEqualTo("clusterset");
            world.pass(10);
            assertThat(count(orders, State.HEALTHY))
                    .as("nobody waits to hear of a failure")
                    .isLessThan(2);
        }
    }
}
