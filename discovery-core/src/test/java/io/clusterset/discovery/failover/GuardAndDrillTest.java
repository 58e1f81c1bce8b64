package io.clusterset.discovery.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiers that get less than Envoy's share because somebody said so. */
class GuardAndDrillTest {

    private static final OptionalInt NO = OptionalInt.empty();

    private final ManualTime time = new ManualTime();
    private final Failover failover = new Failover(FailoverOptions::defaults, time, new Random(1));

    private static TierHealth tier(String name, int healthy, OptionalInt maxLoad, OptionalInt drill) {
        return new TierHealth(name, healthy, 5, false, "", () -> new TierHealth.Attempts(0, 0), maxLoad, drill);
    }

    private static TierHealth local(int healthy) {
        return tier("local", healthy, NO, NO);
    }

    private static TierHealth guarded(int healthy, int maxLoad) {
        return tier("clusterset", healthy, OptionalInt.of(maxLoad), NO);
    }

    private static TierHealth drilled(String name, int healthy, int percent) {
        return tier(name, healthy, NO, OptionalInt.of(percent));
    }

    private List<Integer> decide(TierHealth... tiers) {
        return failover.decide(List.of(tiers)).tiers().stream()
                .map(TierLoad::percent)
                .toList();
    }

    private void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    @Test
    void aGuardedTierRisesByTwentyPointsASecondToItsMaximumAndTheRestIsNobodys() {
        assertThat(decide(local(5), guarded(5, 50))).containsExactly(100, 0);
        pass(600_000);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            List<Integer> loads = decide(local(0), guarded(5, 50));
            assertThat(loads.get(0)).isZero();
            seen.add(loads.get(1));
            pass(250);
        }
        assertThat(seen).containsExactly(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 50, 50, 50, 50, 50);
        assertThat(failover.decide(List.of(local(0), guarded(5, 50)))
                        .tiers()
                        .get(1)
                        .reason())
                .isEqualTo("5 of 5 healthy, full: max-load 50 %");
    }

    /** Fifty endpoints found dead one after the other, 5 ms apart: each asks for little more than the last. */
    @Test
    void manySmallWishesRiseNoFasterThanOneLargeOne() {
        TierHealth standby = guarded(5, 80);
        failover.decide(List.of(new TierHealth("local", 50, 50, false, "", 0, 0), standby));
        pass(600_000);
        int load = 0;
        for (int healthy = 49; healthy >= 0; healthy--) {
            load = failover.decide(List.of(new TierHealth("local", healthy, 50, false, "", 0, 0), standby))
                    .tiers()
                    .get(1)
                    .percent();
            pass(5);
        }
        assertThat(load).as("after 250 ms at 20 points a second, 5 at once").isBetween(5, 10);
    }

    @Test
    void whileItRisesItIsLookedAtAgainAndThenNoMore() {
        decide(local(5), guarded(5, 50));
        assertThat(failover.decide(List.of(local(0), guarded(5, 50))).recheck()).contains(Duration.ofMillis(250));
        pass(5_000);
        assertThat(failover.decide(List.of(local(0), guarded(5, 50))).recheck()).isEmpty();
    }

    @Test
    void whatItMayNotTakeGoesToATierThatIsNotGuardedAndNotDead() {
        assertThat(decide(local(3), guarded(5, 10))).containsExactly(84, 10); // 84 + 16 by health alone
    }

    @Test
    void butOnlyAsFarAsItsHealthGoes() {
        assertThat(decide(local(2), guarded(5, 30))).containsExactly(56, 30);
    }

    @Test
    void fallingIsAtOnceAndRisingAgainIsNot() {
        decide(local(5), guarded(5, 50));
        pass(1_000);
        decide(local(0), guarded(5, 50));
        pass(10_000);
        assertThat(decide(local(0), guarded(5, 50))).containsExactly(0, 50);
        assertThat(decide(local(0), guarded(0, 50)).get(1)).isZero();
        pass(60_000);
        assertThat(decide(local(0), guarded(5, 50)).get(1)).isEqualTo(5);
    }

    @Test
    void theFirstDecisionEverIsNoSurprise() {
        assertThat(decide(local(0), guarded(5, 50))).containsExactly(0, 50);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5, 0, 0, 100",
        "5, 5, 20, 20, 80",
        "5, 5, 100, 100, 0",
        "5, 1, 0, 0, 100", // the other tier takes it all
        "5, 0, 0, 100, 0", // suspended
        "5, 0, 50, 100, 0", // suspended
        "0, 5, 50, 0, 100", // nothing can be forced on the dead
        "2, 5, 90, 90, 10",
    })
    void aDrillForcesATierUnlessThatWouldBeAnOutage(int healthy, int others, int percent, int home, int next) {
        decide(local(healthy), tier("clusterset", others, NO, NO));
        assertThat(decide(drilled("local", healthy, percent), tier("clusterset", others, NO, NO)))
                .containsExactly(home, next);
    }

    @Test
    void aDrillIsNoReasonToPanic() {
        List<TierHealth> running = List.of(drilled("local", 5, 0), tier("clusterset", 1, NO, NO));
        assertThat(failover.decide(running).tiers()).noneMatch(TierLoad::panic);
    }

    @Test
    void aDrillSaysSoAndSoDoesASuspendedOne() {
        List<TierHealth> running = List.of(drilled("local", 5, 0), tier("clusterset", 5, NO, NO));
        assertThat(failover.decide(running).tiers().get(0).reason()).isEqualTo("drill: forced to 0 %");
        List<TierHealth> suspended = List.of(drilled("local", 5, 0), tier("clusterset", 0, NO, NO));
        assertThat(failover.decide(suspended).tiers().get(0).reason())
                .endsWith("its drill is suspended: no other tier could carry it");
    }

    @Test
    void aDrillOfADeadTierIsSuspendedForItsOwnSake() {
        List<TierHealth> dead = List.of(drilled("local", 0, 0), tier("clusterset", 5, NO, NO));
        assertThat(failover.decide(dead).tiers().get(0).reason())
                .endsWith("its drill is suspended: it has no healthy endpoint");
    }

    @Test
    void aRisingTierSaysWhatComesNext() {
        decide(local(5), guarded(5, 50));
        pass(1_000);
        assertThat(failover.decide(List.of(local(0), guarded(5, 50))).next())
                .containsExactly("clusterset: rises by 20 points a second to 50 %");
    }

    @Test
    void theNextTierCanBeTriedWithAFewPercent() {
        decide(local(5), tier("clusterset", 5, NO, NO));
        assertThat(decide(local(5), drilled("clusterset", 5, 7))).containsExactly(93, 7);
        assertThat(decide(local(5), tier("clusterset", 5, NO, NO))).containsExactly(100, 0);
        assertThat(decide(local(0), tier("clusterset", 5, NO, NO))).containsExactly(0, 100); // at once, drill or not
    }

    @Test
    void whatADrillTookComesBackBySteps() {
        decide(local(5), tier("clusterset", 5, NO, NO));
        decide(drilled("local", 5, 0), tier("clusterset", 5, NO, NO));
        pass(60_000);
        decide(drilled("local", 5, 0), tier("clusterset", 5, NO, NO));
        List<Integer> seen = new ArrayList<>();
        for (int second = 0; second < 110; second++) {
            int home = decide(local(5), tier("clusterset", 5, NO, NO)).get(0);
            if (seen.isEmpty() || seen.get(seen.size() - 1) != home) {
                seen.add(home);
            }
            pass(1_000);
        }
        assertThat(seen).containsExactly(0, 5, 25, 50, 100);
    }

    @Test
    void ifTheOtherTierDiesDuringADrillHomeServesAtOnce() {
        decide(local(5), tier("clusterset", 5, NO, NO));
        assertThat(decide(drilled("local", 5, 0), tier("clusterset", 5, NO, NO)))
                .containsExactly(0, 100);
        assertThat(decide(drilled("local", 5, 0), tier("clusterset", 0, NO, NO)))
                .containsExactly(100, 0);
    }

    @Test
    void theLastPercentGoesToTheFirstOfTheOthersEvenIfItIsTooSmallToSplit() {
        assertThat(decide(drilled("local", 5, 99), tier("clusterset", 2, NO, NO), tier("dr", 2, NO, NO)))
                .containsExactly(99, 1, 0);
    }

    @Test
    void aDrillDoesNotShedWhatAGuardedStandbyMayNotTake() {
        decide(local(5), guarded(5, 30));
        pass(1_000);
        List<TierHealth> tiers = List.of(drilled("local", 5, 0), guarded(5, 30));
        assertThat(failover.decide(tiers).tiers().stream().map(TierLoad::percent))
                .containsExactly(95, 5);
        pass(10_000);
        List<TierLoad> loads = failover.decide(tiers).tiers();
        assertThat(loads.stream().map(TierLoad::percent)).containsExactly(70, 30);
        assertThat(loads.get(0).reason())
                .isEqualTo("drill: forced to 0 %, and gets what the others may not take (max-load)");
    }

    @Test
    void drillsOfSeveralTiersShareAHundredPercent() {
        assertThat(decide(drilled("local", 5, 80), drilled("clusterset", 5, 80)))
                .containsExactly(80, 20);
    }
}
