package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Verdict.State;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Endpoints that answer, and answer badly: who is left out, for how long, and how it comes back. */
class SoftFailureTest {

    private static final Outcome OK = new Outcome.Succeeded();
    private static final Outcome HTTP_503 = new Outcome.FailedSoft("HTTP 503");
    private static final Outcome REFUSED = new Outcome.FailedHard("connection refused", false);

    private final Ward ward = new Ward();

    private static List<Endpoint> tier(int size) {
        return IntStream.rangeClosed(1, size)
                .mapToObj(n -> Endpoint.parse("10.0.0." + n + ":80"))
                .toList();
    }

    private void fails(Endpoint endpoint, int calls, List<Endpoint> tier) {
        for (int i = 0; i < calls; i++) {
            ward.report(endpoint, HTTP_503, tier);
        }
    }

    private void passTheTrial(Endpoint endpoint, List<Endpoint> tier) {
        for (int i = 0; i < SoftFailures.TRIAL_ATTEMPTS; i++) {
            assertThat(ward.look(endpoint, tier).outcomes().admits()).isTrue();
            ward.report(endpoint, OK, tier);
        }
    }

    @Test
    void halfOfTwentyFailedCallsLeaveAnEndpointOutAndNineteenDoNot() {
        List<Endpoint> tier = tier(5);
        for (int i = 0; i < 10; i++) {
            ward.report(tier.get(0), HTTP_503, tier);
            if (i < 9) {
                ward.report(tier.get(0), OK, tier);
            }
        }
        assertThat(ward.state(tier.get(0), tier)).isNotEqualTo(State.UNHEALTHY);
        ward.report(tier.get(0), OK, tier);
        Candidate out = ward.look(tier.get(0), tier);
        assertThat(out.verdict().state()).isEqualTo(State.UNHEALTHY);
        assertThat(out.verdict().reason()).isEqualTo("50 % of 20 calls failed in 10 s, the last: HTTP 503");
        assertThat(out.use()).isEqualTo(Use.LEFT_OUT);
    }

    @Test
    void aThirdOfFailuresIsNotHalf() {
        List<Endpoint> tier = tier(5);
        for (int i = 0; i < 300; i++) {
            ward.report(tier.get(0), i % 3 == 0 ? HTTP_503 : OK, tier);
            ward.pass(10);
        }
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY);
    }

    @Test
    void oldFailuresDontCount() {
        List<Endpoint> tier = tier(5);
        for (int i = 0; i < 100; i++) {
            fails(tier.get(0), 15, tier); // 15 in 10 s: too few to judge, whatever came before
            ward.pass(11_000);
        }
        assertThat(ward.state(tier.get(0), tier)).isNotEqualTo(State.UNHEALTHY);
    }

    @Test
    void oneBadMomentAfterManyGoodOnesIsNotHalf() {
        List<Endpoint> tier = tier(5);
        for (int i = 0; i < 100; i++) {
            ward.report(tier.get(0), OK, tier);
            ward.pass(10);
        }
        fails(tier.get(0), 19, tier); // of 39
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY);
        fails(tier.get(0), 1, tier);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void theCapLimitsWhomPicksLeaveOutAndNotTheVerdicts() {
        for (int[] row : new int[][] {{1, 0}, {2, 0}, {3, 1}, {5, 1}, {6, 1}, {7, 2}, {10, 3}, {100, 30}}) {
            Ward fresh = new Ward();
            List<Endpoint> tier = tier(row[0]);
            for (Endpoint endpoint : tier) {
                IntStream.range(0, 20).forEach(i -> fresh.report(endpoint, HTTP_503, tier));
                fresh.pass(1);
            }
            List<Candidate> all = fresh.candidates(tier);
            assertThat(all).allMatch(one -> one.verdict().state() == State.UNHEALTHY);
            List<Endpoint> out = all.stream()
                    .filter(one -> one.use() == Use.LEFT_OUT)
                    .map(Candidate::endpoint)
                    .toList();
            assertThat(out).as("of %d", row[0]).isEqualTo(tier.subList(0, row[1])); // the first that failed
        }
    }

    @Test
    void hardFailuresAreNotCapped() {
        List<Endpoint> tier = tier(5);
        tier.forEach(endpoint -> IntStream.range(0, 3).forEach(i -> ward.report(endpoint, REFUSED, tier)));
        assertThat(ward.candidates(tier)).allMatch(one -> one.use() == Use.LEFT_OUT);
    }

    @Test
    void oneThatIsKeptInByTheCapAndThenRefusesIsLeftOutAfterAll() {
        List<Endpoint> tier = tier(3);
        fails(tier.get(0), 20, tier);
        ward.pass(1);
        fails(tier.get(1), 20, tier);
        assertThat(ward.look(tier.get(1), tier).use()).isEqualTo(Use.IN_TURN);
        IntStream.range(0, 3).forEach(i -> ward.report(tier.get(1), REFUSED, tier));
        assertThat(ward.look(tier.get(1), tier).use()).isEqualTo(Use.LEFT_OUT);
        assertThat(ward.look(tier.get(1), tier).verdict().reason()).isEqualTo("connection refused");
    }

    @Test
    void itComesBackOnTrialAndFiveAttemptsDecide() {
        List<Endpoint> tier = tier(5);
        Endpoint sick = tier.get(0);
        fails(sick, 20, tier);
        ward.pass(23_900); // 30 s ± 20 %
        assertThat(ward.state(sick, tier)).isEqualTo(State.UNHEALTHY);
        ward.pass(12_200);
        assertThat(ward.look(sick, tier).use()).isEqualTo(Use.ON_TRIAL);
        assertThat(ward.look(sick, tier).verdict().countsAsHealthy()).isTrue();
        assertThat(ward.look(sick, tier).verdict().reason())
                .contains("on trial after")
                .contains("% of");
        passTheTrial(sick, tier);
        assertThat(ward.state(sick, tier)).isEqualTo(State.HEALTHY);
        assertThat(ward.look(sick, tier).use()).isEqualTo(Use.IN_TURN);
    }

    @Test
    void aTrialAdmitsFiveAttemptsUntilTheyHaveEnded() {
        List<Endpoint> tier = tier(5);
        Endpoint sick = tier.get(0);
        fails(sick, 20, tier);
        ward.pass(36_100);
        long admitted = Stream.generate(() -> ward.look(sick, tier).outcomes().admits())
                .limit(100)
                .filter(yes -> yes)
                .count();
        assertThat(admitted).isEqualTo(5);
        ward.pass(10_000); // callers that never said how it went must not end the trial for ever
        assertThat(ward.look(sick, tier).outcomes().admits()).isTrue();
    }

    @Test
    void attemptsThatBeganBeforeTheTrialSayNothingOfIt() {
        List<Endpoint> tier = tier(5);
        Endpoint sick = tier.get(0);
        fails(sick, 20, tier);
        long before = ward.look(sick, tier).outcomes().began();
        ward.pass(36_100);
        for (int i = 0; i < 10; i++) {
            ward.look(sick, tier).outcomes().ended(before, OK);
        }
        assertThat(ward.look(sick, tier).use()).isEqualTo(Use.ON_TRIAL);
    }

    @Test
    void aFailedTrialLeavesItOutForLongerEachTime() {
        List<Endpoint> tier = tier(5);
        Endpoint sick = tier.get(0);
        fails(sick, 20, tier);
        long left = 0;
        for (int trial = 1; trial <= 12; trial++) {
            long out = ward.secondsUntil(() -> ward.look(sick, tier).use() == Use.ON_TRIAL);
            long expected = Math.min(300, 30L * trial);
            assertThat(out).isBetween(expected * 8 / 10 - 1, expected * 12 / 10 + 1);
            fails(sick, 5, tier);
            left = out;
            assertThat(ward.state(sick, tier)).isEqualTo(State.UNHEALTHY);
        }
        assertThat(left).isGreaterThan(239);
    }

    @Test
    void aCallThatSucceedsDoesNotBringItBackBeforeItsTrial() {
        List<Endpoint> tier = tier(2); // nobody is left out of two: calls go on
        fails(tier.get(0), 20, tier);
        for (int i = 0; i < 100; i++) {
            ward.report(tier.get(0), OK, tier);
        }
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void probesDontBringItBackEither() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 20, tier);
        ward.pass(20_000);
        assertThat(ward.prober.probed).isEmpty();
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void theOnlyAddressOfATierIsTriedAgainSoonSinceItsTierComesBackByStepsAnyway() {
        List<Endpoint> tier = tier(1);
        fails(tier.get(0), 20, tier);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
        assertThat(ward.secondsUntil(() -> ward.state(tier.get(0), tier) == State.SUSPECT))
                .isBetween(3L, 7L);
    }

    @Test
    void theOnlyAddressOfATierFallsByHalfOfItsCallsRefusedToo() {
        List<Endpoint> tier = tier(1);
        for (int i = 0; i < 10; i++) {
            ward.report(tier.get(0), REFUSED, tier);
            ward.report(tier.get(0), OK, tier);
        }
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
        assertThat(ward.look(tier.get(0), tier).verdict().reason())
                .isEqualTo("50 % of 20 calls failed in 10 s, the last: connection refused");
    }

    @Test
    void onceItRefusesItIsForProbesToSayWhenItIsBack() {
        List<Endpoint> tier = tier(1);
        ward.prober.holds = true; // many calls are faster than three probes
        for (int i = 0; i < 30; i++) {
            ward.report(tier.get(0), REFUSED, tier);
        }
        assertThat(ward.look(tier.get(0), tier).verdict().reason()).contains("of 20 calls failed in 10 s");
        ward.prober.holds = false;
        ward.prober.answer(tier.get(0), new Prober.Refused("connection refused"));
        ward.prober.held.forEach(Runnable::run);
        ward.pass(120_000);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
        ward.prober.answer(tier.get(0), new Prober.Passed());
        assertThat(ward.secondsUntil(() -> ward.state(tier.get(0), tier) == State.HEALTHY))
                .isLessThan(14);
    }

    @Test
    void oneAddressOfEachFamilyIsOneVip() {
        List<Endpoint> tier = List.of(Endpoint.parse("10.0.0.1:80"), Endpoint.parse("[fd00::1]:80"));
        ward.report(tier.get(0), REFUSED, tier);
        assertThat(ward.look(tier.get(0), tier).use()).isEqualTo(Use.IN_TURN);
        List<Endpoint> three = List.of(tier.get(0), tier.get(1), Endpoint.parse("[fd00::2]:80"));
        assertThat(ward.look(tier.get(0), three).use()).isEqualTo(Use.PASSED_OVER);
    }

    @Test
    void whatTheApplicationMeansByAnExceptionIsNoneOfTheEndpointsBusiness() {
        List<Endpoint> tier = tier(1);
        for (int i = 0; i < 100; i++) {
            ward.report(tier.get(0), new Outcome.FailedOtherwise("no such order"), tier);
        }
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void oneThatFailsMoreThanItsPeersIsLeftOutAfterTenSeconds() {
        List<Endpoint> tier = tier(6);
        for (int i = 0; i < 120; i++) {
            for (Endpoint endpoint : tier) {
                boolean bad = endpoint.equals(tier.get(0)) && i % 4 == 0;
                ward.report(endpoint, bad ? HTTP_503 : OK, tier);
            }
            ward.pass(83);
        }
        ward.pass(1_000);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
        assertThat(ward.look(tier.get(0), tier).verdict().reason()).contains("76 % of its calls succeeded");
        assertThat(tier.subList(1, 6)).allMatch(endpoint -> ward.state(endpoint, tier) == State.HEALTHY);
    }

    @Test
    void whenAllIsCalmNothingIsMeasuredOrCompared() {
        List<Endpoint> tier = tier(6);
        ward.report(tier.get(0), HTTP_503, tier);
        for (int i = 0; i < 30; i++) {
            ward.report(tier.get(0), OK, tier);
            ward.pass(1_000);
        }
        ward.pass(60_000);
        assertThat(ward.time.pending()).isZero();
        ward.report(tier.get(0), HTTP_503, tier);
        assertThat(ward.time.pending()).isGreaterThan(0); // and the next failure begins anew
    }

    @Test
    void oneThatIsAwayWhenItsTimeComesIsTriedWhenItIsBack() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 20, tier);
        ward.pass(20_000);
        ward.candidates(tier.subList(1, 5));
        ward.pass(20_000); // its trial would have begun
        assertThat(ward.look(tier.get(0), tier).use()).isEqualTo(Use.ON_TRIAL);
        passTheTrial(tier.get(0), tier);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY);
    }

    @Test
    void aTrialByRareCallsEndsToo() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 20, tier);
        ward.pass(36_100);
        for (int i = 0; i < SoftFailures.TRIAL_ATTEMPTS; i++) {
            assertThat(ward.look(tier.get(0), tier).use()).isEqualTo(Use.ON_TRIAL);
            assertThat(ward.look(tier.get(0), tier).outcomes().admits()).isTrue();
            ward.report(tier.get(0), OK, tier);
            ward.pass(16_000);
        }
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY);
    }

    @Test
    void anEjectionDoesNotOutliveItsEndpointByAMinute() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 20, tier);
        ward.candidates(tier.subList(1, 5));
        ward.pass(60_000);
        assertThat(ward.health.size()).isEqualTo(4);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void anEjectionSurvivesARefreshThatMissesTheEndpointOnce() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 20, tier);
        ward.candidates(tier.subList(1, 5));
        ward.pass(5_000);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
        ward.pass(Duration.ofMinutes(1).toMillis());
        assertThat(ward.look(tier.get(0), tier).use()).isEqualTo(Use.ON_TRIAL);
    }

    @Test
    void anEjectionThatEndsWhileNobodyUsesTheEndpointEndsInATrialAllTheSame() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 20, tier);
        ward.pass(15_000);
        ward.candidates(tier.subList(1, 5));
        ward.pass(25_000); // its time is over, and it is not forgotten yet
        assertThat(ward.look(tier.get(0), tier).use()).isEqualTo(Use.ON_TRIAL);
        passTheTrial(tier.get(0), tier);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.HEALTHY);
    }

    @Test
    void whatWasRefusedDuringAnOutageIsNotHeldAgainstTheEndpointWhenItIsBack() {
        List<Endpoint> vip = tier(1);
        ward.prober.answer(vip.get(0), new Prober.Refused("connection refused"));
        for (int i = 0; i < 60; i++) { // all of them go there if nobody else works
            ward.report(vip.get(0), REFUSED, vip);
            ward.pass(10);
        }
        assertThat(ward.look(vip.get(0), vip).verdict().reason()).isEqualTo("connection refused");
        for (int i = 0; i < 20; i++) {
            ward.report(vip.get(0), OK, vip);
            assertThat(ward.state(vip.get(0), vip)).isEqualTo(State.HEALTHY);
        }
    }

    @Test
    void theCapHoldsForThoseOnTrialToo() {
        for (int[] row : new int[][] {{2, 1, 0}, {3, 3, 1}, {10, 6, 3}}) {
            Ward fresh = new Ward();
            List<Endpoint> tier = tier(row[0]);
            for (Endpoint endpoint : tier.subList(0, row[1])) {
                IntStream.range(0, 20).forEach(i -> fresh.report(endpoint, HTTP_503, tier));
            }
            for (int second = 0; second < 60; second++) {
                assertThat(fresh.candidates(tier))
                        .filteredOn(one -> one.use() != Use.IN_TURN)
                        .as("of %d after %d s", row[0], second)
                        .hasSizeLessThanOrEqualTo(row[2]);
                fresh.pass(1_000);
            }
            assertThat(fresh.candidates(tier))
                    .filteredOn(one -> one.verdict().state() == State.SUSPECT)
                    .hasSize(row[1]);
        }
    }

    @Test
    void aServiceThatRestedComparesItsEndpointsAgain() {
        List<Endpoint> tier = tier(5);
        fails(tier.get(0), 1, tier);
        ward.view.close();
        ward.pass(5_000);
        ward.candidates(tier);
        for (int i = 0; i < 1_000; i++) {
            ward.report(tier.get(i % 5), i % 5 == 0 && i % 50 < 15 ? HTTP_503 : OK, tier);
        }
        ward.pass(10_000);
        assertThat(ward.state(tier.get(0), tier)).isEqualTo(State.UNHEALTHY);
    }
}
