package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.simulator.peers.Peers;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The models against what was seen of the real libraries: facts/performance-baseline.md section 6, two endpoints, one in each
 * cluster, 200 calls a second by one client, JDK 25. "Bad" there is a call that threw or had no answer within two seconds.
 */
class PeersTest {

    private static final Setting MEASURED =
            Setting.USUAL.clients(1).rate(200).pods(1, 1).seconds(60);
    /** Both endpoints in one answer, as the OkHttp measurement had them; here they are both home's. */
    private static final Setting TOGETHER = MEASURED.pods(2, 1);

    private static Policy peer(String name) {
        return Peers.all().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Seen run(String peer, Setting setting, long seed, String... script) {
        return Run.of(Scenario.of("measured", "", setting, script), peer(peer), seed);
    }

    private static int last(int[] perSecond) {
        int last = -1;
        for (int second = 0; second < perSecond.length; second++) {
            last = perSecond[second] > 0 ? second : last;
        }
        return last;
    }

    @Test
    void okHttpLosesNoCallToAnEndpointThatRefuses() {
        // measured: 0 bad calls
        for (int pod = 0; pod < 2; pod++) {
            Seen seen = run("plain DNS order", TOGETHER, pod, "10.0 home/" + pod + " refuse");
            assertThat(seen.failed).isZero();
        }
    }

    @Test
    void okHttpLosesWhatIsUnderWayToABlackHoleAndRacesFromThenOn() {
        // measured: 3-5 bad calls, all within the first tenth of a second; which endpoint is in use is up to the order
        // of DNS
        int worst = 0;
        for (int pod = 0; pod < 2; pod++) {
            Seen seen = run("plain DNS order", TOGETHER, 1, "10.0 home/" + pod + " silence");
            assertThat(seen.failed).isLessThanOrEqualTo(5);
            assertThat(last(seen.series.failed)).isLessThanOrEqualTo(11);
            worst = Math.max(worst, (int) seen.failed);
        }
        assertThat(worst).isBetween(1, 5);
    }

    @Test
    void aSearchPathStaysWithANameWhoseEndpointsAreAllSilent() {
        Seen seen = run("plain DNS order", MEASURED, 1, "10.0 home silence");
        assertThat(last(seen.series.failed)).isEqualTo(59);
        assertThat(Series.sum(seen.series.offeredAway)).isZero();
    }

    @Test
    void aSearchPathGoesOnWhenTheNameIsGoneAndTheJvmHasForgottenIt() {
        Seen seen = run("plain DNS order", MEASURED.seconds(120), 1, "10.0 home leave");
        // not listed after a second, dead after three; then the JVM keeps it for up to thirty
        assertThat(last(seen.series.failed)).isBetween(13, 43);
        assertThat(last(seen.series.goodAway)).isEqualTo(119);
    }

    @Test
    void springRetriesARefusedCallOnTheNextEndpointUntilACheckLeavesItOut() {
        // measured: 0 bad calls with retry; 21.1 s until a check left it out, up to 25 by its phase
        for (int seed = 1; seed <= 5; seed++) {
            Seen seen = run("Spring health-check", MEASURED, seed, 5 + seed * 4 + ".0 home refuse");
            assertThat(seen.failed).isZero();
            assertThat(last(seen.series.offeredHome) - (5 + seed * 4)).isBetween(0, 25);
        }
    }

    @Test
    void springSendsHalfOfItsCallsIntoABlackHoleForever() {
        // measured: 6,000 of 12,000 hung, never better within a minute: the check hangs, too
        Seen seen = run("Spring health-check", MEASURED.seconds(70), 1, "10.0 home silence");
        assertThat(seen.failed).isBetween(5_900L, 6_100L);
        assertThat(last(seen.series.failed)).isEqualTo(69);
    }

    @Test
    void springHasNobodyWhenAllAreDownUntilTheNextCheck() {
        Seen seen = run(
                "Spring health-check",
                MEASURED.seconds(120),
                1,
                "10.0 home refuse",
                "10.0 away refuse",
                "40.0 home heal",
                "40.0 away heal");
        assertThat(last(seen.series.failed)).isBetween(40, 65);
        assertThat(Series.sum(seen.series.offeredHome) + Series.sum(seen.series.offeredAway))
                .as("attempts stop when the list is empty")
                .isLessThan(seen.calls);
    }

    @Test
    void noPeerLeavesAnythingBehindAndTheSameSeedGivesTheSameFigures() {
        Scenario rough = Scenario.of(
                "rough",
                "",
                Setting.USUAL.clients(5).rate(100).seconds(120),
                "0.0 home.dns silence",
                "5.0 home.dns heal",
                "20.0 home/1 silence",
                "30.0 home restart",
                "40.0 home refuse",
                "60.0 home.api fail",
                "70.0 home deploy 5",
                "80.0 away fail 50");
        for (Policy peer : Peers.all()) {
            Seen once = Run.of(rough, peer, 7);
            assertThat(once.left).as(peer.name()).isZero();
            assertThat(Run.of(rough, peer, 7)).hasToString(once.toString());
            assertThat(List.of(once.calls)).isNotEqualTo(List.of(0L));
        }
    }
}
