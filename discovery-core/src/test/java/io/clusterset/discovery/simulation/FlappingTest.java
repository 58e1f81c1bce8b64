package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A home that can't make up its mind must not make the traffic run to and fro. */
class FlappingTest {

    private static final Duration WHOLE = Duration.ofMinutes(10);
    private static final Duration WINDOW = Duration.ofMinutes(5);

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource({"5, 5", "1, 1", "1, 5"})
    void twoSecondsDownTwoSecondsUpForTenMinutes(int home, int away) {
        Story story = flap(7, home, away, Duration.ofSeconds(2), Duration.ofSeconds(2));
        assertThat(story.failed()).isZero();
        assertThat(mostWithin(WINDOW, story.flips())).isLessThanOrEqualTo(2);
        assertThat(story.turns().values()).isNotEmpty().allMatch(turns -> turns <= 10);
    }

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource({"5, 5", "1, 1", "1, 5"})
    void recoversBreaksAndRecoversEveryTwentySeconds(int home, int away) {
        Story story = flap(8, home, away, Duration.ofSeconds(20), Duration.ofSeconds(20));
        assertThat(story.failed()).isZero();
        assertThat(mostWithin(WINDOW, story.flips())).isLessThanOrEqualTo(2);
    }

    /** 50 to 200 calls a second; home begins by being down. */
    static Story flap(int seed, int homes, int aways, Duration down, Duration up) {
        Ground ground = new Ground();
        Random random = new Random(seed);
        List<String> home = Ground.home(homes);
        try (Client client = Client.of(ground, seed, home, Ground.away(aways))) {
            int calls = 0;
            int failed = 0;
            boolean isDown = false;
            long turnsAt = 0;
            while (ground.millis() < WHOLE.toMillis()) {
                if (ground.millis() >= turnsAt) {
                    isDown = !isDown;
                    turnsAt += isDown ? down.toMillis() : up.toMillis();
                    ground.turn(home, isDown ? Ground.State.REFUSING : Ground.State.UP);
                }
                calls++;
                failed += client.call().isEmpty() ? 1 : 0;
                ground.passMillis(5 + random.nextInt(16));
            }
            return new Story(calls, failed, client.flips(), turns(client));
        }
    }

    /** How often each endpoint became unhealthy or ceased to be. */
    private static Map<String, Integer> turns(Client client) {
        Map<String, Integer> turns = new HashMap<>();
        for (Client.Moment moment : client.events) {
            if (moment.event() instanceof Event.VerdictChanged changed
                    && isUnhealthy(changed.from()) != isUnhealthy(changed.to())) {
                turns.merge(changed.subject(), 1, Integer::sum);
            }
        }
        return turns;
    }

    private static boolean isUnhealthy(Verdict verdict) {
        return verdict.state() == Verdict.State.UNHEALTHY;
    }

    static long mostWithin(Duration window, List<Client.Split> flips) {
        long most = 0;
        for (Client.Split first : flips) {
            long end = first.millis() + window.toMillis();
            long within = flips.stream()
                    .filter(flip -> flip.millis() >= first.millis() && flip.millis() < end)
                    .count();
            most = Math.max(most, within);
        }
        return most;
    }

    record Story(int calls, int failed, List<Client.Split> flips, Map<String, Integer> turns) {}
}
