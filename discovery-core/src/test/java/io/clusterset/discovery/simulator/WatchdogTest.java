package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the watchdog barks. */
class WatchdogTest {

    private final World world = new World(Setting.USUAL, 1);
    private final List<String> broken = new ArrayList<>();
    private final Watchdog watchdog = new Watchdog(world, broken::add);
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
            .tier(Tier.of("local", "cluster.local"), StaticSource.of(world.home.ready()))
            .time(world.time, world.time)
            .random(new Random(1))
            .executor(Runnable::run)
            .build();

    @BeforeEach
    void looksAfterAService() {
        Service orders = discovery.service("orders.shop");
        world.time.advance(Duration.ofSeconds(1));
        watchdog.looksAfter(orders);
    }

    @AfterEach
    void close() {
        discovery.close();
    }

    private static Event.LoadChanged load(String reason, int... percents) {
        List<TierLoad> loads = new ArrayList<>();
        for (int percent : percents) {
            loads.add(new TierLoad(loads.isEmpty() ? "local" : "clusterset", percent, percent, 100, false, reason));
        }
        return new Event.LoadChanged("orders.shop", loads);
    }

    private void assertBarks(String start) {
        assertThat(broken).isNotEmpty().anyMatch(what -> what.contains("ms: " + start));
    }

    @Test
    void atASplitThatIsNotWhole() {
        watchdog.heard(load("sick", 40, 50));
        assertBarks("loads sum to 90");
    }

    @Test
    void atAFlipWithoutACause() {
        watchdog.heard(load("", 100, 0));
        watchdog.heard(load("sick", 0, 100));
        assertBarks("a flip to clusterset without a cause");
    }

    @Test
    void atASplitWithoutAReason() {
        watchdog.heard(load("", 50, 50));
        assertBarks("a split without a reason");
    }

    @Test
    void atAnEndpointFromNowhere() {
        watchdog.begins().attempts(Endpoint.parse("10.9.9.9:80").withTier("local"));
        assertBarks("picked 10.9.9.9:80, which is not in the snapshot");
        assertBarks("picked 10.9.9.9:80, which has no share");
    }

    @Test
    void atTheSameEndpointTwiceWhileOthersAreLeft() {
        Watchdog.Journey journey = watchdog.begins();
        Endpoint first = home(0);
        journey.attempts(first);
        assertThat(broken).isEmpty();
        journey.attempts(first);
        assertBarks("tried " + first.authority() + " twice while others were left");
    }

    @Test
    void atMoreRetriesThanTheBudgetHas() {
        for (int call = 0; call < 26; call++) { // ten a second, one in five calls, and ten to begin with
            Watchdog.Journey journey = watchdog.begins();
            journey.attempts(home(0));
            if (call < 10) {
                journey.refused(); // which is free
            }
            journey.attempts(home(1));
            journey.attempts(home(2));
        }
        assertBarks("26 retries for ");
    }

    @Test
    void atNobodyWhileSomebodyIsKnown() {
        watchdog.begins().ended(new Request(0), new NoEndpointException("orders.shop: no usable endpoint"));
        assertBarks("no endpoint, though 5 are known");
    }

    @Test
    void atACallThatFailsInCalmWeather() {
        world.time.advance(Duration.ofSeconds(20));
        watchdog.begins().ended(new Request(0), new IllegalStateException("whatever"));
        assertBarks("a call that began at 0 ms failed, and somebody known was up");
    }

    @Test
    void butNotAtACallThatFailsInAStorm() {
        world.time.advance(Duration.ofSeconds(20));
        world.happens(Happening.parse("21.0 home/1 refuse"));
        watchdog.begins().ended(new Request(0), new IllegalStateException("whatever"));
        assertThat(broken).isEmpty();
    }

    private Endpoint home(int index) {
        return world.home.ready().get(index).withTier("local");
    }
}
