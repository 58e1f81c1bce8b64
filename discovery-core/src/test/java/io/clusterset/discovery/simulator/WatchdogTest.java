package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.net.ConnectException;
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
    private final StaticSource source = StaticSource.of(world.home.ready());
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
            .tier(Tier.of("local", "cluster.local"), source)
            .time(world.time, world.time)
            .random(new Random(1))
            .prober((address, timeout, done) -> {})
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
    void atAFlipThatOnlySomethingElseCameBefore() {
        watchdog.heard(load("", 100, 0));
        watchdog.heard(new Event.Limit("orders.shop", "too many"));
        watchdog.heard(load("sick", 0, 100));
        assertBarks("a flip to clusterset without a cause");
    }

    @Test
    void atATierThatIsHeldBackAndNeverWasIll() {
        watchdog.heard(load(50, 100, 100));
        assertBarks("local is held back, and never was ill");
    }

    @Test
    void butNotAtOneThatWasIll() {
        watchdog.heard(load(0, 0, 0));
        watchdog.heard(new Event.ReturnChanged("orders.shop", "local", false, "begins"));
        watchdog.heard(load(50, 100, 100));
        assertThat(broken).isEmpty();
    }

    @Test
    void atATierThatHasNotWhatItsHealthGivesIt() {
        watchdog.heard(load(70, 70, 100));
        assertBarks("local should have 100 % by health, not 70");
    }

    /** Home as said, and all else to the other, which is well. */
    private static Event.LoadChanged load(int percent, int target, int health) {
        return new Event.LoadChanged(
                "orders.shop",
                List.of(
                        new TierLoad("local", percent, target, health, false, ""),
                        new TierLoad("clusterset", 100 - percent, 100 - target, 100, false, "")));
    }

    @Test
    void atNobodyLeftThoughNoSourceTookAnybodyBack() {
        source.publish(new Resolution.Empty(Duration.ofDays(1), Evidence.NONE));
        watchdog.answered("clusterset", new Resolution.Found(world.away.ready(), Duration.ZERO, Evidence.NONE));
        world.time.advance(Duration.ofMinutes(6)); // the library never heard of them, and forgets home's
        watchdog.answered("clusterset", new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.NONE));
        watchdog.heard(new Event.Limit("orders.shop", "whatever"));
        assertBarks("nobody is left, though law 7 has 5 of clusterset, which nobody took back");
        broken.clear();
        watchdog.begins().ended(new Request(0), new NoEndpointException("orders.shop: no endpoint"));
        assertBarks("no endpoint, though law 7 has 5 of clusterset");
    }

    @Test
    void atNobodyLeftWithinFiveMinutesOfTheLastWord() {
        Usable usable = new Usable();
        Endpoint one = home(0);
        usable.said("local", new Resolution.Found(List.of(one), Duration.ZERO, Evidence.NONE), 0);
        usable.said("local", new Resolution.Empty(Duration.ZERO, Evidence.NONE), 10_000);
        usable.said("local", new Resolution.NoSuchName(Duration.ZERO, Evidence.NONE), 200_000);
        assertThat(usable.somebody(290_000)).contains("1 of local, the last known");
        assertThat(usable.somebody(310_000)).isEmpty();
        usable.served(one, 100_000);
        assertThat(usable.somebody(310_000)).isPresent();
        assertThat(usable.somebody(400_000)).isEmpty();
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

    /** Ten a second for a minute, ten seconds' worth saved, and one in five of 192 calls. */
    @Test
    void atMoreRetriesThanTheBudgetHas() {
        world.time.advance(Duration.ofMinutes(5)); // what is not used is not saved
        for (int call = 0; call < 192; call++) {
            Watchdog.Journey journey = watchdog.begins();
            journey.attempts(home(0));
            if (call < 20) {
                journey.refused(); // which is free
            }
            for (int other = 1; other < 5; other++) {
                journey.attempts(home(other));
            }
        }
        assertThat(broken).hasSize(3);
        assertBarks("746 retries within a minute for 192 calls");
    }

    @Test
    void atNobodyWhileSomebodyIsKnown() {
        watchdog.begins().ended(new Request(0), new NoEndpointException("orders.shop: no usable endpoint"));
        assertBarks("no endpoint, though 5 are known");
    }

    @Test
    void atACallThatFailsInCalmWeather() {
        world.time.advance(Duration.ofSeconds(40));
        Watchdog.Journey journey = watchdog.begins();
        journey.attempts(home(0));
        journey.ended(new Request(40_000), new IllegalStateException("whatever"));
        assertBarks("a call that began at 40000 ms failed, and somebody known was up");
        broken.clear();
        world.time.advance(Duration.ofSeconds(1));
        Watchdog.Journey early = watchdog.begins();
        early.attempts(home(0));
        early.ended(new Request(14_000), new IllegalStateException("begun before it was calm for long"));
        assertThat(broken).isEmpty();
    }

    @Test
    void atACallThatWasRefusedAndDidNotAskAll() {
        world.time.advance(Duration.ofSeconds(20));
        world.happens(Happening.parse("20.0 home/0 refuse"));
        Watchdog.Journey journey = watchdog.begins();
        journey.attempts(home(0));
        journey.refused();
        journey.ended(new Request(0), new IllegalStateException("refused"));
        assertBarks("gave up after 1 refusals, and never asked 10.0.0.2:80");
    }

    @Test
    void atTasksThatAreLeft() {
        Tasks tasks = new Tasks(world.time);
        Runnable cancel = tasks.schedule(Duration.ofSeconds(9), () -> {})::cancel;
        tasks.schedule(Duration.ofSeconds(5), () -> {});
        tasks.schedule(Duration.ofSeconds(1), () -> {});
        world.time.advance(Duration.ofSeconds(2));
        cancel.run();
        cancel.run();
        watchdog.closed(tasks.left());
        assertBarks("1 tasks are left after close");
    }

    @Test
    void atARetryThatGoesToASickOneWhileAWellOneIsLeft() {
        refuses(home(0), 1);
        Watchdog.Journey journey = watchdog.begins();
        for (int well = 1; well < 5; well++) {
            journey.attempts(home(well));
        }
        journey.attempts(home(0)); // which is all there is left
        assertThat(broken).isEmpty();
        Watchdog.Journey hasty = watchdog.begins();
        hasty.attempts(home(1));
        hasty.attempts(home(0));
        assertBarks("retried at " + home(0).authority() + ", which is sick, and never met ");
    }

    /** A call may have met it as another tier's (law 10; chaos seed 24). */
    @Test
    void norAtARetryAfterAWellOneThatStoodInAnotherTier() {
        refuses(home(0), 1);
        Watchdog.Journey journey = watchdog.begins();
        for (int well = 2; well < 5; well++) {
            journey.attempts(home(well));
        }
        journey.attempts(home(1).withTier("clusterset"));
        broken.clear(); // which is not in the snapshot
        journey.attempts(home(0));
        assertThat(broken).isEmpty();
    }

    @Test
    void atACallThatFailsLongAfterTheOutageBeganBeItInAPanic() {
        world.time.advance(Duration.ofSeconds(100));
        for (int silent = 0; silent < 4; silent++) {
            world.home.pods.get(silent).turn(Pod.State.SILENT, 0, 20_000); // long ago
        }
        failsAfter(home(0), home(1), home(3));
        assertBarks("a call that began at 100000 ms failed, and somebody known was up");
        broken.clear();
        for (int sick = 0; sick < 3; sick++) {
            refuses(home(sick), 3);
        }
        failsAfter(home(3), home(0), home(1));
        assertBarks("a call that began at 100000 ms failed, and somebody known was up");
    }

    private void failsAfter(Endpoint... attempts) {
        Watchdog.Journey journey = watchdog.begins();
        List.of(attempts).forEach(journey::attempts);
        journey.ended(new Request(100_000), new IllegalStateException("whatever"));
    }

    /** So many attempts at it, begun before the first of them failed. */
    private void refuses(Endpoint endpoint, int times) {
        List<Attempt> mine = new ArrayList<>();
        while (mine.size() < times) {
            Attempt attempt = discovery.service("orders.shop").next();
            if (attempt.endpoint().equals(endpoint)) {
                mine.add(attempt);
            } else {
                attempt.succeeded();
            }
        }
        mine.forEach(attempt -> attempt.failed(new ConnectException("Connection refused")));
        world.time.advance(Duration.ofMillis(5)); // decided on, and no probe has ended
    }

    @Test
    void atATierThatComesBackWithoutADwell() {
        Ours hasty = new Ours(broken::add, as -> as.failover(failover -> failover.dwell(Duration.ZERO)));
        Run.of(
                Scenario.of("back", "", Setting.USUAL.with("seconds=120"), "20.0 home refuse", "60.0 home heal"),
                hasty,
                1);
        assertBarks("local came back to 5 % ");
    }

    @Test
    void atATierThatComesBackWithoutSteps() {
        Ours hasty = new Ours(broken::add, as -> as.failover(failover -> failover.steps(List.of(100))));
        Run.of(
                Scenario.of("back", "", Setting.USUAL.with("seconds=120"), "20.0 home refuse", "60.0 home heal"),
                hasty,
                1);
        assertBarks("local came back to 100 % ");
    }

    @Test
    void atAFullShareInTheFirstSecond() {
        Ours hasty = new Ours(broken::add, as -> as.balance(balance -> balance.slowStart(Duration.ZERO)));
        Run.of(Scenario.of("more", "", Setting.USUAL.with("seconds=60"), "20.0 home scale 6"), hasty, 1);
        assertBarks("10.0.0.6:80 has 16.6");
    }

    @Test
    void norAtACallOfAProcessThatHasJustBegun() {
        world.time.advance(Duration.ofSeconds(100));
        Watchdog young = new Watchdog(world, broken::add);
        young.looksAfter(discovery.service("orders.shop"));
        Watchdog.Journey journey = young.begins();
        journey.attempts(home(1));
        journey.ended(new Request(world.millis()), new IllegalStateException("whatever"));
        assertThat(broken).isEmpty();
    }

    @Test
    void butNotAtACallThatFailsInAStorm() {
        world.time.advance(Duration.ofSeconds(20));
        world.happens(Happening.parse("21.0 home/1 refuse"));
        Watchdog.Journey journey = watchdog.begins();
        journey.attempts(home(1)); // which did not refuse: it may have been sent
        journey.ended(new Request(0), new IllegalStateException("whatever"));
        assertThat(broken).isEmpty();
    }

    private Endpoint home(int index) {
        return world.home.ready().get(index).withTier("local");
    }
}
