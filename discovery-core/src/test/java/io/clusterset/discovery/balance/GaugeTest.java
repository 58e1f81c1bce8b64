package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.health.Health;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What balancers learn, and that everybody else hears what they always heard. */
class GaugeTest {

    private final ManualTime time = new ManualTime();

    private Picker build(Balancer balancer, Optional<Picker> before, List<Candidate> local) {
        return Fleet.build(balancer, before, time, 0, Fleet.home(local));
    }

    private static Fleet.Told told(Candidate original) {
        return (Fleet.Told) original.outcomes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"least-request", "peak-ewma", "consistent-hash", "sticky"})
    void everyCandidateThatIsHandedOutPassesItsOutcomesOn(String name) {
        List<Candidate> local = new ArrayList<>(Fleet.equal("local", 3));
        Fleet.Told onTrial = new Fleet.Told();
        onTrial.permits = 5;
        local.add(new Candidate(Fleet.endpoint("local", 3), Decisions.SUSPECT, Use.ON_TRIAL, 1, onTrial));
        Picker picker = build(Balancer.parse(name), Optional.empty(), local);
        int attempts = 0;
        Set<java.net.InetSocketAddress> tried = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<Candidate> handedOut = List.of(
                    picker.pick(),
                    picker.pick(Affinity.of("a" + i)),
                    picker.ordered().get(i % 4),
                    picker.another(tried, Optional.empty()).orElseThrow());
            for (Candidate candidate : handedOut) {
                long mark = candidate.outcomes().began();
                candidate.outcomes().ended(mark, Fleet.OK);
                attempts++;
            }
        }
        assertThat(local.stream().mapToInt(candidate -> told(candidate).begun).sum())
                .isEqualTo(attempts);
        assertThat(local.stream().flatMap(candidate -> told(candidate).outcomes.stream()))
                .hasSize(attempts)
                .containsOnly(Fleet.OK);
        assertThat(local.stream().flatMap(candidate -> told(candidate).marks.stream()))
                .containsOnly(0L);
        if (!name.equals("sticky")) { // which has no use for trials
            assertThat(onTrial.permits).isLessThanOrEqualTo(0);
        }
        tried.add(local.get(0).endpoint().socketAddress());
        assertThat(picker.another(tried, Optional.empty()).orElseThrow().endpoint())
                .isNotEqualTo(local.get(0).endpoint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"least-request", "peak-ewma", "consistent-hash"})
    void whatIsOpenSurvivesARebuildInAnyOrder(String name) {
        List<Candidate> local = new ArrayList<>(Fleet.equal("local", 20));
        Picker first = build(Balancer.parse(name), Optional.empty(), local);
        for (Candidate candidate : first.ordered()) {
            for (int i = 0; i < Fleet.number(candidate); i++) {
                candidate.outcomes().began();
            }
        }
        Picker same = build(Balancer.parse(name), Optional.of(first), local);
        Collections.shuffle(local, new Random(1));
        List<Candidate> fewer = local.subList(3, 20);
        Picker second = build(Balancer.parse(name), Optional.of(same), fewer);
        assertThat(second.ordered()).hasSize(17);
        assertThat(second.ordered())
                .allMatch(candidate -> Gauges.gauge(candidate).open() == Fleet.number(candidate));
        // and one that is known under new outcomes is somebody else
        Picker third = build(Balancer.parse(name), Optional.of(second), Fleet.equal("local", 20));
        assertThat(third.ordered())
                .allMatch(candidate -> Gauges.gauge(candidate).open() == 0);
    }

    @Test
    void anEndpointThatChangesItsTierCountsInItsNewCrowd() {
        List<Candidate> two = Fleet.equal("local", 2);
        Picker first = build(Balancer.consistentHash(), Optional.empty(), two);
        Candidate moves = first.ordered().stream()
                .filter(candidate -> Fleet.number(candidate) == 1)
                .findFirst()
                .orElseThrow();
        long mark = moves.outcomes().began();
        Picker second = Fleet.build(
                Balancer.consistentHash(),
                Optional.of(first),
                time,
                0,
                Fleet.home(two.subList(0, 1)),
                Decisions.decided("clusterset", 0, false, two.subList(1, 2)));
        CrowdGauge moved = (CrowdGauge) second.ordered().get(1).outcomes();
        assertThat(moved.tier()).isEqualTo("clusterset");
        moves.outcomes().ended(mark, Fleet.OK); // where it began
        assertThat(moved.crowd().sum()).isZero();
        assertThat(((CrowdGauge) second.ordered().get(0).outcomes()).crowd().sum())
                .isZero();
    }

    // --- the average

    private final Decay decay = Decay.from(time, Duration.ofSeconds(10));
    private final PeakAverage average = new PeakAverage(decay);

    private double millis() {
        return average.at(time.nanos()) / 1e6;
    }

    private void succeeds(long millis) {
        average.succeeded(time.nanos(), millis * 1_000_000);
    }

    private void fails(long millis) {
        average.failed(time.nanos(), millis * 1_000_000);
    }

    @Test
    void aSlowerAnswerCountsAtOnceAndAFasterOneAsTheAverageFades() {
        assertThat(average.level()).isEqualTo(PeakAverage.UNKNOWN);
        succeeds(10);
        assertThat(millis()).isCloseTo(10, within(1e-6));
        succeeds(100);
        assertThat(millis()).isCloseTo(100, within(1e-6));
        succeeds(10);
        assertThat(millis()).isCloseTo(100, within(1e-6));
        time.advance(Duration.ofSeconds(10));
        assertThat(millis()).isCloseTo(100 / Math.E, within(1e-6));
        time.advance(Duration.ofSeconds(20));
        assertThat(millis()).isCloseTo(100 * Math.exp(-3), within(1e-6));
        succeeds(10);
        assertThat(millis()).isCloseTo(10, within(1e-6));
    }

    @Test
    void aFailureNeverLowersTheAverageNorLetsItFade() {
        succeeds(100);
        for (int i = 0; i < 600; i++) {
            time.advance(Duration.ofSeconds(1));
            fails(1);
        }
        assertThat(millis()).isCloseTo(100, within(1e-3));
        fails(2_000);
        assertThat(millis()).isCloseTo(2_000, within(1e-3));
    }

    @Test
    void oneThatHasOnlyEverFailedIsTakenToBeSlow() {
        fails(1);
        assertThat(millis()).isCloseTo(1_000, within(1e-3));
    }

    @Test
    void theClockMayOverflow() {
        Decay late = new Decay(() -> 0, Long.MAX_VALUE - 5, 1e10);
        PeakAverage over = new PeakAverage(late);
        over.succeeded(Long.MAX_VALUE, 1_000_000);
        assertThat(over.at(Long.MIN_VALUE + 10_000_000_000L) / 1e6).isCloseTo(1 / Math.E, within(1e-6));
    }

    @Test
    void oneOfWhichNothingIsKnownIsTriedOnceAndWaitedFor() {
        LatencyGauge unknown = new LatencyGauge(new Fleet.Told(), decay);
        LatencyGauge known = new LatencyGauge(new Fleet.Told(), decay);
        attempt(known, 5_000, Fleet.OK);
        assertThat(unknown.load(1)).isLessThan(known.load(1));
        unknown.began();
        for (int i = 0; i < 100; i++) {
            known.began();
        }
        assertThat(unknown.load(1)).isGreaterThan(known.load(1));
    }

    @Test
    void whatSaysNothingOfTheEndpointSaysNothingOfItsLatency() {
        LatencyGauge gauge = new LatencyGauge(new Fleet.Told(), decay);
        attempt(gauge, 7_000, new Outcome.Abandoned());
        attempt(gauge, 7_000, new Outcome.FailedOtherwise("no such order"));
        assertThat(gauge.load(1)).isEqualTo(Double.NEGATIVE_INFINITY);
        attempt(gauge, 20, Fleet.OK);
        double before = gauge.load(1);
        attempt(gauge, 7_000, new Outcome.Abandoned());
        assertThat(gauge.load(1)).isEqualTo(before);
        assertThat(gauge.open()).isZero();
        attempt(gauge, 7_000, Fleet.LATE);
        assertThat(gauge.load(1)).isGreaterThan(before);
    }

    private void attempt(Outcomes outcomes, long millis, Outcome outcome) {
        long mark = outcomes.began();
        time.advance(Duration.ofMillis(millis));
        outcomes.ended(mark, outcome);
    }

    // --- with the real verdicts behind it

    private static final Endpoint A = Endpoint.parse("10.0.0.1:80");
    private static final List<Endpoint> TIER = List.of(A, Endpoint.parse("10.0.0.2:80"), Endpoint.parse("10.0.0.3:80"));

    private HealthView health() {
        HealthOptions withoutProbes =
                HealthOptions.builder().probe(Probe.none()).build();
        return new Health(
                        () -> withoutProbes,
                        any -> (address, timeout, done) -> {},
                        time,
                        time,
                        Runnable::run,
                        new Random(1),
                        e -> {})
                .view(false, () -> {});
    }

    /**
     * Callers whose read timeout is one second tell of a black hole too, although their attempts end before they are seen to be
     * too old. The judge allows for its own coarse marks there: an exact time in place of one would never be old enough.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBlackHoleIsToldByCallersThatGiveUpAfterASecond(boolean measured) {
        HealthView view = health();
        Candidate first = view.annotate(List.of(TIER)).get(0).get(0);
        Outcomes outcomes = measured ? new LatencyGauge(first.outcomes(), decay) : first.outcomes();
        attempt(outcomes, 1, Fleet.OK);
        time.advance(Duration.ofMillis(649));
        attempt(outcomes, 1_000, Fleet.LATE);
        assertThat(view.annotate(List.of(TIER)).get(0).get(0).verdict().reason())
                .contains("open for 1 s");
    }

    /** Any walk of attempts, with a gauge between and without: the same verdicts at all times. */
    @Test
    void verdictsAreTheSameAsWithoutAGauge() {
        for (int seed = 0; seed < 40; seed++) {
            assertThat(walk(seed, true).equals(walk(seed, false)))
                    .as("seed " + seed)
                    .isTrue();
        }
    }

    private static List<Verdict> walk(int seed, boolean measured) {
        ManualTime clock = new ManualTime();
        Random random = new Random(seed);
        HealthView view = new Health(
                        HealthOptions::defaults,
                        any -> (address, timeout, done) ->
                                done.accept(new io.clusterset.discovery.health.Prober.Passed()),
                        clock,
                        clock,
                        Runnable::run,
                        new Random(1),
                        event -> {})
                .view(true, () -> {});
        Decay clocked = Decay.from(clock, Duration.ofSeconds(10));
        List<Candidate> candidates = view.annotate(List.of(TIER)).get(0);
        List<Outcomes> outcomes = candidates.stream()
                .map(candidate -> measured ? new LatencyGauge(candidate.outcomes(), clocked) : candidate.outcomes())
                .toList();
        List<Outcome> any = List.of(Fleet.OK, Fleet.OK, Fleet.OK, Fleet.LATE, Fleet.REFUSED, new Outcome.Abandoned());
        List<Verdict> verdicts = new ArrayList<>();
        List<Runnable> open = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            clock.advance(Duration.ofMillis(25L * random.nextInt(8))); // often on the beat
            if (random.nextBoolean()) {
                Outcomes one = outcomes.get(random.nextInt(3));
                boolean admitted = one.admits() || random.nextInt(4) > 0;
                if (admitted) {
                    long mark = one.began();
                    Outcome how = any.get(random.nextInt(any.size()));
                    open.add(() -> one.ended(mark, how));
                }
            } else if (!open.isEmpty()) {
                open.remove(random.nextInt(open.size())).run();
            }
            view.annotate(List.of(TIER)).get(0).forEach(candidate -> verdicts.add(candidate.verdict()));
        }
        return verdicts;
    }
}
