package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.simulator.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form; {@code discovery-core/simulate} runs all of it. */
class SimulatorTest {

    private static final int TWO_HOURS = 7_200;

    /** What the library is held to after every event and every pick, with seeds that the report has not. */
    @ParameterizedTest
    @ValueSource(strings = {"home-black-hole", "vip-no-pods", "deploy-api", "dns-lies-empty", "both-sick"})
    void whatMustHoldHolds(String name) {
        assertHolds(Scenarios.named(name).orElseThrow(), 2);
    }

    @Test
    void itHoldsInChaos() {
        for (long seed = 1_000; seed < 1_003; seed++) {
            assertHolds(Chaos.of(seed, TWO_HOURS), seed);
        }
    }

    private static void assertHolds(Scenario scenario, long seed) {
        List<String> broken = new ArrayList<>();
        Seen seen = Run.of(scenario, new Ours(broken::add), seed);
        assertThat(broken).as(scenario.name() + ", seed " + seed).isEmpty();
        assertThat(seen.left).as("tasks and watches left").isZero();
        assertThat(seen.calls).isPositive();
    }

    /** Two thirds of all calls: who would not count them would pass everything. */
    @Test
    void aCallThatFailsIsCounted() {
        Scenario down =
                Scenario.of("down", "", Setting.USUAL.with("seconds=90"), "30.0 home refuse", "30.0 away refuse");
        Seen seen = Run.of(down, new Ours(what -> {}), 1);
        assertThat(seen.failed).isBetween(seen.calls * 66 / 100, seen.calls * 67 / 100);
        assertThat(seen.toLeave()).isEqualTo(-1);
    }

    /** DNS that dies before, or a restart, is no call that fails. */
    @Test
    void leavingTakesFromTheFirstCallThatFails() {
        Scenario down = Scenario.of(
                "down",
                "",
                Setting.USUAL.with("seconds=90"),
                "5.0 home.dns fail",
                "30.0 home refuse",
                "30.0 away refuse",
                "40.0 away heal",
                "60.0 home heal",
                "70.0 home.dns heal");
        Seen seen = Run.of(down, new Ours(what -> {}), 1);
        assertThat(seen.failed).isPositive();
        assertThat(seen.toLeave()).isBetween(9, 13);
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        Scenario scenario = Scenarios.named("flapping-pod").orElseThrow();
        assertThat(story(scenario, 5)).isEqualTo(story(scenario, 5)).hasSizeGreaterThan(100);
        assertThat(story(scenario, 6)).isNotEqualTo(story(scenario, 5));
    }

    private static List<String> story(Scenario scenario, long seed) {
        List<String> story = new ArrayList<>();
        Ours ours = new Ours(story::add);
        ours.tells(story::add);
        story.add(Chart.of(scenario, List.of(Run.of(scenario, ours, seed))));
        return story;
    }

    /** A change of policy shows in these charts; {@code discovery-core/simulate} writes them anew. */
    @ParameterizedTest
    @ValueSource(strings = {"home-refused", "one-black-hole", "vip-no-pods", "dns-silent"})
    void theReportIsWhatComesOfThisLibrary(String name) throws IOException {
        Scenario scenario = Scenarios.named(name).orElseThrow();
        List<Seen> all = new ArrayList<>();
        all.add(Run.of(scenario, new Ours(what -> {}), Simulate.SEED));
        Peers.all().forEach(peer -> all.add(Run.of(scenario, peer, Simulate.SEED)));
        Path committed = Path.of("..", "docs", "reports", "failover", name + ".svg");
        assertThat(Chart.of(scenario, all)).isEqualTo(Files.readString(committed));
    }

    @Test
    void theReportSaysWhyWhereverItMust() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "reports", Report.FILE)))
                .contains("## Real processes")
                .doesNotContain(Reasons.NONE_GIVEN);
    }
}
