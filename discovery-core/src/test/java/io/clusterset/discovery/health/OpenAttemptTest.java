package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict.State;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Endpoints that say nothing at all, a process that stood still, and probes that don't tell the truth. */
class OpenAttemptTest {

    private static final Outcome OK = new Outcome.Succeeded();
    private static final Outcome HTTP_503 = new Outcome.FailedSoft("HTTP 503");
    private static final Outcome LATE = new Outcome.FailedSoft("Read timed out", true);
    private static final Outcome RESET = new Outcome.FailedHard("connection reset", false);
    private static final Outcome CONNECT_TIMEOUT = new Outcome.FailedHard("connect timeout", true);
    private static final Endpoint A = Endpoint.parse("10.0.0.1:80");
    private static final List<Endpoint> TIER = List.of(A, Endpoint.parse("10.0.0.2:80"), Endpoint.parse("10.0.0.3:80"));
    private static final List<Endpoint> VIP = List.of(A);

    private final Ward ward = new Ward();

    private long begin(List<Endpoint> tier) {
        return ward.look(A, tier).outcomes().began();
    }

    private void end(long mark, Outcome outcome) {
        ward.look(A, TIER).outcomes().ended(mark, outcome);
    }

    @Test
    void anAttemptThatIsOpenForMoreThanASecondWithNoSuccessSinceMakesSuspect() {
        ward.prober.answer(A, new Prober.TimedOut());
        begin(TIER);
        ward.pass(1_000);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNKNOWN);
        ward.prober.holds = true;
        ward.pass(250);
        assertThat(ward.look(A, TIER).use()).isEqualTo(Use.PASSED_OVER);
        assertThat(ward.look(A, TIER).verdict().reason())
                .isEqualTo("an attempt has been open for 1 s, none succeeded since");
        ward.prober.held.forEach(Runnable::run);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void soItIsWithAVipWhoseCallsGoElsewhereMeanwhile() {
        ward.prober.holds = true;
        begin(VIP);
        ward.pass(1_250);
        assertThat(ward.look(A, VIP).use()).isEqualTo(Use.PASSED_OVER);
    }

    @Test
    void whileOthersSucceedASlowOneIsJustSlow() {
        begin(TIER);
        for (int i = 0; i < 100; i++) {
            ward.report(A, OK, TIER);
            ward.pass(100);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        assertThat(ward.prober.probed).isEmpty();
    }

    @Test
    void attemptsThatFailWithinASecondAreNotOpen() {
        List<Long> open = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            open.add(begin(TIER));
            if (open.size() > 8) {
                end(open.remove(0), HTTP_503); // each takes 800 ms
            }
            ward.pass(100);
        }
        assertThat(ward.events).noneMatch(event -> event.toString().contains("open"));
    }

    /** Callers whose read timeout is a second end every attempt before a beat can find it too old. */
    @Test
    void attemptsThatTimeOutAfterASecondTellTheSame() {
        ward.report(A, OK, TIER);
        ward.pass(650);
        ward.prober.holds = true;
        long mark = begin(TIER);
        ward.pass(1_000);
        end(mark, LATE);
        assertThat(ward.look(A, TIER).use()).isEqualTo(Use.PASSED_OVER);
        assertThat(ward.look(A, TIER).verdict().reason()).contains("open for 1 s");
    }

    @Test
    void oneThatTimesOutWhileOthersSucceedDoesNot() {
        long mark = begin(TIER);
        ward.pass(600);
        ward.report(A, OK, TIER);
        ward.pass(600);
        end(mark, LATE);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        long another = begin(TIER);
        ward.pass(999);
        ward.report(A, OK, TIER); // since the last beat
        ward.pass(1);
        end(another, LATE);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
    }

    private void timesOut(long millis) {
        long mark = begin(TIER);
        ward.pass(millis);
        end(mark, LATE);
    }

    /** A process with few calls, each of which is given up early: no attempt is ever old, and no breaker has twenty. */
    @Test
    void shortAttemptsInVainAddUpHoweverFarApart() {
        ward.report(A, OK, TIER);
        ward.prober.holds = true;
        for (int i = 0; i < 2; i++) {
            ward.pass(60_000);
            timesOut(500);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        ward.pass(60_000);
        timesOut(500);
        assertThat(ward.look(A, TIER).use()).isEqualTo(Use.PASSED_OVER);
        assertThat(ward.look(A, TIER).verdict().reason())
                .isEqualTo("3 attempts in a row were given up after 1.1 s of waiting in all, none succeeded since");
        assertThat(ward.prober.held).hasSize(1);
    }

    @Test
    void aSuccessBetweenThemBeginsTheCountAnew() {
        for (int i = 0; i < 10; i++) {
            timesOut(500);
            timesOut(500);
            ward.report(A, OK, TIER);
            ward.pass(1_000);
        }
        assertThat(ward.events).noneMatch(event -> event.toString().contains("in a row"));
        assertThat(ward.state(A, TIER)).isNotEqualTo(State.SUSPECT);
    }

    @Test
    void soDoesAnyAnswer() {
        for (int i = 0; i < 4; i++) {
            timesOut(500);
            timesOut(500);
            ward.report(A, HTTP_503, TIER);
            ward.pass(1_000);
        }
        assertThat(ward.prober.probed).isEmpty();
    }

    /** A beat notices the last success after the mark of the first attempt in vain, which is that of the beat before. */
    @Test
    void anAnswerInTheBeatInWhichTheFirstOfThemBeganSavesItFromNothing() {
        ward.report(A, OK, TIER);
        ward.pass(10);
        ward.prober.holds = true;
        timesOut(500);
        timesOut(500);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        timesOut(500);
        assertThat(ward.look(A, TIER).verdict().reason())
                .isEqualTo("3 attempts in a row were given up after 1 s of waiting in all, none succeeded since");
    }

    @Test
    void anAnswerWhileTheFirstOfThemWaitedCutsWhatThatWaitedBefore() {
        long first = begin(TIER);
        ward.pass(600);
        ward.report(A, OK, TIER);
        ward.pass(300);
        end(first, LATE); // 900 ms, 300 since
        timesOut(400);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        ward.prober.holds = true;
        timesOut(600);
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
    }

    /** A pause of half a second is no second, however many wait for its end. */
    @Test
    void thoseThatWaitTogetherWaitOnce() {
        List<Long> together = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            together.add(begin(TIER));
        }
        ward.pass(500);
        together.forEach(mark -> end(mark, LATE));
        assertThat(ward.prober.probed).isEmpty();
        together.clear();
        for (int i = 0; i < 3; i++) {
            together.add(begin(TIER));
            ward.pass(200);
        }
        ward.pass(200);
        together.forEach(mark -> end(mark, LATE)); // and 800 ms more
        assertThat(ward.look(A, TIER).verdict().reason()).contains("waiting in all");
    }

    @Test
    void whatIsGivenUpAtOnceHasNotWaited() {
        for (int i = 0; i < 15; i++) {
            timesOut(10);
            ward.pass(1_000);
        }
        assertThat(ward.prober.probed).isEmpty();
    }

    @Test
    void whatOnlyProbesHaveBroughtBackIsSuspectAtItsNextAttemptInVain() {
        for (int i = 0; i < 3; i++) {
            timesOut(500);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
        ward.secondsUntil(() -> ward.state(A, TIER) == State.HEALTHY);
        timesOut(10);
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        timesOut(500);
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
    }

    /** They are judged as a trial's, too; but whatever that says, nobody has answered since. */
    @Test
    void theLastAttemptsOfATrialCount() {
        for (int i = 0; i < 20; i++) {
            ward.report(A, HTTP_503, TIER);
        }
        ward.secondsUntil(() -> ward.look(A, TIER).use() == Use.ON_TRIAL);
        for (int i = 0; i < 3; i++) {
            ward.report(A, OK, TIER);
        }
        timesOut(500);
        timesOut(500);
        assertThat(ward.look(A, TIER).verdict().reason()).isEqualTo("its trial went well");
        ward.prober.holds = true;
        timesOut(500);
        assertThat(ward.look(A, TIER).verdict().reason()).startsWith("3 attempts in a row were given up");
    }

    @Test
    void aTrialIsJudgedByItsFiveAttemptsAlone() {
        for (int i = 0; i < 20; i++) {
            ward.report(A, HTTP_503, TIER);
        }
        ward.secondsUntil(() -> ward.look(A, TIER).use() == Use.ON_TRIAL);
        timesOut(700);
        timesOut(700);
        assertThat(ward.look(A, TIER).use()).isEqualTo(Use.ON_TRIAL);
        for (int i = 0; i < 3; i++) {
            ward.report(A, OK, TIER);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
    }

    /** Calls begin at one that refuses, since that costs them nothing; silence does. */
    @Test
    void aVipThatRefusedAndIsSilentNowIsPassedOver() {
        Ward unprobed = new Ward(HealthOptions.builder().probing(Probing.OFF).build());
        Outcomes vip = unprobed.look(A, VIP).outcomes();
        long[] open = {vip.began(), vip.began()};
        unprobed.pass(500);
        vip.ended(vip.began(), new Outcome.FailedHard("connection refused", false));
        vip.ended(open[0], LATE);
        assertThat(unprobed.look(A, VIP).use()).as("suspected of refusing").isEqualTo(Use.IN_TURN);
        unprobed.pass(700); // and no beat since
        vip.ended(open[1], LATE);
        assertThat(unprobed.look(A, VIP).use()).isEqualTo(Use.PASSED_OVER);
    }

    @Test
    void whoIsNotUsedAnyMoreIsNotProbedForIt() {
        Outcomes left = ward.look(A, TIER).outcomes();
        ward.view.close();
        for (int i = 0; i < 3; i++) {
            long mark = left.began();
            ward.pass(500);
            left.ended(mark, LATE);
        }
        assertThat(ward.prober.probed).isEmpty();
    }

    @Test
    void whoHasNeverAnsweredIsSilentWhateverTheClocksOrigin() {
        ward.standStill(Duration.ofDays(-1));
        ward.prober.holds = true;
        for (int i = 0; i < 3; i++) {
            timesOut(500);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
    }

    @Test
    void aSlowOneThatIsGivenMoreTimeIsGivenItHereToo() {
        long slow = begin(TIER);
        ward.pass(3_000);
        end(slow, OK);
        ward.pass(1_000);
        for (int i = 0; i < 10; i++) {
            timesOut(500); // 3.75 s; it has six
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.HEALTHY);
        for (int i = 0; i < 7; i++) {
            timesOut(500);
        }
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
    }

    @Test
    void whatWasGivenUpInVainIsRememberedUntilItAnswersAndNoLonger() {
        timesOut(500);
        ward.pass(600_000);
        assertThat(ward.look(A, TIER).outcomes())
                .isInstanceOfSatisfying(
                        EndpointHealth.class,
                        endpoint -> assertThat(endpoint.ill()).isPresent());
        ward.report(A, OK, TIER);
        ward.pass(60_000);
        assertThat(ward.look(A, TIER).outcomes())
                .isInstanceOfSatisfying(
                        EndpointHealth.class,
                        endpoint -> assertThat(endpoint.ill()).isEmpty());
        assertThat(ward.time.pending()).isZero();
    }

    @Test
    void aServiceThatIsSlowIsSuspectedOnceAndThenGivenTwiceTheTime() {
        long slow = begin(VIP);
        ward.prober.answer(A, new Prober.Passed());
        ward.pass(3_000);
        assertThat(ward.state(A, VIP)).isEqualTo(State.SUSPECT);
        end(slow, OK);
        assertThat(ward.state(A, VIP)).isEqualTo(State.HEALTHY);
        int events = ward.events.size();
        for (int i = 0; i < 20; i++) {
            long next = begin(VIP);
            ward.pass(4_000);
            end(next, OK);
        }
        assertThat(ward.events).hasSize(events);
        begin(VIP);
        ward.pass(10_000);
        assertThat(ward.state(A, VIP)).isEqualTo(State.SUSPECT);
    }

    @Test
    void anAttemptThatIsNeverEndedIsCountedOnce() {
        begin(TIER);
        ward.pass(1_300);
        ward.report(A, OK, TIER);
        int events = ward.events.size();
        for (int i = 0; i < 100; i++) {
            ward.report(A, OK, TIER);
            ward.pass(30_000);
        }
        assertThat(ward.events).hasSize(events);
        begin(TIER); // and what is open later is met all the same
        ward.pass(1_300);
        assertThat(ward.events.size()).isGreaterThan(events);
    }

    @Test
    void oneThatEndsAfterItWasWrittenOffIsNotCountedTwice() {
        long late = begin(TIER);
        ward.pass(1_300);
        end(late, LATE);
        ward.report(A, OK, TIER);
        int events = ward.events.size();
        ward.prober.holds = true;
        begin(TIER);
        ward.pass(1_300);
        assertThat(ward.events.size()).isGreaterThan(events);
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
    }

    @Test
    void withNoAttemptsNothingBeats() {
        ward.report(A, OK, TIER);
        ward.pass(60_000);
        assertThat(ward.time.pending()).isZero();
    }

    @Test
    void failuresThatSpanAStallAreVoid() {
        ward.report(A, OK, VIP);
        List<Long> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            open.add(begin(VIP));
        }
        ward.pass(100);
        ward.standStill(Duration.ofSeconds(60));
        open.subList(0, 10).forEach(mark -> end(mark, LATE)); // before any timer has run
        open.subList(10, 25).forEach(mark -> end(mark, CONNECT_TIMEOUT));
        ward.pass(300);
        open.subList(25, 50).forEach(mark -> end(mark, CONNECT_TIMEOUT));
        assertThat(ward.state(A, VIP)).isEqualTo(State.HEALTHY);
        assertThat(ward.prober.probed).isEmpty();
        ward.report(A, CONNECT_TIMEOUT, VIP); // what began afterwards counts
        assertThat(ward.state(A, VIP)).isEqualTo(State.SUSPECT);
    }

    @Test
    void aSuccessCountsHoweverLongItTook() {
        long mark = begin(VIP);
        ward.standStill(Duration.ofSeconds(60));
        end(mark, OK);
        assertThat(ward.state(A, VIP)).isEqualTo(State.HEALTHY);
    }

    @Test
    void aProbeThatSpansAStallSaysNothing() {
        ward.prober.answer(A, new Prober.TimedOut());
        ward.prober.holds = true;
        ward.report(A, CONNECT_TIMEOUT, VIP);
        ward.standStill(Duration.ofSeconds(60));
        ward.prober.held.forEach(Runnable::run);
        assertThat(ward.state(A, VIP)).isEqualTo(State.SUSPECT);
        ward.prober.holds = false;
        ward.pass(6_000); // and is done again
        assertThat(ward.state(A, VIP)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void anOpenAttemptThatSpansAStallMakesNobodySuspect() {
        begin(TIER);
        ward.standStill(Duration.ofSeconds(60));
        ward.pass(250);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNKNOWN);
    }

    /** F48: probes pass, calls fail. */
    @Test
    void probesAloneBringItBackOnceAndThenNotForThirtySeconds() {
        List<Long> back = new ArrayList<>();
        for (int i = 0; i < 10 * 60 * 10; i++) {
            if (ward.look(A, TIER).use() == Use.IN_TURN) {
                ward.report(A, RESET, TIER);
            }
            State before = ward.state(A, TIER);
            ward.pass(100);
            if (before != State.HEALTHY && ward.state(A, TIER) == State.HEALTHY) {
                back.add(ward.time.nanos() / 1_000_000_000);
            }
        }
        assertThat(back.size()).isBetween(2, 20);
        for (int i = 1; i < back.size(); i++) {
            assertThat(back.get(i) - back.get(i - 1)).isGreaterThanOrEqualTo(30);
        }
    }

    @Test
    void callsThatSucceededInBetweenGiveProbesTheirWordBack() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 3; i++) {
                ward.report(A, RESET, TIER);
            }
            assertThat(ward.state(A, TIER)).isEqualTo(State.UNHEALTHY);
            assertThat(ward.secondsUntil(() -> ward.state(A, TIER) == State.HEALTHY))
                    .isLessThan(14);
            ward.report(A, OK, TIER);
        }
    }

    @Test
    void closingLeavesNoTimer() {
        ward.prober.holds = true;
        for (int i = 0; i < 50; i++) {
            Endpoint endpoint = Endpoint.parse("10.0.1." + i + ":80");
            ward.report(endpoint, CONNECT_TIMEOUT, List.of(endpoint, A)); // more than the gate lets through at once
        }
        begin(TIER);
        ward.view.close();
        ward.health.close();
        assertThat(ward.time.pending()).isZero();
    }

    @Test
    void thresholdsAreCounted() {
        Ward strict = new Ward(
                HealthOptions.builder().healthyAfter(4).unhealthyAfter(3).build());
        strict.prober.answer(A, new Prober.Refused("connection refused"));
        strict.report(A, RESET, TIER);
        assertThat(strict.state(A, TIER)).isEqualTo(State.SUSPECT);
        strict.pass(6_100);
        assertThat(strict.prober.probed.size()).isGreaterThanOrEqualTo(3);
        assertThat(strict.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        strict.prober.answer(A, new Prober.Passed());
        int before = strict.prober.probed.size();
        strict.secondsUntil(() -> strict.state(A, TIER) == State.HEALTHY);
        assertThat(strict.prober.probed).hasSize(before + 4);
    }

    @Test
    void alwaysMeansThatTheHealthyAreProbedToo() {
        Ward always = new Ward(HealthOptions.builder().probing(Probing.ALWAYS).build());
        always.candidates(TIER);
        always.pass(60_000);
        assertThat(always.prober.probed).contains(A.socketAddress(), TIER.get(1).socketAddress());
        assertThat(always.prober.probed.size()).isBetween(3 * 9, 3 * 16);
        always.prober.answer(A, new Prober.Refused("connection refused"));
        always.pass(6_100);
        assertThat(always.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        always.view.close();
        int probes = always.prober.probed.size();
        always.pass(120_000);
        assertThat(always.prober.probed).hasSize(probes);
    }

    @Test
    void offMeansNobody() {
        Ward off = new Ward(HealthOptions.builder().probing(Probing.OFF).build());
        for (int i = 0; i < 3; i++) {
            off.report(A, RESET, TIER);
        }
        assertThat(off.state(A, TIER)).isEqualTo(State.UNHEALTHY);
        off.pass(6_100);
        assertThat(off.state(A, TIER)).isEqualTo(State.UNKNOWN); // called again, and judged anew
        assertThat(off.prober.probed).isEmpty();
    }

    @Test
    void aUdpPortIsNotProbedAndIsNotTheTcpPortOfItsNumber() {
        HealthView udp = ward.health.view(false, () -> {});
        Outcomes datagrams = udp.annotate(List.of(TIER)).get(0).get(0).outcomes();
        for (int i = 0; i < 3; i++) {
            datagrams.ended(datagrams.began(), RESET);
        }
        assertThat(udp.annotate(List.of(TIER)).get(0).get(0).verdict().state()).isEqualTo(State.UNHEALTHY);
        ward.pass(1_000);
        assertThat(ward.prober.probed).isEmpty();
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNKNOWN);
    }

    /** Or all processes that began together would know the same three, and all their retries go there. */
    @Test
    void thoseThatStandByAreProbedFromAnywhereOn() {
        List<Endpoint> many = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            many.add(Endpoint.parse("10.0.0." + i + ":80"));
        }
        RandomGenerator random = new SplittableRandom(1);
        Set<InetSocketAddress> known = new HashSet<>();
        for (int process = 0; process < 20; process++) {
            Ward one = new Ward(HealthOptions.defaults(), random);
            one.candidates(many);
            one.view.standBy(many);
            one.pass(36_100);
            assertThat(one.prober.probed).hasSize(3);
            known.addAll(one.prober.probed);
        }
        assertThat(known).hasSizeGreaterThan(20);
    }

    @Test
    void threeThatStandByAreProbedEveryHalfMinuteInTurn() {
        List<Endpoint> many = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            many.add(Endpoint.parse("10.0.0." + i + ":80"));
        }
        ward.candidates(many);
        ward.view.standBy(many);
        ward.pass(36_100);
        assertThat(ward.prober.probed).hasSize(3);
        ward.pass(72_000);
        assertThat(ward.prober.probed).hasSizeBetween(9, 12);
        assertThat(ward.prober.probed.stream().distinct()).hasSize(9);
        assertThat(ward.state(many.get(0), many)).isEqualTo(State.HEALTHY);
        ward.prober.answer(many.get(0), new Prober.Refused("connection refused"));
        ward.pass(120_000);
        assertThat(ward.state(many.get(0), many)).isEqualTo(State.UNHEALTHY);
        ward.view.standBy(List.of());
        int probes = ward.prober.probed.size();
        ward.candidates(many.subList(1, 9));
        ward.pass(120_000);
        assertThat(ward.prober.probed).hasSize(probes);
    }

    @Test
    void aStandbyVipThatRefusesThreeProbesIsUnhealthyThoughNobodyCallsIt() {
        ward.prober.answer(A, new Prober.Refused("connection refused"));
        ward.candidates(VIP);
        ward.view.standBy(VIP);
        ward.pass(37_000);
        assertThat(ward.state(A, VIP)).isEqualTo(State.UNHEALTHY);
        assertThat(ward.prober.probed.size()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void outcomesOfAttemptsAreHandedBackWithTheirMark() {
        Outcomes outcomes = ward.look(A, TIER).outcomes();
        long first = outcomes.began();
        ward.pass(500);
        assertThat(outcomes.began()).isGreaterThan(first);
    }

    @Test
    void alwaysMeansThoseThatAreCalledTooAndThoseThatPassedTheirTrial() {
        Ward always = new Ward(HealthOptions.builder().probing(Probing.ALWAYS).build());
        always.report(A, OK, TIER);
        always.pass(60_000);
        assertThat(always.prober.probed).contains(A.socketAddress());
        for (int i = 0; i < 30; i++) { // of which those before may be up to twenty
            always.report(A, HTTP_503, TIER);
        }
        always.secondsUntil(() -> always.look(A, TIER).use() == Use.ON_TRIAL);
        for (int i = 0; i < SoftFailures.TRIAL_ATTEMPTS; i++) {
            always.report(A, OK, TIER);
        }
        assertThat(always.state(A, TIER)).isEqualTo(State.HEALTHY);
        always.prober.probed.clear();
        always.pass(60_000);
        assertThat(always.prober.probed).contains(A.socketAddress());
    }

    @Test
    void slowIsLearnedThoughProbesBroughtItBackBeforeTheCallEnded() {
        for (int call = 0; call < 10; call++) {
            long mark = begin(VIP);
            for (int beat = 0; beat < 32; beat++) { // 8 s: two probes pass in less
                ward.pass(250);
                assertThat(call == 0 || ward.state(A, VIP) == State.HEALTHY).isTrue();
            }
            assertThat(ward.state(A, VIP)).isEqualTo(State.HEALTHY);
            ward.look(A, VIP).outcomes().ended(mark, OK);
        }
    }

    @Test
    void failuresCountAgainAfterTheExecutorRefusedABeat() {
        ward.report(A, OK, TIER);
        ward.refuses = true;
        ward.pass(250);
        ward.refuses = false;
        ward.pass(60_000);
        ward.report(A, RESET, TIER); // void, since no beat came: but the next need not be
        ward.report(A, RESET, TIER);
        assertThat(ward.state(A, TIER)).isEqualTo(State.SUSPECT);
    }
}
