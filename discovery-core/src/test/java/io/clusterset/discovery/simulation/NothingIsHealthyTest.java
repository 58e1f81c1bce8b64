package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 6: with nothing healthy anywhere there is still somewhere to go, and that is home, all of it. */
class NothingIsHealthyTest {

    private static final int PICKS = 10_000;

    private final Ground ground = new Ground();
    private final Client client = new Client(ground, 1);

    @AfterEach
    void close() {
        client.close();
    }

    private void everythingFails(int home, int away, Ground.State how) {
        List<String> homes = Ground.home(home);
        List<String> aways = Ground.away(away);
        client.home.says(home == 0 ? Script.empty() : Script.found(homes));
        client.away.says(Script.found(aways));
        assertThat(client.call()).isPresent();
        ground.turn(homes, how);
        ground.turn(aways, how);
        for (int i = 0; i < 100; i++) {
            assertThat(client.call()).isEmpty();
            ground.passMillis(20);
        }
        assertThat(client.orders.decision().tiers().stream()
                        .map(Decision.Tier::candidates)
                        .flatMap(List::stream))
                .hasSize(home + away)
                .allMatch(candidate -> candidate.verdict().state() == Verdict.State.UNHEALTHY);
    }

    /** Picks, calls and reports, all failing, over a minute; who was picked how often. */
    private Map<String, Integer> picks() {
        Map<String, Integer> picks = new HashMap<>();
        for (int i = 0; i < PICKS; i++) {
            picks.merge(client.attempt().authority(), 1, Integer::sum);
            ground.passMillis(6);
        }
        return picks;
    }

    private static void assertEven(Map<String, Integer> picks, List<String> endpoints) {
        double fair = (double) PICKS / endpoints.size();
        assertThat(picks).containsOnlyKeys(endpoints);
        assertThat(picks.values()).allMatch(count -> count >= 0.85 * fair && count <= 1.15 * fair);
    }

    @ParameterizedTest(name = "{0} + {1} {2}")
    @CsvSource({"5, 5, REFUSING", "5, 5, SILENT", "5, 1, REFUSING", "1, 5, REFUSING", "1, 1, SILENT", "2, 40, REFUSING"
    })
    void everyPickFindsAnEndpointOfHomeAndAllGetTheirShare(int home, int away, Ground.State how) {
        everythingFails(home, away, how);
        assertEven(picks(), Ground.home(home));
        assertThat(client.homeLoad()).isEqualTo(100);
        assertThat(client.orders.decision().tiers().get(0).load().panic()).isTrue();
    }

    @Test
    void withoutAHomeItIsTheFirstTierThatHasAny() {
        everythingFails(0, 5, Ground.State.REFUSING);
        assertEven(picks(), Ground.away(5));
    }

    @Test
    void itEndsWithTheFirstToLive() {
        everythingFails(5, 5, Ground.State.REFUSING);
        ground.turn(Ground.away(1), Ground.State.UP);
        ground.pass(Duration.ofSeconds(15)); // two probes
        assertThat(client.call()).contains(Client.AWAY);
        assertThat(client.homeLoad()).isZero();
    }

    /** A home that was ill and waits for its dwell must not be waited for when the other tier dies too. */
    @Test
    void aReturnThatWasUnderWayDoesNotStandInTheWay() {
        client.home.says(Script.empty());
        client.away.says(Script.found(Ground.away(3)));
        assertThat(client.call()).contains(Client.AWAY);
        client.home.says(Script.found(Ground.home(3)));
        ground.pass(Duration.ofSeconds(1));
        assertThat(client.homeLoad()).isZero();
        everythingFails(3, 3, Ground.State.REFUSING);
        assertEven(picks(), Ground.home(3));
    }
}
