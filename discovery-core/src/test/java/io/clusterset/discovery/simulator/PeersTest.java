package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.simulator.peers.Peers;
import org.junit.jupiter.api.Test;

/**
 * The models against what was seen of the real libraries: facts/performance-baseline.md section 6, two endpoints, one in each
 * cluster, 200 calls a second by one client, JDK 25. "Bad" there is a call that threw or had no answer within two seconds.
 */
class PeersTest {

    private static final Setting MEASURED = Setting.USUAL.with("clients=1 rate=200 home=1 away=1 seconds=60");
    /** Both endpoints in one answer, as the OkHttp measurement had them; here they are both home's. */
    private static final Setting TOGETHER = MEASURED.with("home=2 away=1");

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
    void okHttpRacesAProcessThatBeginsWhileTheFirstAddressIsSilent() {
        for (int seed = 1; seed <= 8; seed++) { // the order of DNS is up to the seed
            Seen seen = run("plain DNS order", TOGETHER, seed, "10.0 home/0 silence", "12.0 home restart");
            assertThat(seen.failed).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void aSearchPathStaysWithANameWhoseEndpointsAreAllSilent() {
        Seen seen = run("plain DNS order", MEASURED, 1, "10.0 home silence");
        assertThat(last(seen.series.failed)).isEqualTo(59);
        assertThat(Series.sum(seen.series.offeredAway)).isZero();
    }

    @Test
    void aSearchPathGoesOnWhenTheNameIsGoneAndTheJvmHasForgottenIt() {
        Seen seen = run("plain DNS order", MEASURED.with("seconds=120"), 1, "10.0 home leave");
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
        Seen seen = run("Spring health-check", MEASURED.with("seconds=70"), 1, "10.0 home silence");
        assertThat(seen.failed).isBetween(5_900L, 6_100L);
        assertThat(last(seen.series.failed)).isEqualTo(69);
    }

    @Test
    void springHasNobodyWhenAllAreDownUntilTheNextCheck() {
        Seen seen = run(
                "Spring health-check",
                MEASURED.with("seconds=120"),
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
    void armeriaLosesAllCallsUntilACheckIsRefused() {
        // measured, three phases: 154-653 bad calls, 0.8-3.3 s; a check comes 2.4-3.6 s after the one before
        long worst = 0;
        long all = 0;
        for (int seed = 1; seed <= 10; seed++) {
            Seen seen = run("Armeria orElse", MEASURED, seed, "20." + (seed - 1) + " home refuse");
            assertThat(seen.failed).isLessThanOrEqualTo(740);
            worst = Math.max(worst, seen.failed);
            all += seen.failed;
        }
        assertThat(worst).isBetween(300L, 740L);
        assertThat(all / 10).isBetween(154L, 653L);
    }

    @Test
    void armeriaNeedsAConnectTimeoutMoreToSeeABlackHole() {
        // measured, three phases: 857-1,192 bad calls, 4.3-6.0 s
        long all = 0;
        for (int seed = 1; seed <= 10; seed++) {
            Seen seen = run("Armeria orElse", MEASURED, seed, "20." + (seed - 1) + " home silence");
            assertThat(seen.failed).isBetween(620L, 1_370L);
            all += seen.failed;
        }
        assertThat(all / 10).isBetween(857L, 1_192L);
    }

    @Test
    void armeriaComesHomeAtTheFirstGoodCheck() {
        Seen seen = run("Armeria orElse", MEASURED, 1, "10.0 home refuse", "30.0 home heal");
        assertThat(last(seen.series.offeredAway)).isBetween(30, 35);
        assertThat(seen.steepest()).isGreaterThan(50);
    }

    @Test
    void envoyLeavesHomeAfterThreeChecksOrFiveFailures() {
        // 5 failures in a row eject the one host of home at once, and a tenth of two hosts is still one
        Seen refused = run("Envoy priority", MEASURED, 1, "10.0 home refuse");
        assertThat(refused.failed).isLessThanOrEqualTo(5);
        // of five hosts one may be ejected; the others wait for three checks, 3 s apart and 1 s long
        Setting five = MEASURED.with("home=5 away=5");
        Seen silent = run("Envoy priority", five, 1, "10.0 home silence");
        assertThat(last(silent.series.failed) - 10).isBetween(6, 13);
        assertThat(last(silent.series.goodHome)).isLessThanOrEqualTo(10);
    }

    @Test
    void envoyShedsNothingWhileHomeHasSevenOfTenAndComesBackAtOnce() {
        Setting five = MEASURED.with("home=5 away=5");
        Seen one = run("Envoy priority", five, 1, "10.0 home/0 refuse");
        assertThat(Series.sum(one.series.offeredAway)).isZero();
        Seen three = run(
                "Envoy priority",
                five,
                1,
                "10.0 home/0 refuse",
                "10.0 home/1 refuse",
                "10.0 home/2 refuse",
                "35.0 home heal");
        double share = three.series.goodAway[30] / 200.0;
        assertThat(share).as("2 of 5 x 140 % = 56 %% stay").isBetween(0.3, 0.58);
        assertThat(last(three.series.offeredAway)).isBetween(34, 40);
    }

    @Test
    void envoyUsesAllWhenNobodyIsWell() {
        Seen seen = run("Envoy priority", MEASURED, 1, "10.0 home fail 60", "10.0 away fail 60");
        assertThat(seen.success()).as("panic: 40 % succeed, not none").isBetween(0.4, 0.7);
        assertThat(last(seen.series.goodHome)).isEqualTo(59);
        assertThat(last(seen.series.goodAway)).isEqualTo(59);
    }

    @Test
    void linkerdStaysUntilTheApiSaysNobodyIsReadyAndComesBackAtOnce() {
        Seen seen = run("linkerd-failover", MEASURED.with("seconds=90"), 1, "10.0 home refuse", "60.0 home heal");
        assertThat(last(seen.series.failed)).as("a kubelet needs 30 s").isBetween(38, 41);
        assertThat(seen.series.goodAway[45]).isBetween(190, 210);
        assertThat(last(seen.series.goodAway)).isBetween(60, 62);
    }

    @Test
    void linkerdKeepsAllCallsHomeWhileOneEndpointIsReady() {
        Setting five = MEASURED.with("home=5 away=5");
        String[] script = {"10.0 home/0 refuse", "10.0 home/1 refuse", "10.0 home/2 refuse", "10.0 home/3 refuse"};
        Seen seen = run("linkerd-failover", five, 1, script);
        assertThat(seen.failed).isZero();
        assertThat(Series.sum(seen.series.offeredAway)).isZero();
    }

    @Test
    void linkerdSeesNoBlackHoleAndNoWordOfADeadApi() {
        Seen silent = run("linkerd-failover", MEASURED, 1, "10.0 home silence");
        assertThat(last(silent.series.failed)).isEqualTo(59);
        assertThat(Series.sum(silent.series.offeredAway)).isZero();
        Seen blind = run("linkerd-failover", MEASURED, 1, "9.0 home.api fail", "10.0 home leave");
        assertThat(last(blind.series.failed)).isEqualTo(59);
    }

    @Test
    void linkerdAvoidsTheSlowByPeakEwma() {
        Seen seen = run("linkerd-failover", MEASURED.with("home=2 away=1"), 1, "10.0 home/0 silence");
        // an even choice would lose 5,000 of these calls
        assertThat(seen.failed).isBetween(1L, 100L);
    }

    @Test
    void serviceTalkLeavesAfterFiveConnectsThatFailAndReturnsWhenTheEjectionIsOver() {
        // measured: 5 bad calls, all within the first tenth of a second; ejected for 32 s
        Seen seen = run("ServiceTalk", MEASURED.with("seconds=70"), 1, "10.0 home refuse", "30.0 home heal");
        assertThat(seen.failed).isLessThanOrEqualTo(5);
        assertThat(last(seen.series.offeredHome)).isEqualTo(69);
        assertThat(last(seen.series.offeredAway)).isBetween(40, 52);
    }

    @Test
    void serviceTalkLeavesABlackHoleWhenTheFirstCallsAreGivenUp() {
        // measured: half of the calls until 2.04 s after the fault, of two hosts that take turns
        Seen one = run("ServiceTalk", MEASURED.with("seconds=40"), 1, "10.0 home silence");
        assertThat(last(one.series.failed)).isEqualTo(12);
        assertThat(one.failed).isBetween(380L, 440L);
    }

    @Test
    void serviceTalkEjectsOneOfFiveBlackHolesAndWaitsUntilConnectsToTheOthersAreGivenUp() {
        Seen five = run("ServiceTalk", MEASURED.with("home=5 away=5").with("seconds=90"), 1, "10.0 home silence");
        assertThat(last(five.series.failed) - 10).isBetween(2, 6);
    }

    @Test
    void noPeerLeavesAnythingBehindAndTheSameSeedGivesTheSameFigures() {
        Scenario rough = Scenario.of(
                "rough",
                "",
                Setting.USUAL.with("clients=5 rate=100 seconds=120"),
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
            assertThat(once.failed).isBetween(1L, once.calls - 1);
            assertThat(Run.of(rough, peer, 8)).doesNotHaveToString(once.toString());
        }
    }
}
