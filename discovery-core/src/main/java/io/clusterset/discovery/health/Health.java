package io.clusterset.discovery.health;

import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The verdicts of one discovery: one per address and port, shared by all services that use it, so that a process asks one
 * endpoint one question. Used on the serial executor; outcomes come in on any thread.
 */
public final class Health implements AutoCloseable {

    private final Map<InetSocketAddress, EndpointHealth> known = new HashMap<>();
    private final EndpointHealth.Surroundings surroundings;

    /**
     * With how to judge and what to judge with.
     *
     * @param prober used unless the options say {@link Probe#none()}
     */
    public Health(
            HealthOptions options,
            Prober prober,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            RandomGenerator random,
            EventSink events) {
        ProbeGate gate = new ProbeGate(prober, ticker, scheduler, serial);
        surroundings = new EndpointHealth.Surroundings(options, gate, ticker, scheduler, serial, random, events);
    }

    /** The verdicts as one service sees them. */
    public HealthView view(Runnable onChange) {
        return new HealthView(this, onChange, surroundings);
    }

    EndpointHealth of(InetSocketAddress address) {
        return known.computeIfAbsent(address, a -> new EndpointHealth(a, surroundings));
    }

    /** Forgets an endpoint that no service uses; what was learned of it must not outlive it by long (addresses are reused). */
    void forgetUnused(EndpointHealth endpoint) {
        if (endpoint.unused()) {
            endpoint.stop();
            known.remove(endpoint.address());
        }
    }

    /** How many endpoints are known. */
    public int size() {
        return known.size();
    }

    @Override
    public void close() {
        known.values().forEach(EndpointHealth::stop);
        known.clear();
    }
}
