package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Picker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(
            strings = {"weighted-round-robin", "random", "least-request", "peak-ewma", "consistent-hash", "sticky"})
    void eachHasANameAndSaysWhyThereIsNothingToPick(String name) {
        Picker picker = Fleet.build(Balancer.parse(name), () -> 0, Fleet.home(List.of()));
        assertThatThrownBy(picker::pick)
                .isInstanceOf(NoEndpointException.class)
                .hasMessage("orders.shop: no endpoint (local: empty)");
        assertThat(picker.ordered()).isEmpty();
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        refused(
                () -> Balancer.parse("round robin"),
                "balancer: 'round robin' (expected: weighted-round-robin, random,"
                        + " least-request, peak-ewma, consistent-hash or sticky)");
        refused(() -> Balancer.peakEwma(Duration.ZERO), "decay: PT0S (expected: PT0.1S to PT1H)");
        refused(() -> Balancer.sticky(Duration.ofDays(2)), "idle: PT48H (expected: PT1S to PT24H)");
        refused(() -> Balancer.consistentHash(1), "balanceFactor: 1.0 (expected: 1.1 to 100)");
        refused(() -> Balancer.consistentHash(Double.NaN), "balanceFactor: NaN (expected: 1.1 to 100)");
    }

    private static void refused(Runnable made, String message) {
        assertThatThrownBy(made::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** A few picks may be counted with the garbage of a compiler that has just come by; a rule that allocates has them all. */
    @ParameterizedTest
    @ValueSource(
            strings = {"weighted-round-robin", "random", "least-request", "peak-ewma", "consistent-hash", "sticky"})
    void aPickMakesNoGarbage(String name) {
        for (float heavy : new float[] {1, 5}) {
            Picker picker = Fleet.build(
                    Balancer.parse(name),
                    () -> 0,
                    Decisions.decided("local", 60, false, Fleet.weighing("local", 1, heavy, 3 * heavy)),
                    Decisions.decided("clusterset", 40, false, Fleet.weighing("clusterset", 1, 1)));
            picker.ordered().forEach(candidate -> candidate.outcomes().began());
            assertThat(garbage(() -> picker.pick())).isLessThan(1);
            if (name.equals("consistent-hash")) {
                Affinity key = Affinity.of("customer-1");
                assertThat(garbage(() -> picker.pick(key))).isLessThan(1);
            }
        }
    }

    private static double garbage(Runnable pick) {
        int picks = 20_000;
        double least = Double.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < picks; i++) {
                pick.run();
            }
            least = Math.min(least, (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / picks);
        }
        return least;
    }
}
