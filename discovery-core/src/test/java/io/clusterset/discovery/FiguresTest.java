package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.observe.Lines;
import io.clusterset.discovery.scenario.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.LoggingEvent;

/** Every figure moves with what it counts, and with nothing else. */
class FiguresTest {

    private final World world = new World();

    @AfterEach
    void leavesNothingBehind() {
        world.close();
        assertThat(world.time.pending()).isZero();
    }

    private Service warm() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.pass(1_000);
        return orders;
    }

    private Figures.OfService orders() {
        return world.discovery.figures().services().stream()
                .filter(service -> service.service().equals("orders.shop"))
                .findFirst()
                .orElseThrow();
    }

    private Figures.OfTier tier(String name) {
        return orders().tiers().stream()
                .filter(tier -> tier.tier().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void attemptsAreCountedByHowTheyEndedInTheTierThatTheyWereMadeIn() {
        Service orders = warm();
        for (int i = 0; i < 3; i++) {
            orders.next().succeeded();
        }
        orders.next().report(new Outcome.FailedSoft("HTTP 500"));
        orders.next().report(new Outcome.FailedOtherwise("no such order"));
        orders.next().close();
        Attempt open = orders.next();
        assertThat(tier("local").attempts()).isEqualTo(new Figures.Attempts(7, 3, 0, 1, 1, 1));
        open.succeeded();
        open.close();
        assertThat(tier("local").attempts()).isEqualTo(new Figures.Attempts(7, 4, 0, 1, 1, 1));
        assertThat(tier("clusterset").attempts()).isEqualTo(Figures.Attempts.NONE);
        assertThat(orders().calls()).as("by hand").isZero();
    }

    @Test
    void callsRetriesAndBudget() {
        Service orders = warm();
        double full = orders().budgetLeft();
        world.call(orders);
        assertThat(orders().calls()).isEqualTo(1);
        assertThat(orders().retries()).isZero();
        world.kill("10.0.0.1:80", "10.0.0.2:80");
        assertThat(world.call(orders)).isEqualTo("clusterset");
        assertThat(orders().calls()).isEqualTo(2);
        assertThat(orders().retries()).isPositive();
        assertThat(orders().retriesDenied()).isZero();
        assertThat(tier("local").attempts().failedHard()).isPositive();
        assertThat(tier("clusterset").attempts().succeeded()).isEqualTo(1);
        assertThat(full).isGreaterThan(50);
    }

    @Test
    void aSelectionsAttemptsAreItsServices() {
        Service orders = warm();
        Service canary = orders.selecting("canary", endpoint -> endpoint.port() == 80);
        canary.next().succeeded();
        world.call(canary);
        assertThat(tier("local").attempts().succeeded()).isEqualTo(2);
        assertThat(orders().calls()).isEqualTo(1);
        assertThat(world.discovery.figures().services()).hasSize(1);
        assertThat(orders().failovers()).isZero();
    }

    @Test
    void healthLoadFailoverAndTheTimeAway() {
        Service orders = warm();
        assertThat(tier("local").load()).isEqualTo(100);
        assertThat(tier("local").known()).isEqualTo(2);
        assertThat(tier("local").healthy()).isEqualTo(2);
        assertThat(tier("local").ejected()).isZero();
        world.kill("10.0.0.1:80", "10.0.0.2:80");
        for (int i = 0; i < 20; i++) {
            world.call(orders);
            world.pass(50);
        }
        assertThat(tier("local").load()).isZero();
        assertThat(tier("local").known()).isEqualTo(2);
        assertThat(tier("local").healthy()).isZero();
        assertThat(tier("local").ejected()).isEqualTo(2);
        assertThat(tier("clusterset").load()).isEqualTo(100);
        assertThat(orders().failovers()).isEqualTo(1);
        Duration before = orders().away();
        world.pass(60_000);
        assertThat(orders().away()).isEqualTo(before.plusSeconds(60));
        world.down.clear();
        world.pass(120_000);
        assertThat(tier("local").load()).isEqualTo(100);
        Duration after = orders().away();
        world.pass(60_000);
        assertThat(orders().away()).isEqualTo(after);
        assertThat(orders().failovers()).as("coming home is none").isEqualTo(1);
    }

    @Test
    void whoNeverLivedHereIsNotAway() {
        world.local.says(World.noSuchName());
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.orders();
        world.pass(60_000);
        assertThat(tier("clusterset").load()).isEqualTo(100);
        assertThat(orders().away()).isZero();
        assertThat(orders().failovers()).isZero();
    }

    @Test
    void aHomeThatCanNotTellDoesNotMakeAHomeOfItself() {
        world.local.says(World.noSuchName());
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.pass(60_000);
        world.local.says(World.servfail());
        world.pass(60_000);
        world.local.says(World.noSuchName());
        orders.next().close();
        world.pass(600_000);
        assertThat(orders().away()).isZero();
    }

    @Test
    void whoHasNoneForAWhileHasMovedNowhere() {
        world.local.says(World.empty());
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.orders();
        world.pass(1_000);
        world.clusterset.says(World.empty());
        world.pass(60_000);
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.pass(60_000);
        assertThat(tier("clusterset").load()).isEqualTo(100);
        assertThat(orders().failovers()).isEqualTo(1);
    }

    @Test
    void aSourceThatMakesUpCodesIsCountedUnderOther() {
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.local.says(World.found("10.0.0.1:80"));
        world.orders();
        for (int i = 0; i < 1_000; i++) {
            world.local.says(new Resolution.Unknown(
                    List.of(), Duration.ZERO, new Evidence(List.of(), "", "CODE" + i, "", List.of())));
        }
        List<Figures.Lookups> lookups = tier("local").lookups();
        assertThat(lookups)
                .hasSizeLessThanOrEqualTo(22)
                .anyMatch(one -> one.rcode().equals("other"));
        assertThat(lookups.stream().mapToLong(Figures.Lookups::count).sum()).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void whoseHomeIsEmptyFromTheStartIsAway() {
        world.local.says(World.empty());
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.orders();
        world.pass(60_000);
        assertThat(orders().away()).isGreaterThan(Duration.ofSeconds(55));
        assertThat(orders().failovers()).isEqualTo(1);
    }

    @Test
    void answersAreCountedOnceEachByOutcomeAndCode() {
        Resolution timed = World.found("10.0.0.1:80")
                .withEvidence(new Evidence(List.of(), "10.96.0.10", "NOERROR", "", List.of(), Duration.ofMillis(3)));
        world.local.says(timed);
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.pass(1_000);
        orders.selecting("all", endpoint -> true).ready();
        assertThat(tier("local").lookups())
                .containsExactly(new Figures.Lookups("found", "NOERROR", 1, Duration.ofMillis(3)));
        world.local.says(World.servfail());
        world.local.says(World.servfail());
        assertThat(tier("local").lookups())
                .containsExactly(
                        new Figures.Lookups("found", "NOERROR", 1, Duration.ofMillis(3)),
                        new Figures.Lookups("unknown", "SERVFAIL", 2, Duration.ZERO));
    }

    @Test
    void staleIsForHowLongNothingWasFound() {
        warm();
        assertThat(tier("local").stale()).isZero();
        world.local.says(World.servfail());
        world.pass(600_000);
        assertThat(tier("local").stale()).isEqualTo(Duration.ofSeconds(601));
        assertThat(tier("local").load()).as("it moves no load").isEqualTo(100);
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        world.pass(100);
        assertThat(tier("local").stale()).isZero();
    }

    @Test
    void eventsAreCountedByKindAndCachesByWhatTheyDid() {
        warm();
        Figures figures = world.discovery.figures();
        assertThat(figures.enabled()).isTrue();
        assertThat(figures.events())
                .containsKeys(
                        "answer",
                        "load",
                        "verdict",
                        "health",
                        "panic",
                        "return",
                        "stale",
                        "dropped",
                        "limit",
                        "trouble",
                        "drill",
                        "settings");
        assertThat(figures.events().get("answer")).isEqualTo(2);
        assertThat(figures.events().get("panic")).isZero();
        assertThat(figures.cache().questions()).isPositive();
        assertThat(figures.cache().watched()).isEqualTo(2);
        world.discovery.drill("local", 0, Duration.ofMinutes(1)).close();
        assertThat(world.discovery.figures().events().get("drill")).isEqualTo(2);
    }

    @Test
    void aServiceThatRestsKeepsItsCounts() {
        Service orders = warm();
        orders.next().succeeded();
        world.pass(Duration.ofMinutes(25).toMillis());
        assertThat(world.discovery.figures().services()).isEmpty();
        orders.next().succeeded();
        assertThat(tier("local").attempts().succeeded()).isEqualTo(2);
    }

    @Test
    void switchedOffItStillTellsWhatItCounted() {
        Service orders = warm();
        Endpoint endpoint = orders.next().endpoint();
        assertThat(endpoint.tier()).isEqualTo("local");
        world.discovery.enabled(false);
        world.pass(100);
        assertThat(world.discovery.figures().enabled()).isFalse();
        assertThat(tier("local").attempts().picked()).isEqualTo(1);
        assertThat(tier("local").load()).isZero();
    }

    @Test
    void whoseOrderChangesAloneIsNoNews() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.orders();
        world.pass(1_000);
        long before = answers();
        world.local.says(World.found("10.0.0.3:80", "10.0.0.1:80", "10.0.0.2:80")); // servers shuffle
        world.pass(1_000);
        assertThat(answers()).isEqualTo(before);
        world.local.says(World.found("10.0.0.3:80", "10.0.0.1:80", "10.0.0.4:80"));
        world.pass(1_000);
        assertThat(answers()).isEqualTo(before + 1);
    }

    private long answers() {
        return world.discovery.figures().events().getOrDefault("answer", 0L);
    }

    @Test
    void aLoggerThatThrowsStopsNothing() {
        Lines full = new Lines() {
            @Override
            public void log(LoggingEvent event) {
                throw new IllegalStateException("disk full");
            }
        };
        try (World unlucky = new World(builder -> builder.log(full))) {
            unlucky.local.says(World.empty());
            unlucky.clusterset.says(World.found("10.1.0.1:80"));
            Service orders = unlucky.orders();
            unlucky.pass(1_000);
            assertThat(unlucky.call(orders)).isEqualTo("clusterset");
            unlucky.clusterset.says(World.found("10.1.0.2:80"));
            unlucky.pass(1_000);
            assertThat(orders.endpoints()).extracting(Endpoint::authority).contains("10.1.0.2:80");
        }
    }
}
