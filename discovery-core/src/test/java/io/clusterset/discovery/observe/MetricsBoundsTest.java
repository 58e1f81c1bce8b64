package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Law 11: however many services there are, and however they come and go. */
final class MetricsBoundsTest {

    private static final int FOR_THE_PROCESS = 10;
    private static final int FOR_A_SERVICE = 33; // two tiers, one kind of answer each

    private final MockClock clock = new MockClock();
    private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @Test
    void tenThousandServicesHaveTheMetersOfAThousandAndOne() {
        new DiscoveryMetrics(MetricsFigures.many(10_000)).bindTo(registry);

        assertThat(registry.getMeters()).hasSize(FOR_THE_PROCESS + 1_001 * FOR_A_SERVICE);
        assertThat(registry.get("discovery.services")
                        .tag("shown", "other")
                        .gauge()
                        .value())
                .isEqualTo(9_000);
    }

    @Test
    void aBoundOfOnesOwnHolds() {
        new DiscoveryMetrics(MetricsFigures.many(500), 20).bindTo(registry);

        assertThat(registry.getMeters()).hasSize(FOR_THE_PROCESS + 21 * FOR_A_SERVICE);
    }

    @Test
    void whoComesAndGoesLeavesNothingBehind() {
        MetricsFigures figures = MetricsFigures.of();
        new DiscoveryMetrics(figures, 10).bindTo(registry);

        for (int i = 0; i < 1_000; i++) {
            figures.has(MetricsFigures.service("s" + i + ".shop", i));
            figures.forgets("s" + (i - 15) + ".shop");
            clock.add(Duration.ofSeconds(1));
            assertThat(registry.get("discovery.enabled").gauge().value()).isEqualTo(1);
            assertThat(registry.getMeters()).hasSizeLessThanOrEqualTo(FOR_THE_PROCESS + 11 * FOR_A_SERVICE);
        }
    }

    @Test
    void tiersThatAreRenamedAgainAndAgainLeaveNothingBehind() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        new DiscoveryMetrics(figures).bindTo(registry);

        for (int i = 0; i < 200; i++) {
            figures.has(MetricsFigures.service(
                    "orders.shop", MetricsFigures.tier("tier" + i, i), MetricsFigures.tier("next" + i, i)));
            clock.add(Duration.ofSeconds(1));
            assertThat(registry.get("discovery.enabled").gauge().value()).isEqualTo(1);
            assertThat(registry.getMeters()).hasSize(FOR_THE_PROCESS + FOR_A_SERVICE);
        }
    }
}
