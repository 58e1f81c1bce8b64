package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlowStartTest {

    private final ManualTime time = new ManualTime();
    private final SlowStart slowStart = new SlowStart(Duration.ofSeconds(10), time);

    /** The weights of endpoints 0, 1, … of a tier that has the first so many. */
    private float weight(int number, List<Candidate> tier) {
        return slowStart.warmed("local", tier).stream()
                .filter(candidate -> Fleet.number(candidate) == number)
                .map(Candidate::weight)
                .findFirst()
                .orElseThrow();
    }

    private void pass(double seconds) {
        time.advance(Duration.ofMillis((long) (seconds * 1_000)));
    }

    @Test
    void aNewEndpointGetsATenthFirstAndAllAfterTenSeconds() {
        slowStart.warmed("local", Fleet.equal("local", 3));
        List<Candidate> grown = Fleet.equal("local", 4);
        double[] expected = {.1, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1, 1};
        for (int second = 0; second < expected.length; second++) {
            assertThat(weight(3, grown)).as("after " + second).isCloseTo((float) expected[second], within(1e-6f));
            assertThat(weight(0, grown)).isEqualTo(1);
            pass(1);
        }
    }

    @Test
    void itIsToBeAskedAgainAtEachStepAndNotAfterTheLast() {
        slowStart.warmed("local", Fleet.equal("local", 3));
        assertThat(slowStart.recheck()).isEmpty();
        List<Candidate> grown = Fleet.equal("local", 4);
        slowStart.warmed("local", grown);
        assertThat(slowStart.recheck()).contains(Duration.ofSeconds(1));
        pass(0.4);
        slowStart.warmed("local", grown);
        assertThat(slowStart.recheck()).contains(Duration.ofMillis(600));
        int asked = 0;
        while (slowStart.recheck().isPresent()) {
            time.advance(slowStart.recheck().orElseThrow());
            slowStart.warmed("local", grown);
            asked++;
        }
        assertThat(asked).isEqualTo(10);
        assertThat(slowStart.warmed("local", grown)).isSameAs(grown);
    }

    @Test
    void aWholeNewTierStartsAtOnce() {
        List<Candidate> all = Fleet.equal("local", 4);
        assertThat(slowStart.warmed("local", all)).isSameAs(all);
        List<Candidate> others = Fleet.equal("clusterset", 4); // all exchanged at once
        assertThat(slowStart.warmed("local", others)).isSameAs(others);
        List<Candidate> remote = Fleet.equal("clusterset", 4);
        assertThat(slowStart.warmed("clusterset", remote)).isSameAs(remote);
        slowStart.warmed("local", List.of());
        pass(60);
        assertThat(slowStart.warmed("local", all)).isSameAs(all);
    }

    @Test
    void aRefreshNeverRestartsIt() {
        slowStart.warmed("local", Fleet.equal("local", 3));
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            List<Candidate> shuffled = new ArrayList<>(Fleet.equal("local", 4)); // anew each time, in any order
            Collections.shuffle(shuffled, random);
            int seconds = i / 10;
            assertThat(weight(3, shuffled)).isCloseTo((float) Math.max(.1, seconds / 10.0), within(1e-6f));
            pass(0.1);
        }
    }

    @Test
    void oneThatLeavesForHalfAMinuteIsNotNew() {
        List<Candidate> both = Fleet.equal("local", 2);
        slowStart.warmed("local", both);
        slowStart.warmed("local", both.subList(0, 1));
        pass(30);
        assertThat(weight(1, both)).isEqualTo(1);
        slowStart.warmed("local", both.subList(0, 1));
        pass(30.1);
        assertThat(weight(1, both)).isEqualTo(0.1f);
    }

    @Test
    void oneThatLeavesWhileItIsNewIsAsOldWhenItReturns() {
        slowStart.warmed("local", Fleet.equal("local", 2));
        List<Candidate> three = Fleet.equal("local", 3);
        slowStart.warmed("local", three);
        pass(3);
        slowStart.warmed("local", three.subList(0, 2));
        assertThat(slowStart.recheck()).isEmpty();
        pass(3);
        assertThat(weight(2, three)).isEqualTo(0.6f);
        slowStart.warmed("local", three.subList(0, 2));
        pass(20);
        assertThat(weight(2, three)).isEqualTo(1);
    }

    @Test
    void weightsOfItsSourceCount() {
        slowStart.warmed("local", Fleet.weighing("local", 5, 5));
        assertThat(weight(2, Fleet.weighing("local", 5, 5, 50))).isEqualTo(5);
    }

    @Test
    void aLongWindowHasTenSteps() {
        SlowStart minutes = new SlowStart(Duration.ofMinutes(10), time);
        minutes.warmed("local", Fleet.equal("local", 1));
        minutes.warmed("local", Fleet.equal("local", 2));
        assertThat(minutes.recheck()).contains(Duration.ofMinutes(1));
        pass(330);
        assertThat(minutes.warmed("local", Fleet.equal("local", 2)).get(1).weight())
                .isEqualTo(0.5f);
        assertThat(minutes.recheck()).contains(Duration.ofSeconds(30));
    }

    @Test
    void zeroTurnsItOff() {
        SlowStart off = new SlowStart(Duration.ZERO, time);
        off.warmed("local", Fleet.equal("local", 1));
        List<Candidate> grown = Fleet.equal("local", 2);
        assertThat(off.warmed("local", grown)).isSameAs(grown);
        assertThat(off.recheck()).isEmpty();
        assertThatThrownBy(() -> new SlowStart(Duration.ofSeconds(-1), time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slowStart: PT-1S (expected: PT0S to PT1H)");
    }

    @Test
    void whileNobodyIsNewTheListComesBackAsItIs() {
        List<Candidate> many = Fleet.equal("local", 10_000);
        slowStart.warmed("local", many);
        List<Candidate> again = Fleet.equal("local", 10_000);
        assertThat(slowStart.warmed("local", again)).isSameAs(again);
        List<Candidate> fewer = again.subList(0, 9_999);
        assertThat(slowStart.warmed("local", fewer)).isSameAs(fewer);
    }
}
