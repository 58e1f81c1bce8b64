package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loads of a home that was ill from second 100 to second 200, and what may come of it. */
class ReturnsTest {

    private static final Resolution NONE = new Resolution.Empty(Duration.ZERO, Evidence.NONE);

    private final List<String> broken = new ArrayList<>();
    private final Returns returns = new Returns(broken::add);

    @ParameterizedTest
    @CsvSource({"200.5, 100", "223.9, 5", "224, 6", "243.9, 25", "244, 26", "263.9, 50", "283.9, 100"})
    void soMuchIsTooEarly(double second, int percent) {
        isIll();
        decided(second, home(percent, 100, 100), away(100 - percent, 0, 100));
        assertThat(broken).hasSize(1).first().asString().startsWith("local came back to " + percent + " % ");
    }

    @Test
    void byStepsItMay() {
        isIll();
        decided(200.1, home(0, 100, 100), away(100, 0, 100));
        decided(224, home(5, 100, 100), away(95, 0, 100));
        decided(244, home(25, 100, 100), away(75, 0, 100));
        decided(264, home(50, 100, 100), away(50, 0, 100));
        decided(284, home(100, 100, 100), away(0, 0, 100));
        decided(285, home(50, 50, 50), away(50, 50, 100)); // and what is due to it now is another matter
        assertThat(broken).isEmpty();
        decided(286, home(60, 60, 60), away(40, 40, 100));
        assertThat(broken).hasSize(1);
    }

    @Test
    void anotherIllnessBeforeItsFirstStepBeginsAnew() {
        isIll();
        decided(210, home(0, 100, 100), away(100, 0, 100));
        decided(220, home(0, 70, 70), away(100, 30, 100));
        decided(221, home(0, 100, 100), away(100, 0, 100));
        decided(240, home(5, 100, 100), away(95, 0, 100));
        assertThat(broken).hasSize(1);
    }

    @Test
    void soDoesOneThatIsIllAgainAfterItsDwellButBeforeItsFirstStep() {
        isIll();
        decided(230, home(0, 70, 70), away(100, 30, 100));
        decided(240, home(4, 70, 70), away(96, 30, 100));
        assertThat(broken).hasSize(1);
    }

    @Test
    void oneThatLostAPartIsIllForAsLongAsItLooksSo() {
        decided(1, home(100, 100, 100), away(0, 0, 100));
        for (int second = 100; second <= 200; second += 10) {
            decided(second, home(56, 56, 56), away(44, 44, 100));
        }
        decided(223, home(100, 100, 100), away(0, 0, 100));
        assertThat(broken).hasSize(1);
    }

    @Test
    void whatItHadForAnotherAndGivesBackIsNoLoss() {
        isIll();
        decided(226, home(40, 90, 90), away(60, 10, 60));
        decided(228, home(5, 90, 90), away(95, 10, 100));
        decided(244, home(23, 90, 90), away(77, 10, 100));
        decided(260, home(60, 100, 100), away(40, 0, 40));
        decided(265, home(55, 55, 50), away(45, 45, 40)); // all that others have no room for, and that is less now
        decided(290, home(100, 100, 100), away(0, 0, 100));
        assertThat(broken).isEmpty();
    }

    @Test
    void anIllnessWithinItsStepsDoesNot() {
        isIll();
        decided(224, home(5, 100, 100), away(95, 0, 100));
        decided(234, home(5, 70, 70), away(95, 30, 100));
        decided(244, home(25, 100, 100), away(75, 0, 100));
        assertThat(broken).isEmpty();
    }

    @Test
    void whoeverStandsInForAnotherIsNotComingBack() {
        decided(100, home(100, 100, 100), away(0, 0, 50));
        decided(110, home(56, 100, 100), away(44, 0, 100));
        assertThat(broken).isEmpty();
    }

    @Test
    void whatOthersHaveNoRoomForMayComeAtOnce() {
        isIll();
        decided(201, home(60, 100, 100), away(40, 0, 40));
        assertThat(broken).isEmpty();
    }

    @Test
    void nobodyKnowsWhatAnotherThatWasIllIsHeldTo() {
        isIll();
        decided(195, home(0, 0, 0), away(100, 100, 70));
        decided(201, home(84, 84, 84), away(16, 16, 100));
        assertThat(broken).isEmpty();
    }

    @Test
    void ifAllOthersDieItHasAllAndKeepsIt() {
        isIll();
        decided(201, home(100, 100, 100), away(0, 0, 0));
        decided(202, home(99, 100, 100), away(1, 0, 100));
        decided(203, home(100, 100, 100), away(0, 0, 100));
        assertThat(broken).isEmpty();
    }

    @Test
    void oneThatWasNeverIllOrWhoseSourceWasSilentComesAtOnce() {
        decided(
                1,
                new Decision.Tier(unknown("local"), load("local", 0, 0, 0), List.of(), List.of()),
                away(100, 100, 100));
        decided(2, home(100, 100, 100), away(0, 0, 100));
        assertThat(broken).isEmpty();
    }

    private void isIll() {
        decided(1, home(100, 100, 100), away(0, 0, 100));
        decided(100, home(0, 0, 0), away(100, 100, 100));
        decided(200, home(0, 0, 0), away(100, 100, 100));
    }

    private void decided(double second, Decision.Tier... tiers) {
        List<TierView> views = List.of(tiers).stream().map(Decision.Tier::view).toList();
        Snapshot snapshot = new Snapshot(ServiceName.of("orders", "shop"), Math.round(second * 1e9), views);
        returns.decided(new Decision(snapshot, List.of(tiers), List.of(), List.of()));
    }

    private static Decision.Tier home(int percent, int target, int health) {
        return tier("local", percent, target, health);
    }

    private static Decision.Tier away(int percent, int target, int health) {
        return tier("clusterset", percent, target, health);
    }

    private static Decision.Tier tier(String name, int percent, int target, int health) {
        TierView view = new TierView(name, NONE, 0, 0, List.of(), List.of());
        return new Decision.Tier(view, load(name, percent, target, health), List.of(), List.of());
    }

    private static TierLoad load(String name, int percent, int target, int health) {
        return new TierLoad(name, percent, target, health, false, "");
    }

    private static TierView unknown(String name) {
        Resolution silent = new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.NONE);
        return new TierView(name, silent, 0, 0, List.of(), List.of());
    }
}
