package io.clusterset.discovery.observe;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Services that come and go while a registry, of whatever kind, goes through its meters. */
final class MetricsRegistriesTest {

    private final MockClock clock = new MockClock();
    private final MetricsFigures figures = MetricsFigures.of("orders.shop");

    @Test
    void aScrapeShowsANewServiceAtOnceOrTheNextOneDoes() {
        PrometheusMeterRegistry registry = MetricsScrape.registry(clock);
        new DiscoveryMetrics(figures).bindTo(registry);
        assertThat(registry.scrape()).contains("name=\"orders.shop\"");

        figures.has(MetricsFigures.service("cart.shop", 1));
        figures.forgets("orders.shop");
        clock.add(Duration.ofSeconds(15));
        String first = registry.scrape();
        String second = registry.scrape();

        assertThat(second).contains("name=\"cart.shop\"").doesNotContain("orders.shop");
        assertThat(first).contains("discovery_enabled 1.0");
        assertThat(figures.readings).hasValue(2);
    }

    @Test
    void aCompositeHasThemInAllItsRegistriesAndThoseThatComeLater() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry(clock);
        PrometheusMeterRegistry early = MetricsScrape.registry(clock);
        composite.add(early);
        DiscoveryMetrics metrics = new DiscoveryMetrics(figures);
        metrics.bindTo(composite);
        PrometheusMeterRegistry late = MetricsScrape.registry(clock);
        composite.add(late);

        figures.has(MetricsFigures.service("cart.shop", 3));
        clock.add(Duration.ofSeconds(15));
        early.scrape();
        for (PrometheusMeterRegistry registry : List.of(early, late)) {
            assertThat(registry.scrape()).contains("discovery_picks_total{name=\"cart.shop\",tier=\"local\"} 3.0");
        }

        metrics.close();
        assertThat(composite.getMeters()).isEmpty();
        assertThat(early.getMeters()).isEmpty();
        assertThat(late.scrape()).doesNotContain("discovery");
    }

    @Test
    void aRegistryThatCountsBySteps() {
        MeterRegistry registry = steps();
        new DiscoveryMetrics(figures).bindTo(registry);

        FunctionCounter picks =
                registry.get("discovery.picks").tag("tier", "local").functionCounter();
        figures.has(MetricsFigures.service("orders.shop", 60));
        clock.add(Duration.ofMinutes(1));
        assertThat(picks.count()).isEqualTo(60);

        figures.rests("orders.shop");
        clock.add(Duration.ofMinutes(1));
        assertThat(picks.count()).isZero();

        figures.has(MetricsFigures.service("orders.shop", 65));
        clock.add(Duration.ofMinutes(1));
        assertThat(picks.count()).isEqualTo(5);
    }

    private MeterRegistry steps() {
        return new SimpleMeterRegistry(
                new SimpleConfig() {
                    @Override
                    public @Nullable String get(String key) {
                        return "simple.mode".equals(key) ? CountingMode.STEP.name() : null;
                    }

                    @Override
                    public Duration step() {
                        return Duration.ofMinutes(1);
                    }
                },
                clock);
    }

    @Test
    void manyReadersOfOneOldReadingTakeOneNewOne() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
        new DiscoveryMetrics(figures).bindTo(registry);
        clock.add(Duration.ofSeconds(15));

        together(4, () -> {
            registry.forEachMeter(Meter::measure);
            registry.getMeters().forEach(meter -> meter.measure().forEach(one -> one.getValue()));
            return null;
        });

        assertThat(figures.readings).hasValue(2);
    }

    /**
     * Each reading has other services, and a second passes with each look at the clock. None comes back: that within one scrape a
     * service were forgotten and known again is the one thing that Prometheus' client would not bear, and takes minutes.
     */
    @Test
    void servicesComeAndGoWhileSeveralScrape() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        Measured busy = () -> {
            int now = turn.incrementAndGet();
            return MetricsFigures.of("a" + now / 7 + ".shop", "b" + now / 5 + ".shop", "c" + now / 3 + ".shop")
                    .figures();
        };
        Hurried hurried = new Hurried();
        PrometheusMeterRegistry prometheus =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), hurried);
        SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, hurried);
        CompositeMeterRegistry composite = new CompositeMeterRegistry(hurried, List.of(prometheus, simple));
        DiscoveryMetrics metrics = new DiscoveryMetrics(busy, 4);
        metrics.bindTo(composite);

        together(4, () -> {
            for (int i = 0; i < 50; i++) {
                assertThat(prometheus.scrape()).contains("discovery_enabled 1.0");
                simple.forEachMeter(meter -> meter.measure().forEach(one -> one.getValue()));
                composite.getMeters().forEach(meter -> meter.measure().forEach(one -> one.getValue()));
            }
            return null;
        });
        assertThat(turn).hasValueGreaterThan(100);
        assertThat(simple.get("discovery.metrics.failures").functionCounter().count())
                .isZero();

        metrics.close();
        assertThat(composite.getMeters()).isEmpty();
        assertThat(simple.getMeters()).isEmpty();
        assertThat(prometheus.scrape()).isBlank();
    }

    /** A second later whenever somebody looks. */
    private static final class Hurried implements Clock {
        private final AtomicInteger seconds = new AtomicInteger();

        @Override
        public long wallTime() {
            return Duration.ofSeconds(seconds.get()).toMillis();
        }

        @Override
        public long monotonicTime() {
            return Duration.ofSeconds(seconds.incrementAndGet()).toNanos();
        }
    }

    private static void together(int threads, Callable<Void> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(executor.submit(() -> {
                    start.await(10, SECONDS);
                    return work.call();
                }));
            }
            for (Future<Void> one : running) {
                one.get(60, SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
