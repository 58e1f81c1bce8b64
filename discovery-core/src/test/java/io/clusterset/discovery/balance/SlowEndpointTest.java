package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Eight endpoints that answer in 10 ms each, of which one comes to need 100 ms. Calls come at random at a mean rate (Poisson)
 * whether or not others have been answered, latencies vary by 20 % to either side, and pickers are rebuilt twice a second.
 */
class SlowEndpointTest {

    private static final int ENDPOINTS = 8;
    private static final int SLOW = 3;
    private static final Duration WARM = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration WATCHED = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final Random random = new Random(42);
    private long slowFrom = Long.MAX_VALUE;
    private long watchedFrom = Long.MAX_VALUE;
    private int watched;
    private int atSlow;

    @ParameterizedTest
    @CsvSource({
        "least-request, 1000",
        "least-request, 2000",
        "least-request, 5000",
        "peak-ewma, 5000",
        "peak-ewma, 1000",
        "peak-ewma, 200",
        "peak-ewma, 50"
    })
    void anEndpointTenTimesAsSlowGetsAQuarterOfItsShareAtMostAfterTwoSeconds(String balancer, int callsPerSecond) {
        double share = shareOfTheSlowOne(balancer, callsPerSecond);
        assertThat(share).isLessThanOrEqualTo(0.25 / ENDPOINTS);
    }

    /** Where hardly a call is open at a time, open calls tell nothing: said in the balancer's own words. */
    @ParameterizedTest
    @CsvSource({"least-request, 50", "weighted-round-robin, 1000", "random, 1000"})
    void theseDoNotSeeIt(String balancer, int callsPerSecond) {
        assertThat(shareOfTheSlowOne(balancer, callsPerSecond)).isGreaterThan(0.5 / ENDPOINTS);
    }

    private double shareOfTheSlowOne(String name, int callsPerSecond) {
        Balancer balancer = Balancer.parse(name);
        var tier = Fleet.home(Fleet.equal("local", ENDPOINTS));
        Picker[] picker = {Fleet.build(balancer, time, tier)};
        slowFrom = WARM.toNanos();
        watchedFrom = WARM.plus(GRACE).toNanos();
        long end = WARM.plus(GRACE).plus(WATCHED).toNanos();
        long rebuilt = 0;
        while (time.nanos() < end) {
            call(picker[0]);
            time.advance(Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * 1e9 / callsPerSecond)));
            if (time.nanos() - rebuilt > 500_000_000) {
                rebuilt = time.nanos();
                picker[0] = Fleet.build(balancer, Optional.of(picker[0]), time, 0, tier);
            }
        }
        return (double) atSlow / watched;
    }

    private void call(Picker picker) {
        Candidate candidate = picker.pick();
        boolean slow = Fleet.number(candidate) == SLOW;
        if (time.nanos() >= watchedFrom) {
            watched++;
            atSlow += slow ? 1 : 0;
        }
        Outcomes outcomes = candidate.outcomes();
        long mark = outcomes.began();
        double millis = slow && time.nanos() >= slowFrom ? 100 : 10;
        Duration latency = Duration.ofNanos((long) (millis * (0.8 + 0.4 * random.nextDouble()) * 1e6));
        time.schedule(latency, () -> outcomes.ended(mark, Fleet.OK));
    }
}
