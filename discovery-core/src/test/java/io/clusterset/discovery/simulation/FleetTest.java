package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A thousand clients lose the same home at once and get it back at once: they must not come back together. */
class FleetTest {

    private static final int CLIENTS = 1_000;
    private static final Duration WATCHED = Duration.ofSeconds(110);
    private static final long BIN_MILLIS = 1_000;

    @Test
    void aHomeThatAnswersAgainIsNotStampeded() {
        assertNoWave(run(1, 5, Outage.REFUSING, Duration.ofMinutes(2)));
    }

    @Test
    void aVipThatAnswersAgainIsNotStampeded() {
        assertNoWave(run(2, 1, Outage.REFUSING, Duration.ofSeconds(10)));
    }

    /** The hardest case: a push tells all of them in the same instant, and no probe comes between. */
    @Test
    void aHomeThatIsFoundAgainByAllAtOnceIsNotStampeded() {
        assertNoWave(run(3, 5, Outage.EMPTY, Duration.ofSeconds(10)));
    }

    private static void assertNoWave(Return seen) {
        assertThat(seen.failed).isZero();
        assertThat(seen.switches.values().stream().mapToInt(Integer::intValue).sum())
                .as("each client switches once")
                .isEqualTo(CLIENTS);
        assertThat(peakOverMean(seen.switches, BIN_MILLIS))
                .as("switches a second, peak over mean")
                .isLessThanOrEqualTo(2);
        // Half of the load comes with the last step, so its peak is 3 to 4 times the mean over the steps; what counts
        // is how
        // fast home has to warm up.
        assertThat(fullest(seen.moved, BIN_MILLIS) / (double) CLIENTS)
                .as("percent of all calls that come home within one second")
                .isLessThanOrEqualTo(7);
        assertThat(seen.full).as("clients that have all their load at home").hasSize(CLIENTS);
    }

    static Return run(int seed, int endpoints, Outage outage, Duration length) {
        Ground ground = new Ground();
        Random story = new Random(seed);
        List<String> home = Ground.home(endpoints);
        List<String> away = Ground.away(endpoints);
        List<Client> clients = new ArrayList<>();
        Return seen = new Return();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = Client.of(ground, story.nextLong(), home, away);
            clients.add(client);
            callAgainAndAgain(ground, client, story, seen);
        }
        ground.pass(Duration.ofSeconds(5));
        switch (outage) {
            case REFUSING -> ground.turn(home, Ground.State.REFUSING);
            case EMPTY -> clients.forEach(client -> client.home.says(Script.empty()));
        }
        ground.pass(length);
        assertThat(clients).allMatch(client -> client.homeLoad() == 0);
        switch (outage) {
            case REFUSING -> ground.turn(home, Ground.State.UP);
            case EMPTY -> clients.forEach(client -> client.home.says(Script.found(home)));
        }
        long back = ground.millis();
        ground.pass(WATCHED);
        clients.forEach(client -> seen.add(client, back));
        clients.forEach(Client::close);
        return seen;
    }

    /** Once a second on average. */
    private static void callAgainAndAgain(Ground ground, Client client, Random story, Return seen) {
        ground.time.schedule(Duration.ofMillis(story.nextInt(2_000)), () -> {
            if (client.call().isEmpty()) {
                seen.failed++;
            }
            callAgainAndAgain(ground, client, story, seen);
        });
    }

    /** How much there was in the fullest bin, over how much there would be if all bins from first to last were alike. */
    static double peakOverMean(NavigableMap<Long, Integer> amounts, long binMillis) {
        double bins = (double) (amounts.lastKey() - amounts.firstKey()) / binMillis;
        int total = amounts.values().stream().mapToInt(Integer::intValue).sum();
        return fullest(amounts, binMillis) * bins / total;
    }

    private static int fullest(NavigableMap<Long, Integer> amounts, long binMillis) {
        Map<Long, Integer> binned = new HashMap<>();
        amounts.forEach((at, amount) -> binned.merge((at - amounts.firstKey()) / binMillis, amount, Integer::sum));
        return Collections.max(binned.values());
    }

    enum Outage {
        REFUSING,
        EMPTY
    }

    /** What was seen of the return; times in milliseconds since home was back. */
    static final class Return {
        /** How many clients' most loaded tier became home. */
        final NavigableMap<Long, Integer> switches = new TreeMap<>();
        /** How much load came home: a percent of one client's calls is one. */
        final NavigableMap<Long, Integer> moved = new TreeMap<>();
        /** When a client had all its load at home. */
        final List<Long> full = new ArrayList<>();

        private int failed;

        private void add(Client client, long back) {
            int before = 0;
            for (Client.Split split : client.splits()) {
                long since = split.millis() - back;
                if (since >= 0) {
                    moved.merge(since, split.homePercent() - before, Integer::sum);
                    if (split.homePercent() == 100) {
                        full.add(since);
                    }
                }
                before = split.homePercent();
            }
            client.flips().stream()
                    .map(flip -> flip.millis() - back)
                    .filter(since -> since >= 0)
                    .forEach(since -> switches.merge(since, 1, Integer::sum));
        }
    }
}
