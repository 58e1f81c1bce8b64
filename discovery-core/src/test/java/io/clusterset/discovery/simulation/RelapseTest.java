package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes wrong a second time: homes that break after their return, endpoints whose way back was blocked once. */
class RelapseTest {

    private final Ground ground = new Ground();

    private void calls(Client c, long millis, long apart) {
        calls(ground, c, millis, apart);
    }

    /** The dwell is 30 s of being well, and not since the last decision that found it ill: with a source that pushes there may be none. */
    @Test
    void theDwellCountsOnlyTimeInWhichHomeWasWell() {
        long shortest = Long.MAX_VALUE;
        for (int seed = 0; seed < 20; seed++) {
            Ground ground = new Ground();
            List<String> home = Ground.home(5);
            try (Client c = new Client(ground, seed)) {
                c.home.says(pushed(home));
                c.away.says(pushed(Ground.away(5)));
                calls(ground, c, 1_000, 50);
                ground.turn(home, Ground.State.REFUSING);
                calls(ground, c, 20_000, 50);
                ground.turn(home.subList(0, 3), Ground.State.UP); // 84 %: fair, not well
                calls(ground, c, 28_000, 50); // two probes, then ~20 s of dwell
                ground.turn(home, Ground.State.UP); // the other two: well from when their probes have passed
                long well = -1;
                for (int i = 0; i < 4_000 && c.homeLoad() == 0; i++) {
                    if (well < 0 && c.orders.decision().tiers().get(0).load().health() > 85) {
                        well = ground.millis();
                    }
                    calls(ground, c, 50, 50);
                }
                shortest = Math.min(shortest, ground.millis() - well);
            }
        }
        assertThat(shortest).as("millis of being well before the first step").isGreaterThanOrEqualTo(24_000);
    }

    /** The dwell doubles until it is longer than home ever lasts: then traffic stays where it is. */
    @Test
    void aHomeThatBreaksAfterEachReturnIsComeBackToEverMoreRarely() {
        List<Long> mostInFiveMinutes = new ArrayList<>();
        for (int seed = 0; seed < 8; seed++) {
            Ground own = new Ground();
            List<String> home = Ground.home(5);
            try (Client c = Client.of(own, seed, home, Ground.away(5))) {
                while (own.millis() < 1_800_000) {
                    own.turn(home, own.millis() % 110_000 < 10_000 ? Ground.State.REFUSING : Ground.State.UP);
                    calls(own, c, 20, 20);
                }
                mostInFiveMinutes.add(FlappingTest.mostWithin(Duration.ofMinutes(5), c.flips()));
                assertThat(c.flips()).hasSizeLessThan(12); // twice in every 110 s without: 32
            }
        }
        assertThat(mostInFiveMinutes).as("a jittered dwell may fit twice").allMatch(most -> most <= 5);
        assertThat(mostInFiveMinutes.stream().filter(most -> most <= 3))
                .as("as a rule")
                .hasSizeGreaterThan(4);
    }

    /** Nobody judges the last step when it ends, so it is watched for longer. */
    @Test
    void aHomeThatBreaksUnderItsFullLoadHasFailedItsLastStep() {
        List<String> home = Ground.home(5);
        try (Client c = Client.of(ground, 3, home, Ground.away(5))) {
            calls(c, 1_000, 50);
            c.home.says(Script.empty());
            calls(c, 1_000, 50);
            c.home.says(Script.found(home));
            while (c.homeLoad() < 100) {
                calls(c, 50, 50);
            }
            calls(c, 1_000, 10);
            ground.turn(home, Ground.State.REFUSING); // one second into full load, as a home that can't carry it does
            calls(c, 5_000, 10);
            ground.turn(home, Ground.State.UP);
            long up = ground.millis();
            while (c.homeLoad() < 5) {
                calls(c, 50, 50);
            }
            assertThat(ground.millis() - up)
                    .as("dwell after it broke under full load")
                    .isGreaterThan(48_000);
        }
    }

    /** Beside a full tier home need not wait, but gets no more than its health. */
    @Test
    void besideAFullTierHomeGetsNoMoreThanItsHealthAtOnce() {
        List<String> home = Ground.home(5);
        try (Client c =
                new Client(ground, 3, Tier.of(Client.AWAY, "clusterset.local").withMaxLoad(30))) {
            c.home.says(Script.found(home));
            c.away.says(Script.found(Ground.away(5)));
            calls(c, 1_000, 50);
            ground.turn(home, Ground.State.REFUSING);
            for (int i = 0; i < 2_400; i++) {
                c.call();
                ground.passMillis(50);
            }
            ground.turn(home.get(0), Ground.State.UP);
            int most = 0;
            for (int i = 0; i < 400; i++) { // 20 s: before any dwell can have ended
                c.call();
                ground.passMillis(50);
                most = Math.max(most, c.homeLoad());
            }
            assertThat(most)
                    .as("percent of all calls at the one endpoint that is back")
                    .isLessThanOrEqualTo(28);
        }
    }

    /** Ejected, out of the answer when its trial is due, and back within the time it is remembered. */
    @Test
    void anEjectedEndpointThatWasAwayWhenItsTrialWasDueIsTried() {
        List<String> home = Ground.home(5);
        try (Client c = Client.of(ground, 3, home, Ground.away(5))) {
            calls(c, 2_000, 10);
            ground.turn(home.get(0), Ground.State.FAILING);
            calls(c, 5_000, 10);
            assertThat(verdict(c, home.get(0))).isEqualTo(Verdict.State.UNHEALTHY);
            c.home.says(Script.found(home.subList(1, 5))); // not ready: out of the answer …
            calls(c, 10_000, 10);
            ground.turn(home, Ground.State.UP);
            calls(c, 18_000, 10);
            c.home.says(Script.found(home)); // … and back 28 s later
            calls(c, 1_200_000, 20);
            assertThat(verdict(c, home.get(0))).as("after 20 minutes").isEqualTo(Verdict.State.HEALTHY);
        }
    }

    /** One of sixteen picks is a trial. */
    @Test
    void atOneCallASecondATrialEndsToo() {
        List<String> home = Ground.home(5);
        try (Client c = Client.of(ground, 3, home, Ground.away(5))) {
            calls(c, 2_000, 10);
            ground.turn(home.get(0), Ground.State.FAILING);
            calls(c, 5_000, 10);
            assertThat(verdict(c, home.get(0))).isEqualTo(Verdict.State.UNHEALTHY);
            ground.turn(home, Ground.State.UP);
            calls(c, 1_200_000, 1_000);
            assertThat(verdict(c, home.get(0))).as("after 20 minutes").isEqualTo(Verdict.State.HEALTHY);
        }
    }

    private static void calls(Ground ground, Client c, long millis, long apart) {
        for (long t = 0; t < millis; t += apart) {
            assertThat(c.call()).isPresent();
            ground.passMillis(apart);
        }
    }

    private static Resolution pushed(List<String> endpoints) {
        return new Resolution.Found(
                endpoints.stream().map(Endpoint::parse).toList(), Duration.ofDays(36_500), Evidence.NONE);
    }

    private static Verdict.State verdict(Client c, String endpoint) {
        return c.orders.decision().tiers().stream()
                .flatMap(t -> t.candidates().stream())
                .filter(x -> x.endpoint().authority().equals(endpoint))
                .findFirst()
                .orElseThrow()
                .verdict()
                .state();
    }
}
