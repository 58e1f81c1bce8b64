package io.clusterset.discovery.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.IdentityHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the {@link Figures} of a discovery in Micrometer registries. Which metrics there are is in the guide ({@code
 * docs/guides/metrics.md}). Wants {@code micrometer-core} on the class path; nothing else in this library does.
 *
 * <p>It has no thread. Reading any meter takes a new reading for all of them if the last one is a second old by the registry's
 * clock, and a service that is new in it gets its meters then: it shows in that scrape or in the next one. Meters of services
 * that were forgotten are withdrawn in the same way.
 *
 * <p>Bounded: at most {@value #SERVICES} services (or as many as it is told) and 16 tiers are told apart, first come, first
 * served; the others are shown together as {@code other}. Nothing that goes wrong here reaches who reads or registers: it is
 * logged once and counted in {@code discovery.metrics.failures}, and the last reading stays.
 *
 * <p>Thread-safe. One discovery for each registry; tags such as the application's name are common tags of the registry.
 */
@SuppressWarnings("exports") // transitive, every module that uses ours would need Micrometer to be compiled
public final class DiscoveryMetrics implements MeterBinder, AutoCloseable {

    /** How many services are told apart, unless it is told otherwise. */
    public static final int SERVICES = 1_000;

    private static final int MOST_SERVICES = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");

    private final Measured measured;
    private final int services;
    private final IdentityHashMap<MeterRegistry, MeterBoard> boards = new IdentityHashMap<>(); // guarded by this
    private boolean closed; // guarded by this

    /** Of a discovery. Shows nothing until it is bound to a registry. */
    public DiscoveryMetrics(Measured measured) {
        this(measured, SERVICES);
    }

    /**
     * With another bound. A service with two tiers has about 33 meters.
     *
     * @param services how many are told apart, 0 to 10,000; with 0 there are only sums over all of them
     */
    public DiscoveryMetrics(Measured measured, int services) {
        if (services < 0 || services > MOST_SERVICES) {
            throw new IllegalArgumentException("services: " + services + " (expected: 0 to " + MOST_SERVICES + ")");
        }
        this.measured = measured;
        this.services = services;
    }

    /** Registers the meters. Does nothing if they are there already, or after {@link #close}. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (closed || boards.containsKey(registry)) {
            return;
        }
        if (registry.find(Metric.ENABLED.title()).meter() != null) {
            // Its meters would be the other's, and would go when either is closed.
            LOG.warn("metrics: those of another discovery are in this registry, these are not shown");
            return;
        }
        boards.put(registry, new MeterBoard(measured, registry, services));
    }

    /** Withdraws all meters. The discovery and the registries stay as they are. */
    @Override
    public synchronized void close() {
        closed = true;
        boards.values().forEach(MeterBoard::close);
        boards.clear();
    }
}
