package io.clusterset.discovery.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Meters that come and go together. What a registry throws (its filters are the user's) is contained: the number is kept then,
 * and not shown. Guarded by its owner.
 */
final class MeterGroup {

    private final MeterRegistry registry;
    private final Runnable refresh;
    private final Consumer<Throwable> trouble;
    private final List<Meter> meters = new ArrayList<>();

    /**
     * None yet.
     *
     * @param refresh run before any of them is read
     * @param trouble told what a registry threw
     */
    MeterGroup(MeterRegistry registry, Runnable refresh, Consumer<Throwable> trouble) {
        this.registry = registry;
        this.refresh = refresh;
        this.trouble = trouble;
    }

    /** An empty group of the same registry. */
    MeterGroup another() {
        return new MeterGroup(registry, refresh, trouble);
    }

    Cell counter(Metric metric, Tags tags) {
        Cell cell = new Cell(refresh);
        add(() -> FunctionCounter.builder(metric.title(), cell, cell)
                .tags(tags)
                .baseUnit(metric.unit())
                .description(metric.description())
                .register(registry));
        return cell;
    }

    Cell gauge(Metric metric, Tags tags) {
        Cell cell = new Cell(refresh);
        add(() -> Gauge.builder(metric.title(), cell, cell)
                .tags(tags)
                .baseUnit(metric.unit())
                .description(metric.description())
                .register(registry));
        return cell;
    }

    /** A gauge of seconds, which the registry shows in the unit it has for time. */
    Cell age(Metric metric, Tags tags) {
        Cell cell = new Cell(refresh);
        add(() -> TimeGauge.builder(metric.title(), cell, TimeUnit.SECONDS, cell)
                .tags(tags)
                .description(metric.description())
                .register(registry));
        return cell;
    }

    TimedCell timer(Metric metric, Tags tags) {
        TimedCell cell = new TimedCell(refresh);
        add(() -> FunctionTimer.builder(metric.title(), cell, cell, cell, TimeUnit.NANOSECONDS)
                .tags(tags)
                .description(metric.description())
                .register(registry));
        return cell;
    }

    private void add(Supplier<Meter> registration) {
        contained(() -> meters.add(registration.get()));
    }

    /** Withdraws them all. */
    void remove() {
        meters.forEach(meter -> contained(() -> registry.remove(meter)));
        meters.clear();
    }

    private void contained(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError thrown) {
            trouble.accept(thrown);
        }
    }
}
