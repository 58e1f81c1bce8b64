package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.HealthOptions;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {

    @ParameterizedTest
    @ValueSource(ints = {Options.LEAST_SECONDS, 20, 30, Options.MOST_SECONDS})
    void theReturnEndsBeforeTheDemoWhateverTheJitter(int seconds) {
        Plan plan = Plan.of(seconds);
        Duration probes = plan.probeInterval().multipliedBy(2 * 12).dividedBy(10);
        Duration dwell = plan.dwell().multipliedBy(12).dividedBy(10);
        Duration steps = plan.stepInterval().multipliedBy(3);

        Duration returned = plan.restoreAt().plus(probes).plus(dwell).plus(steps);

        assertThat(returned).isLessThan(plan.length().multipliedBy(9).dividedBy(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {Options.LEAST_SECONDS, Options.MOST_SECONDS})
    void theLibraryTakesItsOptions(int seconds) {
        Plan plan = Plan.of(seconds);

        FailoverOptions failover = FailoverOptions.builder()
                .dwell(plan.dwell())
                .stepInterval(plan.stepInterval())
                .build();
        HealthOptions health =
                HealthOptions.builder().probeInterval(plan.probeInterval()).build();

        assertThat(failover.dwell()).isEqualTo(plan.dwell());
        assertThat(health.probeInterval()).isEqualTo(plan.probeInterval());
    }
}
