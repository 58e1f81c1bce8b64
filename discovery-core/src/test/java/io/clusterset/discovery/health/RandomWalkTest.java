package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens, in whatever order: nothing sticks, the cap holds, and in the end nothing is left. */
class RandomWalkTest {

    private static final int WALKS = 150;
    private static final int STEPS = 250;
    private static final List<Endpoint> ALL = IntStream.rangeClosed(1, 5)
            .mapToObj(n -> Endpoint.parse("10.0.0." + n + ":80"))
            .toList();
    private static final List<Outcome> SOFT = List.of(
            new Outcome.Succeeded(),
            new Outcome.FailedSoft("HTTP 503"),
            new Outcome.FailedOtherwise("no such order"),
            new Outcome.Abandoned());
    private static final List<Outcome> ANY = List.of(
            new Outcome.Succeeded(),
            new Outcome.FailedSoft("HTTP 503"),
            new Outcome.FailedHard("connection refused", false),
            new Outcome.FailedHard("connect timeout", true),
            new Outcome.Abandoned());
    private static final List<Prober.Result> ANSWERS = List.of(
            new Prober.Passed(), new Prober.Refused("connection refused"), new Prober.TimedOut(), new Prober.Passed());

    /** Attempts that are under way. */
    private record Open(Outcomes outcomes, long mark) {}

    @ParameterizedTest
    @EnumSource
    void whenAllIsWellAgainEveryEndpointIsHealthyAndInTheEndNothingIsLeft(Probing probing) {
        for (int seed = 0; seed < WALKS; seed++) {
            Random random = new Random(seed);
            Ward ward = new Ward(HealthOptions.builder().probing(probing).build());
            checkThatAllComesBack(ward, walk(ward, random, List.of()), "seed %d, %s".formatted(seed, probing));
        }
    }

    /** The same while options change, whatever they are in the end; sometimes nobody is told. */
    @ParameterizedTest
    @EnumSource
    void soItIsThoughOptionsChangeInTheMiddle(Probing last) {
        List<HealthOptions> any = Stream.of(Probing.values())
                .flatMap(probing -> Stream.of(Probe.tcp(), Probe.http("/"), Probe.none())
                        .flatMap(probe -> IntStream.of(100, 5_000, 60_000)
                                .mapToObj(millis -> HealthOptions.builder()
                                        .probing(probing)
                                        .probe(probe)
                                        .probeInterval(Duration.ofMillis(millis))
                                        .healthyAfter(1 + millis % 7)
                                        .unhealthyAfter(1 + millis % 3)
                                        .build())))
                .toList();
        for (int seed = 0; seed < WALKS; seed++) {
            Random random = new Random(seed);
            Ward ward = new Ward(pick(any, random));
            List<Endpoint> tier = walk(ward, random, any);
            ward.reconfigure(HealthOptions.builder().probing(last).build());
            checkThatAllComesBack(ward, tier, "seed %d, %s".formatted(seed, last));
        }
    }

    private static void checkThatAllComesBack(Ward ward, List<Endpoint> tier, String walk) {
        ALL.forEach(endpoint -> ward.prober.answer(endpoint, new Prober.Passed()));
        for (int second = 0; second < 800; second++) { // five minutes' ejection, twice a trial, patience of a minute
            callThoseInUse(ward, tier);
            ward.pass(1_000);
        }
        assertThat(ward.candidates(tier))
                .as(walk)
                .allMatch(one -> one.verdict().state() == State.HEALTHY && one.use() == Use.IN_TURN);
        ward.view.close();
        ward.pass(120_000);
        assertThat(ward.health.size()).as("%s, endpoints", walk).isZero();
        assertThat(ward.time.pending()).as("%s, timers", walk).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void ofThoseThatFailSoftlyNoMoreThanTheCapAreLeftOut(Probing probing) {
        for (int seed = 0; seed < WALKS; seed++) {
            Random random = new Random(seed);
            Ward ward = new Ward(HealthOptions.builder().probing(probing).build());
            List<Endpoint> tier = ALL;
            for (int step = 0; step < STEPS; step++) {
                tier = random.nextInt(20) == 0 ? ALL.subList(0, 1 + random.nextInt(5)) : tier;
                for (int call = random.nextInt(40); call > 0; call--) {
                    Endpoint endpoint = tier.get(random.nextInt(tier.size()));
                    ward.report(endpoint, SOFT.get(random.nextInt(SOFT.size())), tier);
                }
                ward.pass(random.nextInt(3_000));
                assertThat(ward.candidates(tier))
                        .filteredOn(one -> one.use() != Use.IN_TURN)
                        .as("seed %d, step %d, of %d", seed, step, tier.size())
                        .hasSizeLessThanOrEqualTo(tier.size() < 3 ? 0 : 1);
            }
        }
    }

    private static List<Endpoint> walk(Ward ward, Random random, List<HealthOptions> options) {
        List<Open> open = new ArrayList<>();
        List<Endpoint> tier = ALL;
        for (int step = 0; step < STEPS; step++) {
            if (!options.isEmpty() && random.nextInt(8) == 0) {
                if (random.nextInt(4) == 0) {
                    ward.set(pick(options, random));
                } else {
                    ward.reconfigure(pick(options, random));
                }
            }
            switch (random.nextInt(8)) {
                case 0 -> tier = ALL.subList(0, 1 + random.nextInt(5));
                case 1 -> ward.prober.answer(pick(ALL, random), pick(ANSWERS, random));
                case 2 -> {
                    Outcomes outcomes = ward.look(pick(tier, random), tier).outcomes();
                    open.add(new Open(outcomes, outcomes.began()));
                }
                case 3 -> {
                    if (!open.isEmpty()) {
                        Open ending = open.remove(random.nextInt(open.size()));
                        ending.outcomes().ended(ending.mark(), pick(ANY, random));
                    }
                }
                case 4 -> {
                    Endpoint endpoint = pick(tier, random);
                    Outcome outcome = pick(ANY, random);
                    for (int call = random.nextInt(30); call > 0; call--) {
                        ward.report(endpoint, outcome, tier);
                    }
                }
                case 5 -> ward.pass(random.nextInt(40_000));
                case 6 -> {
                    if (random.nextInt(4) == 0) {
                        ward.standStill(Duration.ofMillis(random.nextInt(5_000)));
                    } else if (random.nextInt(8) == 0) {
                        ward.view.close();
                    }
                }
                default -> ward.pass(random.nextInt(1_000));
            }
        }
        open.forEach(one -> one.outcomes().ended(one.mark(), new Outcome.Abandoned()));
        return tier;
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    /** As a picker would: those in turn, and those on trial as far as they admit. */
    private static void callThoseInUse(Ward ward, List<Endpoint> tier) {
        for (Candidate one : ward.candidates(tier)) {
            boolean tried = (one.use() == Use.ON_TRIAL) && one.outcomes().admits();
            if (one.use() == Use.IN_TURN || tried) {
                ward.report(one.endpoint(), new Outcome.Succeeded(), tier);
            }
        }
    }
}
