package io.clusterset.discovery.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Returning;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailoverTest {

    private final ManualTime time = new ManualTime();
    private final Failover failover = new Failover(FailoverOptions::defaults, time, new Random(1));
    private long succeeded;
    private long failed;

    private TierHealth local(int healthy, int total) {
        return new TierHealth("local", healthy, total, false, "", succeeded, failed);
    }

    private static TierHealth clusterset(int healthy, int total) {
        return new TierHealth("clusterset", healthy, total, false, "", 0, 0);
    }

    private static TierHealth dr(int healthy, int total) {
        return new TierHealth("dr", healthy, total, false, "", 0, 0);
    }

    private static TierHealth blind(String tier) {
        return new TierHealth(tier, 0, 0, true, "", 0, 0);
    }

    private List<Integer> decide(TierHealth... tiers) {
        List<TierLoad> loads = failover.decide(List.of(tiers)).tiers();
        List<Integer> percents = loads.stream().map(TierLoad::percent).toList();
        int sum = percents.stream().mapToInt(Integer::intValue).sum();
        assertThat(sum).isIn(0, 100);
        return percents;
    }

    /** Envoy's own examples of priority load, and the edges. */
    @ParameterizedTest
    @CsvSource({
        "10, 10, 10, 10, 100, 0",
        "72, 100, 100, 100, 100, 0",
        "71, 100, 100, 100, 99, 1",
        "50, 100, 100, 100, 70, 30",
        "25, 100, 100, 100, 35, 65",
        "0, 100, 100, 100, 0, 100",
        "25, 100, 25, 100, 50, 50",
        "0, 3, 1, 1, 0, 100",
        "0, 5, 0, 5, 100, 0",
        "0, 0, 0, 5, 0, 100",
        "0, 0, 0, 0, 0, 0",
        "1, 3, 1, 3, 50, 50",
        "1, 3, 1, 7, 70, 30",
        "0, 5, 1, 200, 0, 100", // one of hundreds is not none
        "1, 300, 0, 5, 100, 0"
    })
    void tierLoadIsEnvoys(int healthy, int total, int healthyNext, int totalNext, int load, int loadNext) {
        assertThat(decide(local(healthy, total), clusterset(healthyNext, totalNext)))
                .containsExactly(load, loadNext);
    }

    @Test
    void panicStaysHomeAndIsSaid() {
        List<TierLoad> loads =
                failover.decide(List.of(local(0, 5), clusterset(0, 5))).tiers();
        assertThat(loads.get(0).panic()).isTrue();
        assertThat(loads.get(0).percent()).isEqualTo(100);
        assertThat(loads.get(0).reason()).contains("0 of 5 healthy").contains("panic");
    }

    @Test
    void deadHomeAndOneHealthyVipIsNotPanic() {
        List<TierLoad> loads =
                failover.decide(List.of(local(0, 5), clusterset(1, 1))).tiers();
        assertThat(loads).noneMatch(TierLoad::panic);
        assertThat(loads.get(1).percent()).isEqualTo(100);
    }

    @Test
    void trafficLeavesAtOnceAndReturnsByDwellAndSteps() {
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(100, 0);
        assertThat(decide(local(0, 3), clusterset(3, 3))).containsExactly(0, 100);
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(0, 100);
        time.advance(Duration.ofSeconds(23));
        assertThat(decide(local(3, 3), clusterset(3, 3)))
                .as("dwell of 30 s - 20 %")
                .containsExactly(0, 100);
        time.advance(Duration.ofSeconds(13));
        List<Integer> steps = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            steps.add(decide(local(3, 3), clusterset(3, 3)).get(0));
            time.advance(Duration.ofSeconds(20));
        }
        assertThat(steps).containsExactly(5, 25, 50, 100);
    }

    @Test
    void theNextDecisionIsAnnounced() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        Failover.Loads loads = failover.decide(List.of(local(3, 3), clusterset(3, 3)));
        assertThat(loads.recheck()).isPresent();
        time.advance(loads.recheck().orElseThrow());
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(5, 95);
    }

    /** What is announced in words is told in numbers too, for who counts down. */
    @Test
    void theClockThatRunsIsToldFromItsBeginningToItsEnd() {
        List<TierHealth> well = List.of(local(3, 3), clusterset(3, 3));
        assertThat(failover.decide(well).returning()).isEmpty();
        decide(local(0, 3), clusterset(3, 3));
        long began = time.nanos();
        assertThat(failover.decide(List.of(local(1, 3), clusterset(3, 3))).returning())
                .as("a dwell that has yet to begin has no end")
                .isEmpty();
        Failover.Loads dwelling = failover.decide(well);
        Returning dwell = dwelling.returning().get(0);
        assertThat(dwell).isEqualTo(new Returning("local", 0, 5, began, dwell.due()));
        assertThat(dwell.left(began)).isEqualTo(dwelling.recheck().orElseThrow());
        time.advance(Duration.ofSeconds(3));
        assertThat(failover.decide(well).returning())
                .as("looking again begins nothing anew")
                .containsExactly(dwell);

        time.advance(dwell.left(time.nanos()));
        assertThat(failover.decide(well).returning())
                .containsExactly(new Returning(
                        "local",
                        5,
                        25,
                        dwell.due(),
                        dwell.due() + Duration.ofSeconds(20).toNanos()));
        for (int step = 0; step < 3; step++) {
            time.advance(Duration.ofSeconds(20));
            failover.decide(well);
        }
        assertThat(failover.decide(well).returning()).isEmpty();
    }

    /** At 72 to 85 % health it takes three dwells, from when it was that well. */
    @Test
    void theClockOfATierThatIsFairlyWellRunsThreeDwells() {
        List<TierHealth> fair = List.of(local(4, 7), clusterset(3, 3));
        decide(local(7, 7), clusterset(3, 3));
        decide(local(0, 7), clusterset(3, 3));
        time.advance(Duration.ofSeconds(1));
        failover.decide(fair);
        long began = time.nanos();
        time.advance(Duration.ofSeconds(60));
        Returning dwell = failover.decide(fair).returning().get(0);

        assertThat(dwell.began()).isEqualTo(began);
        assertThat(Duration.ofNanos(dwell.due() - began)).isBetween(Duration.ofSeconds(72), Duration.ofSeconds(108));
    }

    @Test
    void aFailedStepGivesEverythingBackAndDoublesTheDwell() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        decide(local(3, 3), clusterset(3, 3));
        time.advance(Duration.ofSeconds(36));
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(5, 95);
        succeeded += 90;
        failed += 10; // 10 % against 0 % elsewhere
        time.advance(Duration.ofSeconds(20));
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(0, 100);
        time.advance(Duration.ofSeconds(47));
        assertThat(decide(local(3, 3), clusterset(3, 3))).as("60 s - 20 %").containsExactly(0, 100);
        time.advance(Duration.ofSeconds(25));
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(5, 95);
    }

    @Test
    void aStepThatEndsBecauseAnotherTierTakesTheLoadHasNotFailed() {
        decide(local(3, 3), clusterset(0, 3), dr(3, 3));
        decide(local(0, 3), clusterset(0, 3), dr(3, 3));
        decide(local(0, 3), clusterset(3, 3), dr(3, 3));
        time.advance(Duration.ofSeconds(36));
        assertThat(decide(local(0, 3), clusterset(3, 3), dr(3, 3))).containsExactly(0, 5, 95);
        decide(local(3, 3), clusterset(3, 3), dr(3, 3));
        time.advance(Duration.ofSeconds(36));
        decide(local(3, 3), clusterset(3, 3), dr(3, 3));
        for (int step = 0; step < 4; step++) {
            decide(local(3, 3), clusterset(3, 3), dr(3, 3));
            time.advance(Duration.ofSeconds(20));
        }
        assertThat(decide(local(3, 3), clusterset(3, 3), dr(3, 3))).containsExactly(100, 0, 0);
        decide(local(0, 3), clusterset(3, 3), dr(3, 3));
        time.advance(Duration.ofSeconds(37));
        assertThat(decide(local(0, 3), clusterset(3, 3), dr(3, 3)))
                .as("30 s + 20 %, not doubled")
                .containsExactly(0, 5, 95);
    }

    @Test
    void aTierThatDiesInItsDwellSaysWhatAilsItAndPromisesNoStep() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        decide(local(3, 3), clusterset(3, 3));
        Failover.Loads loads = failover.decide(List.of(local(0, 3), clusterset(3, 3)));
        assertThat(loads.tiers().get(0).reason()).isEqualTo("0 of 3 healthy");
        assertThat(loads.next()).isEmpty();
        assertThat(loads.recheck()).isEmpty();
    }

    @Test
    void aDwellThatHasNotBegunPromisesNoTime() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        Failover.Loads loads = failover.decide(List.of(local(1, 3), clusterset(3, 3)));
        assertThat(loads.tiers().get(0).reason())
                .isEqualTo("below 72 % health: the dwell has not begun; 1 of 3 healthy");
        assertThat(loads.next()).containsExactly("local: its dwell begins at 72 % health");
    }

    @Test
    void whatComesBackBeforeItsTimeSaysWhy() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        TierLoad home =
                failover.decide(List.of(local(3, 3), clusterset(1, 5))).tiers().get(0);
        assertThat(home.percent()).isEqualTo(72);
        assertThat(home.reason())
                .startsWith("well again: dwell of")
                .endsWith("before its traffic comes back, and gets at once what others can't take");
    }

    @Test
    void aTierThatStandsByPromisesNoReturn() {
        decide(local(3, 3), clusterset(0, 3), dr(3, 3));
        decide(local(0, 3), clusterset(0, 3), dr(3, 3));
        decide(local(0, 3), clusterset(3, 3), dr(3, 3));
        decide(blind("local"), clusterset(3, 3), dr(3, 3));
        decide(local(3, 3), clusterset(3, 3), dr(0, 3)); // home has to take all of it at once
        Failover.Loads loads = failover.decide(List.of(local(3, 3), clusterset(3, 3), dr(3, 3)));
        assertThat(loads.tiers().stream().map(TierLoad::target)).containsExactly(100, 0, 0);
        assertThat(loads.tiers().get(1).reason()).isEqualTo("3 of 3 healthy");
        assertThat(loads.next()).noneMatch(line -> line.startsWith("clusterset"));
    }

    @Test
    void oneFailureAmongFewOutcomesFailsAStep() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        decide(local(3, 3), clusterset(3, 3));
        time.advance(Duration.ofSeconds(36));
        decide(local(3, 3), clusterset(3, 3));
        succeeded += 8;
        failed += 1;
        time.advance(Duration.ofSeconds(20));
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(0, 100);
    }

    @Test
    void ifTheTierInUseFailsEverythingComesBackAtOnce() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(3, 3));
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(0, 100);
        assertThat(decide(local(3, 3), clusterset(0, 3))).containsExactly(100, 0);
    }

    /** Whatever it was ill of before: it has all of it and is well (chaos seed 36). */
    @Test
    void whoCarriesTheLoadAlreadyWaitsForNothingWhileHomeDoes() {
        decide(local(5, 5), clusterset(7, 7));
        decide(local(0, 5), clusterset(7, 7));
        assertThat(decide(local(0, 5), clusterset(2, 7))).as("ill").containsExactly(0, 100);
        assertThat(decide(local(0, 5), clusterset(2, 2))).as("and well").containsExactly(0, 100);
        assertThat(decide(local(1, 1), clusterset(2, 2))).as("the dwell").containsExactly(0, 100);
        time.advance(Duration.ofSeconds(10));
        assertThat(decide(local(1, 2), clusterset(2, 2)))
                .as("70 and 30 by health, but one is not well and the other carries it")
                .containsExactly(0, 100);
        assertThat(decide(local(1, 2), clusterset(0, 2)))
                .as("unless it no longer can")
                .containsExactly(100, 0);
    }

    @Test
    void whoCarriesAllOfItNeedNotHandItToTheNext() {
        decide(local(5, 5), clusterset(7, 7), blind("dr"));
        decide(local(0, 5), clusterset(7, 7), blind("dr"));
        decide(local(0, 5), clusterset(2, 7), blind("dr"));
        decide(local(0, 5), clusterset(2, 2), blind("dr"));
        decide(local(1, 1), clusterset(2, 2), blind("dr"));
        assertThat(decide(local(1, 2), clusterset(2, 2), dr(3, 3))).containsExactly(0, 100, 0);
        decide(local(1, 1), clusterset(2, 2), dr(3, 3));
        assertThat(decide(local(0, 1), clusterset(2, 2), dr(3, 3))).containsExactly(0, 100, 0);
    }

    /** What it got because nobody else could take it, in the middle of its dwell, it gives back as soon as they can. */
    @Test
    void whatADwellLetThroughIsNoReturn() {
        decide(local(5, 5), clusterset(10, 10));
        decide(local(0, 5), clusterset(10, 10));
        assertThat(decide(local(5, 5), clusterset(10, 10))).containsExactly(0, 100);
        assertThat(decide(local(5, 5), clusterset(5, 10))).containsExactly(30, 70);
        assertThat(decide(local(3, 14), clusterset(10, 10))).containsExactly(0, 100);
    }

    @Test
    void blindnessIsNotIllness() {
        decide(local(3, 3), clusterset(3, 3));
        assertThat(decide(blind("local"), clusterset(3, 3))).containsExactly(0, 100);
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(100, 0);
    }

    @Test
    void emptyThenFoundComesBackBySteps() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 0), clusterset(3, 3));
        assertThat(decide(local(3, 3), clusterset(3, 3))).containsExactly(0, 100);
    }

    @Test
    void aTierThatWasOnlyStandingByIsNotMadeToDwell() {
        for (int i = 0; i < 3; i++) {
            decide(local(3, 3), clusterset(3, 3));
            assertThat(decide(local(0, 3), clusterset(3, 3))).containsExactly(0, 100);
            decide(local(3, 3), clusterset(0, 3)); // home takes all at once
        }
    }

    @Test
    void aSingleTierIsNeverHeldBack() {
        decide(local(3, 3));
        decide(local(0, 3));
        assertThat(decide(local(3, 3))).containsExactly(100);
    }

    @Test
    void healthThatWavesDuringTheDwellBeginsItAnew() {
        decide(local(10, 10), clusterset(3, 3));
        decide(local(0, 10), clusterset(3, 3));
        decide(local(10, 10), clusterset(3, 3));
        for (int i = 0; i < 20; i++) { // 400 s: every 20 s it dips below 72 %
            time.advance(Duration.ofSeconds(20));
            assertThat(decide(local(5, 10), clusterset(3, 3)).get(0)).isZero();
            assertThat(decide(local(10, 10), clusterset(3, 3)).get(0)).isZero();
        }
    }

    @Test
    void aThousandRandomStoriesNeverLoseTrafficOrFavourTheDead() {
        Random story = new Random(42);
        for (int run = 0; run < 200; run++) {
            Failover fresh = new Failover(FailoverOptions::defaults, time, new Random(run));
            for (int event = 0; event < 50; event++) {
                TierHealth home = tier("local", story);
                TierHealth next = tier("clusterset", story);
                TierHealth last = tier("dr", story);
                List<TierLoad> loads = fresh.decide(List.of(home, next, last)).tiers();
                int sum = loads.stream().mapToInt(TierLoad::percent).sum();
                assertThat(sum).isEqualTo(home.total() + next.total() + last.total() == 0 ? 0 : 100);
                boolean anyHealthy = home.healthy() + next.healthy() + last.healthy() > 0;
                for (TierHealth tier : List.of(home, next, last)) {
                    TierLoad load = loads.stream()
                            .filter(l -> l.tier().equals(tier.tier()))
                            .findFirst()
                            .orElseThrow();
                    if (anyHealthy && tier.healthy() == 0) {
                        assertThat(load.percent()).isZero();
                    }
                }
                time.advance(Duration.ofMillis(story.nextInt(60_000)));
            }
        }
    }

    private static TierHealth tier(String name, Random story) {
        int total = story.nextInt(6);
        int healthy = total == 0 ? 0 : story.nextInt(total + 1);
        return new TierHealth(name, healthy, total, story.nextBoolean(), "", story.nextInt(100), story.nextInt(3));
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() ->
                        FailoverOptions.builder().dwell(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("dwell: PT-1S");
        assertThatThrownBy(() ->
                        FailoverOptions.builder().steps(List.of(50, 25, 100)).build())
                .hasMessageContaining("steps: [50, 25, 100]");
        assertThatThrownBy(() -> FailoverOptions.builder().steps(List.of(50)).build())
                .hasMessageContaining("the last 100");
    }

    @Test
    void theReturnIsSteppedEvenIfTheTierInUseIsNotPerfect() {
        decide(local(3, 3), clusterset(3, 3));
        decide(local(0, 3), clusterset(2, 3));
        assertThat(decide(local(3, 3), clusterset(2, 3))).containsExactly(7, 93); // what clusterset cannot carry
        time.advance(Duration.ofSeconds(1));
        assertThat(decide(local(3, 3), clusterset(2, 3))).containsExactly(7, 93);
        time.advance(Duration.ofSeconds(36));
        assertThat(decide(local(3, 3), clusterset(2, 3)).get(0)).isLessThan(10);
        time.advance(Duration.ofSeconds(20));
        assertThat(decide(local(3, 3), clusterset(2, 3)).get(0)).isEqualTo(25);
    }

    @Test
    void decisionsThatFollowFromTimeAloneAreATenthOfASecondApartAtLeast() {
        Failover hasty = new Failover(
                () -> FailoverOptions.builder().dwell(Duration.ZERO).build(), time, new Random(1));
        hasty.decide(List.of(local(2, 2), clusterset(2, 2)));
        hasty.decide(List.of(local(0, 2), clusterset(2, 2)));
        Failover.Loads loads = hasty.decide(List.of(local(1, 2), clusterset(2, 2)));
        assertThat(loads.recheck().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }
}
