package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    private static final String DNS = "away dns forget";
    private static final int HOURS = 14_400; // seconds: four of them

    @Test
    void whatIsNotNeededToFailIsLeftOut() {
        Scenario chaos = Chaos.of(3, 86_400);
        Happening first = chaos.script().get(chaos.script().size() / 3);
        Happening second = chaos.script().get(chaos.script().size() / 2);
        Scenario shrunk = Shrinker.shrink(chaos, scenario -> scenario.script().containsAll(List.of(first, second)));
        assertThat(shrunk.script()).containsExactly(first, second);
        assertThat(shrunk.setting().seconds())
                .isGreaterThan((int) (second.at() / 1_000))
                .isLessThan(chaos.setting().seconds());
    }

    @Test
    void whatFailsByItselfNeedsNothing() {
        Scenario shrunk = Shrinker.shrink(Chaos.of(4, 7_200), scenario -> true);
        assertThat(shrunk.script()).hasSizeLessThanOrEqualTo(1);
        assertThat(shrunk.setting().seconds()).isLessThanOrEqualTo(60);
    }

    /** From a run of the library to a file that replays it: a law that is broken here on purpose says that no call may fail. */
    @Test
    void aFailingSeedBecomesAScriptThatReplaysIt() {
        long seed = LongStream.rangeClosed(1, 100)
                .filter(one -> failsAny(Chaos.of(one, HOURS), one))
                .findFirst()
                .orElseThrow();
        Scenario chaos = Chaos.of(seed, HOURS);
        Scenario shrunk = Shrinker.shrink(chaos, scenario -> failsAny(scenario, seed));
        assertThat(shrunk.script()).hasSizeLessThan(chaos.script().size() / 3);
        assertThat(failsAny(Scenario.parse(DNS, shrunk.text().lines().toList()), seed))
                .isTrue();
    }

    private static boolean failsAny(Scenario scenario, long seed) {
        return Run.of(scenario, new Ours(what -> {}), seed).failed > 0;
    }
}
