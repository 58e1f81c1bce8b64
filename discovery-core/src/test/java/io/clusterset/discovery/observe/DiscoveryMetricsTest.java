package io.clusterset.discovery.observe;

import static io.clusterset.discovery.observe.MetricsFigures.service;
import static io.clusterset.discovery.observe.MetricsFigures.tier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.observe.Figures.Attempts;
import io.clusterset.discovery.observe.Figures.Lookups;
import io.clusterset.discovery.observe.Figures.OfService;
import io.clusterset.discovery.observe.Figures.OfTier;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What is shown, when it is read anew, who is told apart, and that nothing that goes wrong gets out. */
final class DiscoveryMetricsTest {

    private final MockClock clock = new MockClock();
    private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @Test
    void eachFigureIsShown() {
        bind(MetricsFigures.busy());

        assertThat(value("discovery.enabled")).isEqualTo(1);
        assertThat(value("discovery.services", "shown", "apart")).isEqualTo(1);
        assertThat(value("discovery.services", "shown", "other")).isZero();
        assertThat(value("discovery.cache.requests", "result", "hit")).isEqualTo(900);
        assertThat(value("discovery.cache.requests", "result", "miss")).isEqualTo(30);
        assertThat(value("discovery.cache.confirmations")).isEqualTo(2);
        assertThat(value("discovery.cache.names")).isEqualTo(4);
        assertThat(value("discovery.events", "kind", "trouble")).isEqualTo(3);
        assertThat(value("discovery.events.untold")).isEqualTo(19);
        assertThat(value("discovery.metrics.failures")).isZero();

        String[] orders = {"name", "orders.shop"};
        assertThat(value("discovery.calls", orders)).isEqualTo(200);
        assertThat(value("discovery.retries", "name", "orders.shop", "result", "allowed"))
                .isEqualTo(16);
        assertThat(value("discovery.retries", "name", "orders.shop", "result", "denied"))
                .isEqualTo(17);
        assertThat(value("discovery.retry.budget", orders)).isEqualTo(18.5);
        assertThat(value("discovery.failovers", orders)).isEqualTo(21);
        assertThat(value("discovery.away", orders)).isEqualTo(33.5);
        assertThat(value("discovery.shed", orders)).isEqualTo(30);

        assertThat(local("discovery.picks")).isEqualTo(100);
        assertThat(local("discovery.attempts", "outcome", "succeeded")).isEqualTo(50);
        assertThat(local("discovery.attempts", "outcome", "failed-hard")).isEqualTo(20);
        assertThat(local("discovery.attempts", "outcome", "failed-soft")).isEqualTo(15);
        assertThat(local("discovery.attempts", "outcome", "failed-otherwise")).isEqualTo(3);
        assertThat(local("discovery.attempts", "outcome", "abandoned")).isEqualTo(10);
        assertThat(local("discovery.load")).isEqualTo(70);
        assertThat(local("discovery.panic")).isEqualTo(1);
        assertThat(local("discovery.endpoints", "state", "known")).isEqualTo(9);
        assertThat(local("discovery.endpoints", "state", "healthy")).isEqualTo(4);
        assertThat(local("discovery.endpoints", "state", "ejected")).isEqualTo(5);
        assertThat(local("discovery.stale.age")).isEqualTo(42);
        assertThat(local("discovery.lookups", "outcome", "found", "rcode", "NOERROR"))
                .isEqualTo(401);
        assertThat(total("discovery.lookups", "outcome", "found", "rcode", "NOERROR"))
                .isEqualTo(0.802, within(1e-9));
        assertThat(local("discovery.lookups", "outcome", "unknown", "rcode", "none"))
                .isEqualTo(8);
        assertThat(value("discovery.picks", "name", "orders.shop", "tier", "clusterset"))
                .isEqualTo(1_000);
    }

    @Test
    void everyMeterHasADescriptionAndNoAddress() {
        MetricsFigures figures = MetricsFigures.busy();
        bind(figures);

        assertThat(registry.getMeters()).hasSizeGreaterThan(40).allSatisfy(meter -> {
            assertThat(meter.getId().getDescription()).isNotBlank();
            assertThat(meter.getId().getTags()).extracting(Tag::getKey).doesNotContain("endpoint", "address");
        });
    }

    @Test
    void oneReadingASecondServesAllMeters() {
        MetricsFigures figures = MetricsFigures.many(100);
        bind(figures);
        assertThat(figures.readings).hasValue(1);

        readAll();
        clock.add(Duration.ofMillis(999));
        readAll();
        assertThat(figures.readings).hasValue(1);

        clock.add(Duration.ofMillis(1));
        readAll();
        readAll();
        assertThat(figures.readings).hasValue(2);
    }

    @Test
    void nothingIsReadWhileNobodyLooks() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        bind(figures);

        clock.add(Duration.ofHours(1));

        assertThat(figures.readings).hasValue(1);
    }

    @Test
    void aServiceThatComesLaterIsShownByTheNextLook() {
        MetricsFigures figures = MetricsFigures.of();
        bind(figures);
        assertThat(services()).isEmpty();

        figures.has(service("orders.shop", 7));
        pass();

        assertThat(services()).containsExactly("orders.shop");
        assertThat(local("discovery.picks")).isEqualTo(7);
    }

    @Test
    void aServiceThatIsForgottenIsWithdrawn() {
        MetricsFigures figures = MetricsFigures.of("orders.shop", "cart.shop");
        bind(figures);
        int both = registry.getMeters().size();

        figures.forgets("cart.shop");
        pass();
        assertThat(services()).containsExactly("orders.shop");

        figures.has(service("cart.shop", 0));
        pass();
        assertThat(registry.getMeters()).hasSize(both);
    }

    @Test
    void aCountThatBeginsAnewGoesOnFromWhereItWas() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        bind(figures);
        figures.has(service("orders.shop", 100));
        pass();

        figures.has(service("orders.shop", 30)); // forgotten and known again between two looks
        pass();

        assertThat(local("discovery.picks")).isEqualTo(130);
        assertThat(local("discovery.lookups", "outcome", "found", "rcode", "NOERROR"))
                .isEqualTo(130);
    }

    @Test
    void aServiceThatRestsKeepsItsCountsAndNothingElse() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        figures.has(service("orders.shop", 50));
        bind(figures);

        figures.rests("orders.shop");
        pass();
        assertThat(local("discovery.picks")).isEqualTo(50);
        assertThat(names()).doesNotContain("discovery.load", "discovery.endpoints", "discovery.stale.age");

        figures.has(service("orders.shop", 60));
        pass();
        assertThat(local("discovery.picks")).isEqualTo(60);
        assertThat(local("discovery.load")).isEqualTo(100);
    }

    @Test
    void tiersThatSettingsNoLongerHaveAreWithdrawn() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        bind(figures);

        figures.has(service("orders.shop", tier("local", 1), tier("dr", 2)));
        pass();

        assertThat(values("tier")).containsExactlyInAnyOrder("local", "dr");
    }

    @Test
    void theKillSwitchIsShown() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        bind(figures);

        figures.isOff();
        pass();

        assertThat(value("discovery.enabled")).isZero();
        assertThat(names()).doesNotContain("discovery.load");
    }

    @Test
    void beyondTheBoundServicesAreShownTogether() {
        MetricsFigures figures = MetricsFigures.of("a.shop", "b.shop");
        new DiscoveryMetrics(figures, 2).bindTo(registry);
        figures.has(service("c.shop", 5));
        figures.has(new OfService(
                "d.shop",
                List.of(new OfTier("local", true, 50, true, 2, 1, 1, Duration.ofSeconds(9), Attempts.NONE, List.of())),
                40,
                1,
                Duration.ofSeconds(2),
                3,
                4,
                5,
                2));
        pass();

        assertThat(services()).containsExactlyInAnyOrder("a.shop", "b.shop", "other");
        assertThat(value("discovery.services", "shown", "apart")).isEqualTo(2);
        assertThat(value("discovery.services", "shown", "other")).isEqualTo(2);
        assertThat(other("discovery.picks")).isEqualTo(5);
        assertThat(other("discovery.endpoints", "state", "known")).isEqualTo(5);
        assertThat(other("discovery.endpoints", "state", "healthy")).isEqualTo(4);
        assertThat(other("discovery.load")).isEqualTo(75);
        assertThat(other("discovery.panic")).isEqualTo(1);
        assertThat(other("discovery.stale.age")).isEqualTo(9);
        assertThat(value("discovery.shed", "name", "other")).isEqualTo(40);
        assertThat(value("discovery.retry.budget", "name", "other")).isEqualTo(2);
        assertThat(value("discovery.failovers", "name", "other")).isEqualTo(1);
    }

    /** A sum that fell would be read as one that began anew: all of it would count once more. */
    @Test
    void theSumOfTheOthersNeverFalls() {
        MetricsFigures figures = MetricsFigures.of("a.shop");
        new DiscoveryMetrics(figures, 1).bindTo(registry);
        figures.has(service("b.shop", 1_000));
        figures.has(service("c.shop", 10));
        pass();

        figures.forgets("b.shop");
        figures.has(service("c.shop", 11));
        pass();

        assertThat(other("discovery.picks")).isEqualTo(1_011);
    }

    @Test
    void whoIsToldApartStaysSoAndWhoIsNotDoesNotBecomeSo() {
        MetricsFigures figures = MetricsFigures.of("m.shop");
        new DiscoveryMetrics(figures, 1).bindTo(registry);
        figures.has(service("a.shop", 1));
        pass();
        assertThat(services()).containsExactlyInAnyOrder("m.shop", "other");

        figures.forgets("m.shop");
        pass();
        assertThat(services()).containsExactly("other");

        figures.has(service("z.shop", 1));
        pass();
        assertThat(services()).containsExactlyInAnyOrder("z.shop", "other");
    }

    @Test
    void tiersBeyondSixteenAreShownTogether() {
        MetricsFigures figures = MetricsFigures.of();
        figures.has(service(
                "orders.shop",
                IntStream.range(0, 40).mapToObj(i -> tier("tier" + i, 1)).toArray(OfTier[]::new)));
        bind(figures);

        assertThat(values("tier")).hasSize(17).contains("other");
        assertThat(value("discovery.picks", "name", "orders.shop", "tier", "other"))
                .isEqualTo(24);
    }

    @Test
    void codesAndOutcomesAndKindsAreOfClosedSets() {
        MetricsFigures figures = MetricsFigures.of();
        List<Lookups> strange = IntStream.range(0, 3_000)
                .mapToObj(i -> new Lookups("outcome" + i % 50, "RESERVED" + i, 1, Duration.ofMillis(1)))
                .toList();
        figures.has(service(
                "orders.shop", new OfTier("local", true, 100, false, 1, 1, 0, Duration.ZERO, Attempts.NONE, strange)));
        figures.events(Map.of("load", 7L, "made up", 1L, "made up too", 2L));
        bind(figures);

        assertThat(values("rcode")).containsExactly("other");
        assertThat(local("discovery.lookups", "outcome", "other", "rcode", "other"))
                .isEqualTo(3_000);
        assertThat(value("discovery.events", "kind", "load")).isEqualTo(7);
        assertThat(value("discovery.events", "kind", "other")).isEqualTo(3);

        pass();
        assertThat(local("discovery.lookups", "outcome", "other", "rcode", "other"))
                .isEqualTo(3_000);
    }

    @Test
    void figuresThatThrowAreCountedAndTheLastReadingStays() {
        MetricsFigures figures = MetricsFigures.of();
        figures.has(service("orders.shop", 7));
        bind(figures);

        for (Error thrown : List.of(new AssertionError("no"), new NoClassDefFoundError("no"))) {
            figures.first(() -> {
                throw thrown;
            });
            pass();
        }
        assertThat(local("discovery.picks")).isEqualTo(7);
        assertThat(value("discovery.metrics.failures")).isEqualTo(2);
        assertThat(figures.readings).hasValue(3);

        figures.first(() -> {});
        figures.has(service("orders.shop", 9));
        pass();
        assertThat(local("discovery.picks")).isEqualTo(9);
        assertThat(value("discovery.metrics.failures")).isEqualTo(2);
    }

    @Test
    void aDiscoveryThatThrowsFromTheStartCanBeBound() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        figures.first(() -> {
            throw new IllegalStateException("not yet");
        });
        bind(figures);
        assertThat(value("discovery.metrics.failures")).isEqualTo(1);

        figures.first(() -> {});
        pass();
        assertThat(services()).containsExactly("orders.shop");
    }

    @Test
    void whatARegistryThrowsIsCounted() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (id.getName().equals("discovery.load")) {
                    throw new IllegalStateException("a filter of the user's");
                }
                return id;
            }
        });
        bind(MetricsFigures.of("orders.shop"));

        assertThat(names()).doesNotContain("discovery.load").contains("discovery.picks");
        assertThat(value("discovery.metrics.failures")).isEqualTo(2);
    }

    @Test
    void aFilterMayDenyAndCommonTagsAreAdded() {
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("discovery.lookups"))
                .commonTags("pod", "a-1");
        MetricsFigures figures = MetricsFigures.busy();
        bind(figures);

        assertThat(names()).doesNotContain("discovery.lookups");
        assertThat(values("pod")).containsExactly("a-1");

        figures.forgets("orders.shop");
        pass();
        assertThat(services()).isEmpty();
    }

    @Test
    void afterCloseNothingIsLeftAndNothingIsRead() {
        MetricsFigures figures = MetricsFigures.busy();
        DiscoveryMetrics metrics = new DiscoveryMetrics(figures);
        MeterRegistry second = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
        registry.counter("of.somebody.else");
        metrics.bindTo(registry);
        metrics.bindTo(second);
        List<Meter> kept = registry.getMeters();

        metrics.close();
        metrics.close();
        metrics.bindTo(second);
        clock.add(Duration.ofMinutes(1));
        kept.forEach(Meter::measure);

        assertThat(names()).containsExactly("of.somebody.else");
        assertThat(second.getMeters()).isEmpty();
        assertThat(figures.readings).hasValue(2);
    }

    @Test
    void whatIsClosedWhileItReadsIsWithdrawnAfterwards() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        DiscoveryMetrics metrics = new DiscoveryMetrics(figures);
        metrics.bindTo(registry);

        figures.has(service("cart.shop", 0));
        figures.first(metrics::close);
        pass();

        assertThat(registry.getMeters()).isEmpty();
    }

    /** As a listener of the registry may: without a loop, a lock waited for, or a second reading. */
    @Test
    void aMeterMayBeReadWhileItIsRegistered() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        registry.config().onMeterAdded(Meter::measure);
        figures.first(this::readAll);
        bind(figures);

        figures.has(service("cart.shop", 0));
        pass();

        assertThat(services()).containsExactlyInAnyOrder("orders.shop", "cart.shop");
        assertThat(figures.readings).hasValue(2);
    }

    @Test
    void bindingTwiceIsBindingOnce() {
        DiscoveryMetrics metrics = new DiscoveryMetrics(MetricsFigures.of("orders.shop"));
        metrics.bindTo(registry);
        int once = registry.getMeters().size();

        metrics.bindTo(registry);

        assertThat(registry.getMeters()).hasSize(once);
    }

    /** Else closing the one would withdraw the other's. */
    @Test
    void aSecondDiscoveryInTheSameRegistryIsNotShown() {
        DiscoveryMetrics second = new DiscoveryMetrics(MetricsFigures.of("cart.shop"));
        bind(MetricsFigures.of("orders.shop"));

        second.bindTo(registry);
        second.close();

        assertThat(services()).containsExactly("orders.shop");
    }

    /** Micrometer itself keeps what a meter reads by a weak reference only. */
    @Test
    void metersWorkThoughNobodyKeepsTheirBinder() {
        MetricsFigures figures = MetricsFigures.of("orders.shop");
        WeakReference<DiscoveryMetrics> binder = new WeakReference<>(bindAndForget(figures));
        for (int i = 0; i < 50 && binder.get() != null; i++) {
            System.gc();
        }
        assertThat(binder.get()).isNull();

        figures.has(service("orders.shop", 3));
        pass();

        assertThat(local("discovery.picks")).isEqualTo(3);
        assertThat(local("discovery.load")).isEqualTo(100);
        assertThat(value("discovery.enabled")).isEqualTo(1);
    }

    private DiscoveryMetrics bindAndForget(Measured measured) {
        DiscoveryMetrics metrics = new DiscoveryMetrics(measured);
        metrics.bindTo(registry);
        return metrics;
    }

    @Test
    void aBoundOutsideItsRangeIsRefused() {
        assertThatThrownBy(() -> new DiscoveryMetrics(MetricsFigures.of(), -1))
                .hasMessage("services: -1 (expected: 0 to 10000)");
        assertThatThrownBy(() -> new DiscoveryMetrics(MetricsFigures.of(), 10_001))
                .hasMessage("services: 10001 (expected: 0 to 10000)");
    }

    @Test
    void withNoServiceToldApartThereAreSums() {
        new DiscoveryMetrics(MetricsFigures.busy(), 0).bindTo(registry);

        assertThat(services()).containsExactly("other");
        assertThat(other("discovery.picks")).isEqualTo(100);
    }

    private void bind(MetricsFigures figures) {
        bindAndForget(figures);
    }

    /** Time for another reading, and somebody who takes it. */
    private void pass() {
        clock.add(Duration.ofSeconds(1));
        readAll();
    }

    private void readAll() {
        registry.forEachMeter(meter -> meter.measure().forEach(measurement -> measurement.getValue()));
    }

    private double local(String name, String... tags) {
        return value(name, Tags.of("name", "orders.shop", "tier", "local").and(tags), Statistic.TOTAL_TIME, false);
    }

    private double other(String name, String... tags) {
        return value(name, Tags.of("name", "other", "tier", "local").and(tags), Statistic.TOTAL_TIME, false);
    }

    private double value(String name, String... tags) {
        return value(name, Tags.of(tags), Statistic.TOTAL_TIME, false);
    }

    private double total(String name, String... tags) {
        return value(name, Tags.of("name", "orders.shop", "tier", "local").and(tags), Statistic.TOTAL_TIME, true);
    }

    /** Of the one meter of this name with just these tags: its measurement of this kind, or its first that is not. */
    private double value(String name, Tags tags, Statistic statistic, boolean wanted) {
        Meter meter = registry.get(name).tags(tags).meter();
        return StreamSupport.stream(meter.measure().spliterator(), false)
                .filter(measurement -> (measurement.getStatistic() == statistic) == wanted)
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private Set<String> names() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toSet());
    }

    private Set<String> services() {
        return values("name");
    }

    private Set<String> values(String tag) {
        return registry.getMeters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .filter(one -> one.getKey().equals(tag))
                .map(Tag::getValue)
                .collect(Collectors.toSet());
    }
}
