package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Verdict.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that change while endpoints are known and cases open. */
class ReconfiguredTest {

    private static final Outcome OK = new Outcome.Succeeded();
    private static final Outcome RESET = new Outcome.FailedHard("connection reset", false);
    private static final Prober.Result REFUSED = new Prober.Refused("connection refused");
    private static final Endpoint A = Endpoint.parse("10.0.0.1:80");
    private static final List<Endpoint> TIER = List.of(A, Endpoint.parse("10.0.0.2:80"), Endpoint.parse("10.0.0.3:80"));
    private static final List<Endpoint> VIP = List.of(A);
    private static final HealthOptions OFF =
            HealthOptions.builder().probing(Probing.OFF).build();
    private static final HealthOptions ALWAYS =
            HealthOptions.builder().probing(Probing.ALWAYS).build();
    private static final HealthOptions NONE =
            HealthOptions.builder().probe(Probe.none()).build();

    private static HealthOptions every(Duration interval) {
        return HealthOptions.builder().probeInterval(interval).build();
    }

    private static void makeUnhealthy(Ward ward) {
        ward.prober.answer(A, REFUSED);
        for (int i = 0; i < 3; i++) {
            ward.report(A, RESET, TIER);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
    }

    private static int probes(Ward ward) {
        return ward.prober.probed.size();
    }

    @Test
    void anotherIntervalHoldsFromTheNextProbeOn() {
        Ward ward = new Ward(every(Duration.ofSeconds(20)));
        makeUnhealthy(ward);
        int before = probes(ward);
        ward.set(every(Duration.ofSeconds(1)));
        ward.pass(15_900);
        assertThat(probes(ward)).isEqualTo(before);
        ward.pass(8_200);
        int next = probes(ward);
        assertThat(next).isGreaterThan(before);
        ward.pass(12_000);
        assertThat(probes(ward) - next).isBetween(9, 15);
    }

    @Test
    void aShorterIntervalDoesNotWaitForTheEndOfTheLongOneAndChangesInAHurryDelayNoProbe() {
        Ward ward = new Ward(every(Duration.ofMinutes(10)));
        makeUnhealthy(ward);
        int before = probes(ward);
        ward.reconfigure(every(Duration.ofSeconds(10)));
        ward.pass(6_000);
        ward.reconfigure(every(Duration.ofSeconds(10)));
        assertThat(probes(ward)).isEqualTo(before);
        ward.pass(6_000);
        assertThat(probes(ward)).isEqualTo(before + 1);
    }

    @Test
    void anotherTimeoutHoldsForTheNextProbeAndTheOneUnderWayEndsByItsOwn() {
        Ward ward = new Ward();
        ward.prober.silent(A);
        ward.report(A, RESET, TIER);
        ward.set(HealthOptions.builder()
                .probeTimeout(Duration.ofMillis(900))
                .unhealthyAfter(2)
                .build());
        ward.pass(600);
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
        ward.set(HealthOptions.builder().probeTimeout(Duration.ofMillis(900)).build());
        ward.pass(6_000 + 1_000);
        assertThat(ward.look(A, TIER).verdict().reason()).isEqualTo("probe timed out after 900 ms");
        Ward other = new Ward();
        other.prober.silent(A);
        other.report(A, RESET, TIER);
        other.set(HealthOptions.builder().probeTimeout(Duration.ofMillis(900)).build());
        other.pass(600);
        assertThat(other.look(A, TIER).verdict().reason()).isEqualTo("probe timed out after 500 ms");
    }

    @Test
    void otherThresholdsHoldFromTheNextProbeOn() {
        Ward ward = new Ward(
                HealthOptions.builder().healthyAfter(10).unhealthyAfter(10).build());
        ward.prober.answer(A, REFUSED);
        ward.report(A, RESET, TIER);
        ward.pass(6_100);
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
        ward.set(HealthOptions.defaults());
        ward.pass(6_100);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        ward.prober.answer(A, new Prober.Passed());
        ward.set(HealthOptions.builder().healthyAfter(1).build());
        ward.pass(6_100);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSickAreProbedOnceProbingIsOnAndComeBackByIt(boolean told) {
        for (HealthOptions off : List.of(OFF, NONE)) {
            Ward ward = new Ward(off);
            makeUnhealthy(ward);
            change(ward, HealthOptions.defaults(), told);
            ward.pass(6_100);
            assertThat(probes(ward)).isEqualTo(1);
            assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY); // not called again unseen
            ward.prober.answer(A, new Prober.Passed());
            ward.pass(12_200);
            assertThat(ward.look(A, TIER).verdict().reason()).isEqualTo("2 probes passed");
        }
    }

    private static void change(Ward ward, HealthOptions now, boolean told) {
        if (told) {
            ward.reconfigure(now);
        } else {
            ward.set(now);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onceProbingIsOffTheSickAreCalledAgain(boolean told) {
        for (HealthOptions off : List.of(OFF, NONE)) {
            Ward ward = new Ward();
            makeUnhealthy(ward);
            int before = probes(ward);
            change(ward, off, told);
            ward.pass(6_100);
            assertThat(ward.look(A, TIER).verdict().state()).isEqualTo(State.UNKNOWN);
            assertThat(ward.look(A, TIER).use()).isEqualTo(Use.IN_TURN);
            assertThat(probes(ward)).isEqualTo(before);
            ward.report(A, OK, TIER);
            ward.pass(60_000);
            assertThat(ward.time.pending()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProbeUnderWayWhenProbingEndsCountsAndIsTheLast(boolean told) {
        Ward ward = new Ward();
        ward.prober.holds = true;
        ward.prober.answer(A, REFUSED);
        ward.report(A, RESET, TIER);
        change(ward, OFF, told);
        ward.prober.held.forEach(Runnable::run);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        ward.pass(6_100);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNKNOWN);
        assertThat(probes(ward)).isEqualTo(1);
    }

    @Test
    void theOnlyAddressOfATierWhoseProbesAreCutShortIsCalledAgainAfterTheInterval() {
        Ward ward = new Ward();
        ward.prober.answer(A, REFUSED);
        ward.report(A, RESET, VIP);
        assertThat(probes(ward)).isEqualTo(1); // of three, 20 ms apart
        ward.reconfigure(OFF);
        ward.pass(3_900);
        assertThat(ward.state(A, VIP)).isEqualTo(State.SUSPECT);
        ward.pass(2_200);
        assertThat(ward.state(A, VIP)).isEqualTo(State.UNKNOWN);
        assertThat(probes(ward)).isEqualTo(1);
        ward.reconfigure(HealthOptions.defaults());
        for (int i = 0; i < 3; i++) {
            ward.prober.holds = true;
            ward.report(A, RESET, VIP);
        }
        ward.prober.held.get(0).run();
        ward.pass(20);
        ward.prober.held.get(1).run();
        assertThat(ward.state(A, VIP)).isEqualTo(State.SUSPECT); // the one from before does not count as the third
    }

    @Test
    void probesThatWaitForTheirTurnDoNotBeginOnceProbingIsOff() {
        Ward ward = new Ward();
        List<Endpoint> many = IntStream.rangeClosed(1, 100)
                .mapToObj(n -> Endpoint.parse("10.0.1." + n + ":80"))
                .toList();
        many.forEach(endpoint -> {
            ward.prober.answer(endpoint, REFUSED);
            ward.report(endpoint, RESET, many);
        });
        int begun = probes(ward);
        assertThat(begun).isLessThan(100);
        ward.reconfigure(OFF);
        ward.pass(13_000);
        assertThat(probes(ward)).isEqualTo(begun);
        assertThat(ward.candidates(many))
                .allMatch(one -> one.verdict().state() == State.UNKNOWN && one.use() == Use.IN_TURN);
    }

    @Test
    void anExaminationEndsThoughProbingWasSwitchedOffMeanwhile() {
        Ward ward = new Ward();
        ward.prober.answer(A, REFUSED);
        ward.candidates(VIP);
        List<String> done = new ArrayList<>();
        ward.view.probeNow(() -> done.add("done"));
        ward.reconfigure(OFF);
        assertThat(done).isEmpty();
        ward.pass(20);
        assertThat(done).containsExactly("done");
        assertThat(probes(ward)).isEqualTo(1);
        assertThat(ward.state(A, VIP)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void alwaysMeansThoseThatAreKnownAlready() {
        Ward ward = new Ward();
        ward.candidates(TIER);
        ward.report(A, OK, TIER);
        ward.pass(60_000);
        assertThat(ward.prober.probed).isEmpty();
        ward.reconfigure(ALWAYS);
        ward.pass(60_000);
        assertThat(ward.prober.probed).contains(A.socketAddress(), TIER.get(1).socketAddress());
        assertThat(probes(ward)).isBetween(3 * 9, 3 * 16);
    }

    @Test
    void oftenReconfiguredIsNotOftenProbed() {
        Ward ward = new Ward(ALWAYS);
        ward.candidates(TIER);
        for (int i = 0; i < 600; i++) {
            ward.pass(100);
            ward.reconfigure(ALWAYS);
        }
        assertThat(probes(ward)).isBetween(3 * 9, 3 * 16);
    }

    @ParameterizedTest
    @EnumSource(names = "ALWAYS", mode = EnumSource.Mode.EXCLUDE)
    void lessThanAlwaysEndsTheProbesOfTheHealthy(Probing less) {
        for (boolean told : List.of(true, false)) {
            Ward ward = new Ward(
                    ALWAYS.toBuilder().unhealthyAfter(3).healthyAfter(3).build());
            ward.candidates(TIER);
            ward.pass(20_000);
            ward.prober.answer(A, REFUSED);
            ward.pass(6_100); // a failed probe or two, which is not enough
            assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
            int before = probes(ward);
            change(ward, HealthOptions.builder().probing(less).build(), told);
            ward.pass(60_000);
            assertThat(probes(ward)).isEqualTo(before);
            assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
            assertThat(ward.time.pending()).isZero();
            assertThat(Roster.health(ward.look(A, TIER)).ill()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lessThanAlwaysLeavesNothingOpen(boolean told) {
        Ward ward = new Ward(
                ALWAYS.toBuilder().probeInterval(Duration.ofMinutes(10)).build());
        ward.candidates(TIER);
        assertThat(ward.time.pending()).isEqualTo(3);
        change(ward, HealthOptions.defaults(), told);
        ward.pass(told ? 0 : 600_000);
        assertThat(ward.time.pending()).isZero();
        assertThat(ward.candidates(TIER))
                .allMatch(one -> Roster.health(one).ill().isEmpty());
    }

    @Test
    void standbysAreProbedOnceProbingIsOnAndNotAfter() {
        Ward ward = new Ward(OFF);
        ward.candidates(TIER);
        ward.view.standBy(TIER);
        ward.pass(120_000);
        assertThat(ward.prober.probed).isEmpty();
        ward.reconfigure(HealthOptions.defaults());
        ward.pass(36_100);
        assertThat(probes(ward)).isEqualTo(3);
        ward.reconfigure(OFF);
        ward.pass(11_000); // the pulse beats so long
        assertThat(ward.time.pending()).isZero();
        ward.reconfigure(HealthOptions.defaults());
        ward.set(OFF);
        ward.pass(120_000);
        assertThat(probes(ward)).isEqualTo(3);
        assertThat(ward.time.pending()).isZero();
    }

    @Test
    void anotherProbeIsMadeFromTheNextOneOn() {
        Ward ward = new Ward();
        makeUnhealthy(ward);
        int before = probes(ward);
        Probe ready = Probe.http("/ready");
        ward.set(HealthOptions.builder().probe(ready).build());
        ward.pass(20_000);
        assertThat(ward.prober.kinds.subList(0, before)).containsOnly(Probe.tcp());
        assertThat(ward.prober.kinds.subList(before, probes(ward))).isNotEmpty().containsOnly(ready);
    }

    @Test
    void whatWasLearnedIsKept() {
        Ward ward = new Ward();
        makeUnhealthy(ward);
        ward.reconfigure(ALWAYS);
        ward.reconfigure(HealthOptions.defaults());
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        assertThat(ward.health.size()).isEqualTo(3);
    }

    @Test
    void whoIsGoneIsNotWokenAndNothingIsLeft() {
        Ward ward = new Ward();
        makeUnhealthy(ward);
        ward.view.close();
        ward.reconfigure(ALWAYS);
        int before = probes(ward);
        ward.pass(120_000);
        assertThat(probes(ward)).isEqualTo(before);
        ward.candidates(TIER);
        ward.view.standBy(TIER);
        ward.view.close();
        ward.health.close();
        ward.reconfigure(HealthOptions.defaults());
        assertThat(ward.time.pending()).isZero();
    }

    /** Found on the way: the timer of one that is probed whatever happens rang in vain once it was unhealthy. */
    @Test
    void oneThatAnExaminationFoundUnhealthyIsProbedAgainWhereAllAreProbedAlways() {
        Ward ward = new Ward(ALWAYS);
        ward.candidates(TIER);
        ward.pass(20_000);
        ward.prober.answer(A, REFUSED);
        ward.view.probeNow(() -> {});
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        ward.prober.answer(A, new Prober.Passed());
        ward.pass(20_000);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
    }
}
