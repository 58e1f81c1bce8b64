package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Resolution;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 5's return, number by number, as one client and its calls see it. */
class ReturnTest {

    private static final List<String> HOME = Ground.home(4);
    private static final List<String> AWAY = Ground.away(4);
    private static final int AWAY_OUTCOMES = 1_000;
    private static final long LATE = 200; // a decision may be coalesced, and calls find out every 50 ms

    private final Ground ground = new Ground();

    private Client client(long seed) {
        Client client = Client.of(ground, seed, HOME, AWAY);
        calls(client, Duration.ofSeconds(1));
        return client;
    }

    private void calls(Client client, Duration time) {
        calls(client, time, Duration.ofMillis(50));
    }

    /** Calls for so long; every call must be served. */
    private void calls(Client client, Duration time, Duration apart) {
        for (long left = time.toNanos(); left > 0; left -= apart.toNanos()) {
            assertThat(client.call()).isPresent();
            ground.pass(apart);
        }
    }

    /** Home is gone for a moment and found again, so that no probe blurs when it was well; that moment. */
    private long goneAndBack(Client client) {
        client.home.says(Script.empty());
        calls(client, Duration.ofSeconds(2));
        assertThat(client.homeLoad()).isZero();
        client.home.says(Script.found(HOME));
        return ground.millis();
    }

    /** When home first has this load. */
    private long untilHomeHas(int percent, Client client) {
        for (int calls = 0; client.homeLoad() != percent; calls++) {
            assertThat(calls).as("until home has %d %%", percent).isLessThan(20_000);
            calls(client, Duration.ofMillis(50));
        }
        return ground.millis();
    }

    /** What home's load became since a moment. */
    private static List<Client.Split> homeSince(long millis, Client client) {
        List<Client.Split> changes = new ArrayList<>();
        int before = -1;
        for (Client.Split split : client.splits()) {
            if (split.millis() >= millis && split.homePercent() != before) {
                changes.add(split);
            }
            before = split.homePercent();
        }
        return changes;
    }

    private static List<Integer> percents(List<Client.Split> splits) {
        return splits.stream().map(Client.Split::homePercent).toList();
    }

    /** So many attempts end at home now, of which so many fail softly, evenly spread; and 1,000 elsewhere, likewise. */
    private static void outcomes(Client client, int atHome, int failedAtHome, int failedAway) {
        int home = 0;
        int away = 0;
        while (home < atHome || away < AWAY_OUTCOMES) {
            try (var attempt = client.orders.next()) {
                boolean isHome = attempt.endpoint().tier().equals(Client.HOME);
                int nth = isHome ? home++ : away++;
                int all = isHome ? atHome : AWAY_OUTCOMES;
                int failed = isHome ? failedAtHome : failedAway;
                if (nth < all && (nth + 1) * failed / all > nth * failed / all) {
                    attempt.failed(new IOException("HTTP 500"));
                } else if (nth < all) {
                    attempt.succeeded();
                }
            }
        }
    }

    @Test
    void theDwellIsThirtySecondsGiveOrTakeAFifthAndStepsAreTwentySecondsApart() {
        List<Long> dwells = new ArrayList<>();
        for (int seed = 0; seed < 100; seed++) {
            try (Client client = client(seed)) {
                long back = goneAndBack(client);
                calls(client, Duration.ofSeconds(100));
                List<Client.Split> steps = homeSince(back, client);
                assertThat(percents(steps)).containsExactly(5, 25, 50, 100);
                dwells.add(steps.get(0).millis() - back);
                for (int i = 1; i < steps.size(); i++) {
                    long apart = steps.get(i).millis() - steps.get(i - 1).millis();
                    assertThat(apart).isBetween(20_000L, 20_000 + LATE);
                }
            }
        }
        assertThat(dwells).allMatch(dwell -> dwell >= 24_000 && dwell <= 36_000 + LATE);
        assertThat(dwells).anyMatch(dwell -> dwell < 25_500).anyMatch(dwell -> dwell > 34_500);
    }

    @Test
    void homeThatRefusedIsFullyBackWithin110SecondsHoweverThinTheTraffic() {
        for (int seed = 0; seed < 30; seed++) {
            Duration apart = Duration.ofMillis(20L << (seed % 6)); // 20 to 640 ms
            try (Client client = client(seed)) {
                ground.turn(HOME, Ground.State.REFUSING);
                calls(client, Duration.ofMinutes(1), apart);
                ground.turn(HOME, Ground.State.UP);
                long back = ground.millis();
                calls(client, Duration.ofSeconds(110), apart);
                assertThat(percents(homeSince(back, client))).containsExactly(5, 25, 50, 100);
            }
        }
    }

    @Test
    void eachFailedStepDoublesTheDwellUpToFiveMinutesAndTenCalmMinutesForgetIt() {
        try (Client client = client(3)) {
            long well = goneAndBack(client);
            for (long nominal : new long[] {30, 60, 120, 240, 300, 300}) {
                long stepped = untilHomeHas(5, client);
                assertThat(stepped - well).isBetween(nominal * 800 - LATE, nominal * 1_200 + LATE);
                outcomes(client, 20, 2, 0);
                well = untilHomeHas(0, client);
                assertThat(well - stepped).as("judged when it ends").isBetween(20_000 - LATE, 20_000 + LATE);
            }
            untilHomeHas(100, client);
            calls(client, Duration.ofMillis(well + 610_000 - ground.millis()));
            long back = goneAndBack(client);
            assertThat(untilHomeHas(5, client) - back).isBetween(24_000L, 36_000 + LATE);
        }
    }

    @Test
    void aDoubledDwellIsNotForgottenSooner() {
        try (Client client = client(4)) {
            goneAndBack(client);
            untilHomeHas(5, client);
            outcomes(client, 20, 2, 0);
            untilHomeHas(0, client);
            untilHomeHas(100, client);
            calls(client, Duration.ofMinutes(5));
            long back = goneAndBack(client);
            assertThat(untilHomeHas(5, client) - back).isBetween(48_000L, 72_000 + LATE);
        }
    }

    @ParameterizedTest(name = "{0} at home, {1} failed, {2} of 1000 elsewhere: {3} %")
    @CsvSource({
        "100, 1, 0, 25",
        "100, 2, 0, 0",
        "100, 2, 20, 25",
        "100, 4, 20, 0",
        "10, 1, 0, 0",
        "9, 0, 150, 25",
        "9, 1, 150, 0",
        "0, 0, 0, 25"
    })
    void aStepIsJudgedByWhatItsCallsCameTo(int atHome, int failed, int failedAway, int then) {
        try (Client client = client(5)) {
            goneAndBack(client);
            untilHomeHas(5, client);
            long step = ground.millis();
            outcomes(client, atHome, failed, failedAway);
            ground.pass(Duration.ofSeconds(20).plusMillis(LATE));
            assertThat(percents(homeSince(step + 1, client))).containsExactly(then);
        }
    }

    @Test
    void homeThatIsNotQuiteWellWaitsThreeDwells() {
        List<String> home = Ground.home(5);
        for (int seed = 0; seed < 20; seed++) {
            try (Client client = Client.of(ground, seed, home, AWAY)) {
                calls(client, Duration.ofSeconds(1));
                ground.turn(home, Ground.State.REFUSING);
                calls(client, Duration.ofMinutes(1));
                ground.turn(home.subList(0, 3), Ground.State.UP); // health 84 %
                long back = ground.millis();
                calls(client, Duration.ofMinutes(4));
                List<Client.Split> steps = homeSince(back, client);
                assertThat(percents(steps)).containsExactly(5, 21, 42, 84);
                assertThat(steps.get(0).millis() - back).isBetween(72_000L, 108_000 + 12_000 + LATE); // two probes
                ground.turn(home, Ground.State.UP);
            }
        }
    }

    @Test
    void homeThatIsNotEvenFairDoesNotComeBackWhileTheOtherTierCarriesEverything() {
        try (Client client = client(6)) {
            ground.turn(HOME, Ground.State.REFUSING);
            calls(client, Duration.ofMinutes(1));
            ground.turn(HOME.subList(0, 2), Ground.State.UP); // health 70 %
            calls(client, Duration.ofMinutes(20));
            assertThat(client.homeLoad()).isZero();
            ground.turn(HOME.subList(2, 4), Ground.State.UP);
            calls(client, Duration.ofSeconds(110));
            assertThat(client.homeLoad()).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "40"}) // in the dwell, in a step
    void ifTheTierInUseFailsEverythingIsAtHomeAtOnceAndStays(long secondsAfter) {
        try (Client client = client(7)) {
            goneAndBack(client);
            calls(client, Duration.ofSeconds(secondsAfter));
            assertThat(client.homeLoad()).isLessThan(10);
            ground.turn(AWAY, Ground.State.REFUSING);
            calls(client, Duration.ofMillis(100), Duration.ofMillis(10));
            assertThat(client.homeLoad()).isEqualTo(100);
            ground.turn(AWAY, Ground.State.UP);
            calls(client, Duration.ofMinutes(5));
            assertThat(client.homeLoad()).isEqualTo(100);
            assertThat(client.flips()).hasSize(2);
        }
    }

    @Test
    void homeThatCouldNotBeAskedAtStartTakesEverythingAtOnce() {
        try (Client client = new Client(ground, 8)) {
            client.home.says(Script.unknown());
            client.away.says(Script.found(AWAY));
            calls(client, Duration.ofSeconds(30));
            assertThat(client.homeLoad()).isZero();
            client.home.says(Script.found(HOME));
            calls(client, Duration.ofMillis(LATE));
            assertThat(client.homeLoad()).isEqualTo(100);
        }
    }

    @Test
    void anUnknownInBetweenDoesNotMakeAnIllnessForgotten() {
        for (Resolution nothing : List.of(Script.empty(), Script.noSuchName())) {
            try (Client client = client(9)) {
                client.home.says(nothing);
                calls(client, Duration.ofSeconds(10));
                client.home.says(Script.unknown());
                calls(client, Duration.ofSeconds(10));
                client.home.says(Script.found(HOME));
                long back = ground.millis();
                calls(client, Duration.ofSeconds(100));
                assertThat(percents(homeSince(back, client))).containsExactly(5, 25, 50, 100);
            }
        }
    }

    @Test
    void nothingMovesWhileHomeIsUnknown() {
        try (Client client = client(10)) {
            long since = ground.millis();
            for (int i = 0; i < 60; i++) {
                client.home.says(Script.unknown());
                calls(client, Duration.ofSeconds(10));
                client.home.says(Script.found(HOME));
                calls(client, Duration.ofSeconds(10));
            }
            assertThat(homeSince(since, client)).isEmpty();
        }
    }
}
