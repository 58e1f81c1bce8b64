package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Outcome OK = new Outcome.Succeeded();
    private static final Outcome REFUSED = new Outcome.FailedHard("connection refused", false);
    private static final Outcome CONNECT_TIMEOUT = new Outcome.FailedHard("connect timeout", true);
    private static final Endpoint A = Endpoint.parse("10.0.0.1:80");
    private static final Endpoint B = Endpoint.parse("10.0.0.2:80");

    private final ManualTime time = new ManualTime();
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
        throw new AssertionError(thrown);
    });
    private final ScriptedProber prober = new ScriptedProber();
    private final List<Event> events = new ArrayList<>();
    private Health health = health(HealthOptions.defaults());
    private HealthView view = health.view(true, () -> {});

    private Health health(HealthOptions options) {
        return new Health(() -> options, any -> prober, time, time, serial, new Random(1), events::add);
    }

    private Candidate look(Endpoint endpoint, Endpoint... tier) {
        return view.annotate(List.of(List.of(tier))).get(0).stream()
                .filter(candidate -> candidate.endpoint().equals(endpoint))
                .findFirst()
                .orElseThrow();
    }

    private State of(Endpoint endpoint, Endpoint... tier) {
        return look(endpoint, tier).verdict().state();
    }

    private void report(Endpoint endpoint, Outcome outcome, Endpoint... tier) {
        Outcomes outcomes = look(endpoint, tier).outcomes();
        outcomes.ended(outcomes.began(), outcome);
    }

    @Test
    void anEndpointNeverTriedCountsAsHealthyAndIsNotProbed() {
        assertThat(of(A, A, B)).isEqualTo(State.UNKNOWN);
        assertThat(look(A, A, B).verdict().countsAsHealthy()).isTrue();
        time.advance(Duration.ofHours(1));
        assertThat(prober.probed).isEmpty();
    }

    @Test
    void theFirstHardFailureMakesSuspectAndProbesAtOnce() {
        report(A, OK, A, B);
        report(A, REFUSED, A, B);
        assertThat(of(A, A, B)).isEqualTo(State.SUSPECT);
        assertThat(look(A, A, B).use()).isEqualTo(Use.PASSED_OVER);
        assertThat(prober.probed).containsExactly(A.socketAddress());
    }

    @Test
    void aFailedProbeOfASuspectSettlesIt() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, REFUSED, A, B);
        assertThat(of(A, A, B)).isEqualTo(State.UNHEALTHY);
        assertThat(look(A, A, B).verdict().reason()).isEqualTo("connection refused");
    }

    @Test
    void threeHardFailuresWithoutASuccessSettleItWithoutAProbe() {
        report(A, REFUSED, A, B);
        report(A, REFUSED, A, B);
        assertThat(of(A, A, B)).isEqualTo(State.SUSPECT);
        report(A, REFUSED, A, B);
        assertThat(of(A, A, B)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void aSuccessBetweenStartsTheCountAnew() {
        report(A, REFUSED, A, B);
        report(A, REFUSED, A, B);
        report(A, OK, A, B);
        assertThat(of(A, A, B)).isEqualTo(State.HEALTHY);
        report(A, REFUSED, A, B);
        report(A, REFUSED, A, B);
        assertThat(of(A, A, B)).isEqualTo(State.SUSPECT);
    }

    @Test
    void twoProbesInARowBringItBack() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, REFUSED, A, B);
        prober.answer(A, new Prober.Passed());
        time.advance(Duration.ofSeconds(6)); // 5 s ± 20 %: the first good one
        assertThat(of(A, A, B)).isEqualTo(State.UNHEALTHY);
        time.advance(Duration.ofSeconds(6));
        assertThat(of(A, A, B)).isEqualTo(State.HEALTHY);
        int probes = prober.probed.size();
        time.advance(Duration.ofHours(1));
        assertThat(prober.probed).hasSize(probes); // the healthy are not probed
    }

    @Test
    void theOnlyAddressOfATierStaysInUseWhileItIsSuspectOfRefusing() {
        report(A, REFUSED, A);
        assertThat(of(A, A)).isEqualTo(State.SUSPECT);
        assertThat(look(A, A).use()).isEqualTo(Use.IN_TURN);
    }

    @Test
    void theOnlyAddressOfATierFallsByThreeRefusedCallsAndThreeRefusedProbes() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, REFUSED, A);
        report(A, REFUSED, A);
        time.advance(Duration.ofMillis(40)); // probes at 0, 20, 40 ms
        assertThat(prober.probed).hasSize(3);
        assertThat(of(A, A)).isEqualTo(State.SUSPECT); // three probes, two calls
        report(A, REFUSED, A);
        assertThat(of(A, A)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void theOnlyAddressOfATierSurvivesARollingDeploy() {
        Random deploy = new Random(7);
        for (int call = 0; call < 100; call++) {
            report(A, OK, A);
            time.advance(Duration.ofMillis(5));
        }
        for (int call = 0; call < 1_000; call++) { // a third of connects refused for five seconds
            prober.answer(A, deploy.nextInt(3) == 0 ? new Prober.Refused("refused") : new Prober.Passed());
            report(A, deploy.nextInt(3) == 0 ? REFUSED : OK, A);
            time.advance(Duration.ofMillis(5));
            assertThat(of(A, A)).isNotEqualTo(State.UNHEALTHY);
        }
    }

    @Test
    void theOnlyAddressOfATierFallsByOneProbeThatTimesOut() {
        prober.answer(A, new Prober.TimedOut());
        report(A, CONNECT_TIMEOUT, A);
        assertThat(of(A, A)).isEqualTo(State.UNHEALTHY);
        assertThat(look(A, A).verdict().reason()).contains("timed out");
    }

    @Test
    void theOnlyAddressOfATierIsPassedOverAfterAConnectTimeout() {
        report(A, CONNECT_TIMEOUT, A);
        assertThat(look(A, A).use()).isEqualTo(Use.PASSED_OVER);
    }

    @Test
    void withoutProbesOnlyASuccessfulCallBringsItBack() {
        health = health(HealthOptions.builder().probe(Probe.none()).build());
        view = health.view(true, () -> {});
        IntStream.range(0, 3).forEach(i -> report(A, REFUSED, A));
        assertThat(of(A, A)).isEqualTo(State.UNHEALTHY);
        time.advance(Duration.ofHours(1));
        assertThat(prober.probed).isEmpty();
        report(A, OK, A);
        assertThat(of(A, A)).isEqualTo(State.HEALTHY);
    }

    @Test
    void verdictsSurviveARefreshAndDieSoonAfterTheEndpointLeft() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, REFUSED, A, B);
        view.annotate(List.of(List.of(B)));
        time.advance(Duration.ofSeconds(20));
        assertThat(of(A, A, B)).isEqualTo(State.UNHEALTHY);
        view.annotate(List.of(List.of(B)));
        time.advance(Duration.ofSeconds(60));
        assertThat(of(A, A, B)).isEqualTo(State.UNKNOWN);
        view.close();
        time.advance(Duration.ofSeconds(60));
        assertThat(health.size()).isZero();
        assertThat(time.pending()).isZero();
    }

    @Test
    void servicesShareTheVerdictOfOneAddressAndBothAreTold() {
        List<String> told = new ArrayList<>();
        HealthView one = health.view(true, () -> told.add("one"));
        HealthView other = health.view(true, () -> told.add("other"));
        Candidate candidate = one.annotate(List.of(List.of(A, B))).get(0).get(0);
        other.annotate(List.of(List.of(A, B)));
        candidate.outcomes().ended(0, REFUSED);
        assertThat(told).containsExactly("one", "other");
        assertThat(other.annotate(List.of(List.of(A, B)))
                        .get(0)
                        .get(0)
                        .verdict()
                        .state())
                .isEqualTo(State.SUSPECT);
    }

    @Test
    void aFirstSuccessIsToldWithoutHurryAndARecoveryWithIt() {
        List<String> told = new ArrayList<>();
        HealthView watched = health.view(true, Optional.empty(), () -> told.add("changed"), () -> told.add("proven"));
        Candidate candidate = watched.annotate(List.of(List.of(A, B))).get(0).get(0);
        candidate.outcomes().ended(candidate.outcomes().began(), OK);
        assertThat(told).containsExactly("proven");
        candidate.outcomes().ended(candidate.outcomes().began(), REFUSED);
        assertThat(told).containsExactly("proven", "changed");
    }

    @Test
    void probesStayWithinTheirBounds() {
        prober.hold = true;
        Endpoint[] fleet = IntStream.range(1, 201)
                .mapToObj(i -> Endpoint.parse("10.0.1." + i + ":80"))
                .toArray(Endpoint[]::new);
        List<Candidate> candidates = view.annotate(List.of(List.of(fleet))).get(0);
        candidates.forEach(candidate -> candidate.outcomes().ended(0, REFUSED));
        assertThat(prober.held).hasSize(16); // in flight at most
        for (int second = 0; second < 10; second++) {
            prober.release();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(prober.probed.size()).isLessThanOrEqualTo(20 + 10 * 10); // a burst of 20, then 10 a second
    }

    @Test
    void anExaminationSettlesVerdictsByProbesAlone() {
        prober.answer(A, new Prober.Refused("connection refused"));
        look(A, A);
        List<String> done = new ArrayList<>();
        view.probeNow(() -> done.add("done"));
        assertThat(done).isEmpty(); // the only address of its tier: three refused probes
        time.advance(Duration.ofMillis(40));
        assertThat(done).containsExactly("done");
        assertThat(of(A, A)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void transitionsAreToldWithTheirReason() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, OK, A, B);
        report(A, REFUSED, A, B);
        assertThat(events.stream().map(Event::toString))
                .containsExactly(
                        "10.0.0.1:80: healthy -> suspect: connection refused",
                        "10.0.0.1:80: suspect -> unhealthy: connection refused");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() ->
                        HealthOptions.builder().probeInterval(Duration.ZERO).build())
                .hasMessageContaining("probeInterval: PT0S");
        assertThatThrownBy(() -> Probe.parse("icmp"))
                .hasMessageContaining("'icmp'")
                .hasMessageContaining("tcp");
        assertThatThrownBy(() -> Probe.parse("http:ready")).hasMessageContaining("probe path");
        assertThat(Probe.parse("http:/ready")).isEqualTo(Probe.http("/ready"));
    }

    /** Answers as told; by default never. */
    private static final class ScriptedProber implements Prober {
        private final Map<InetSocketAddress, Result> answers = new HashMap<>();
        private final List<InetSocketAddress> probed = new ArrayList<>();
        private final List<Consumer<Result>> held = new ArrayList<>();
        private boolean hold;

        void answer(Endpoint endpoint, Result result) {
            answers.put(endpoint.socketAddress(), result);
        }

        void release() {
            List<Consumer<Result>> now = List.copyOf(held);
            held.clear();
            now.forEach(done -> done.accept(new Refused("connection refused")));
        }

        @Override
        public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
            probed.add(address);
            Result result = answers.get(address);
            if (hold || result == null) {
                held.add(done);
            } else {
                done.accept(result);
            }
        }
    }

    @Test
    void aSickEndpointThatLeavesAndReturnsIsProbedAgain() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, REFUSED, A, B);
        view.annotate(List.of(List.of(B)));
        time.advance(Duration.ofSeconds(10));
        assertThat(of(A, A, B)).isEqualTo(State.UNHEALTHY);
        prober.answer(A, new Prober.Passed());
        time.advance(Duration.ofSeconds(15));
        assertThat(of(A, A, B)).isEqualTo(State.HEALTHY);
    }

    @Test
    void aVipThatDiesAfterItsProbePassedIsProbedAtTheThirdRefusedCall() {
        prober.answer(A, new Prober.Passed());
        report(A, REFUSED, A);
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, REFUSED, A);
        report(A, REFUSED, A);
        time.advance(Duration.ofMillis(60));
        assertThat(of(A, A)).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void withoutProbesASickEndpointIsTriedWithCallsAgain() {
        health = health(HealthOptions.builder().probe(Probe.none()).build());
        view = health.view(true, () -> {});
        report(A, REFUSED, A, B);
        assertThat(look(A, A, B).use()).isEqualTo(Use.PASSED_OVER);
        time.advance(Duration.ofSeconds(6));
        assertThat(look(A, A, B).use()).isEqualTo(Use.IN_TURN);
        List<String> done = new ArrayList<>();
        view.probeNow(() -> done.add("done"));
        assertThat(done).containsExactly("done");
        assertThat(prober.probed).isEmpty();
    }

    @Test
    void aProberThatThrowsIsAFailedProbeAndLeaksNoPlace() {
        Prober broken = (address, timeout, done) -> {
            throw new IllegalStateException("broken");
        };
        Health fragile =
                new Health(HealthOptions::defaults, any -> broken, time, time, serial, new Random(1), events::add);
        HealthView fragileView = fragile.view(true, () -> {});
        for (int i = 1; i < 40; i++) {
            Endpoint endpoint = Endpoint.parse("10.0.2." + i + ":80");
            Candidate candidate =
                    fragileView.annotate(List.of(List.of(endpoint, B))).get(0).get(0);
            candidate.outcomes().ended(0, REFUSED);
            time.advance(Duration.ofSeconds(1));
            assertThat(fragileView
                            .annotate(List.of(List.of(endpoint, B)))
                            .get(0)
                            .get(0)
                            .verdict()
                            .reason())
                    .contains("the probe threw java.lang.IllegalStateException");
        }
    }

    @Test
    void withoutProbesFailuresThatCameAllAtOnceAreTriedAgainToo() {
        List<Runnable> queued = new ArrayList<>();
        SerialExecutor late = new SerialExecutor(queued::add, thrown -> {});
        HealthOptions none = HealthOptions.builder().probe(Probe.none()).build();
        Health unprobed = new Health(() -> none, any -> prober, time, time, late, new Random(1), events::add);
        HealthView mine = unprobed.view(true, () -> {});
        Candidate candidate = mine.annotate(List.of(List.of(A, B))).get(0).get(0);
        IntStream.range(0, 3).forEach(i -> candidate.outcomes().ended(0, REFUSED)); // before the executor gets to any
        drain(queued);
        assertThat(mine.annotate(List.of(List.of(A, B))).get(0).get(0).verdict().state())
                .isEqualTo(State.UNHEALTHY);
        time.advance(Duration.ofSeconds(6));
        drain(queued);
        assertThat(mine.annotate(List.of(List.of(A, B))).get(0).get(0).verdict().state())
                .isEqualTo(State.UNKNOWN);
    }

    private static void drain(List<Runnable> queued) {
        while (!queued.isEmpty()) {
            queued.remove(0).run();
        }
    }

    @Test
    void theOnlyAddressOfATierThatTimedOutOnceAndRefusesEverSinceIsNotSuspectForEver() {
        prober.answer(A, new Prober.Refused("connection refused"));
        report(A, CONNECT_TIMEOUT, A);
        assertThat(look(A, A).use()).isEqualTo(Use.PASSED_OVER); // so nobody calls it again
        time.advance(Duration.ofMillis(40));
        assertThat(look(A, A).verdict().state()).isEqualTo(State.UNHEALTHY);
    }
}
