package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.EndpointTable;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The verdicts of one discovery: one per address and port, shared by all services that use it, so that a process asks one
 * endpoint one question. Used on the serial executor; outcomes come in on any thread.
 */
public final class Health implements AutoCloseable {

    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private final Pulse pulse;
    private final ProbeGate gate;
    private final Kind probed;
    private final Kind unprobed;
    private final Alarm forget;

    /** Those that no service uses, and since when, the longest first. */
    private final Map<EndpointHealth, Long> unused = new LinkedHashMap<>();

    private final Ticker ticker;

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
        this.ticker = ticker;
        gate = new ProbeGate(prober, ticker, scheduler, serial);
        pulse = new Pulse(ticker, scheduler, serial, this::beat);
        probed = new Kind(new EndpointHealth.Surroundings(
                options, options.probes(), gate, pulse, ticker, scheduler, serial, random, events));
        unprobed = new Kind(new EndpointHealth.Surroundings(
                options, false, gate, pulse, ticker, scheduler, serial, random, events));
        forget = new Alarm(ticker, scheduler, serial);
    }

    /**
     * The verdicts as one service sees them.
     *
     * @param canBeProbed whether its endpoints can be probed: those of a UDP port can't, and are not those of the TCP port of
     *     the same number
     */
    public HealthView view(boolean canBeProbed, Runnable onChange) {
        return new HealthView(this, canBeProbed ? probed : unprobed, onChange);
    }

    private boolean beat(long now) {
        boolean[] active = {false};
        probed.known.forEach(endpoint -> active[0] |= endpoint.beat(now));
        unprobed.known.forEach(endpoint -> active[0] |= endpoint.beat(now));
        return active[0];
    }

    /** A service uses it. */
    void used(EndpointHealth endpoint) {
        unused.remove(endpoint);
    }

    /** An endpoint left a service: what was learned of it must not outlive it by long, since addresses are reused. */
    void left(EndpointHealth endpoint) {
        if (endpoint.unused()) {
            unused.put(endpoint, ticker.nanos());
            forget.setIfSooner(REMEMBERED, this::forgetUnused);
        }
    }

    private void forgetUnused() {
        long now = ticker.nanos();
        Iterator<Map.Entry<EndpointHealth, Long>> all = unused.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<EndpointHealth, Long> longest = all.next();
            Duration left = REMEMBERED.minusNanos(now - longest.getValue());
            if (!left.isNegative() && !left.isZero()) {
                forget.set(left, this::forgetUnused);
                return;
            }
            all.remove();
            longest.getKey().forget();
            probed.known.remove(longest.getKey());
            unprobed.known.remove(longest.getKey());
        }
    }

    /** How many endpoints are known. */
    public int size() {
        return probed.known.size() + unprobed.known.size();
    }

    @Override
    public void close() {
        pulse.stop();
        gate.close();
        forget.cancel();
        unused.clear();
        probed.close();
        unprobed.close();
    }

    /** Those that can be probed, or those that can't. */
    static final class Kind {
        private final EndpointHealth.Surroundings around;
        private final EndpointTable<EndpointHealth> known = new EndpointTable<>(EndpointHealth::endpoint);

        private Kind(EndpointHealth.Surroundings around) {
            this.around = around;
        }

        EndpointHealth.Surroundings around() {
            return around;
        }

        Optional<EndpointHealth> find(Endpoint endpoint) {
            return known.find(endpoint);
        }

        /** What is known of the endpoint's address and port, from now on if not before. */
        EndpointHealth of(Endpoint endpoint) {
            return known.find(endpoint).orElseGet(() -> {
                EndpointHealth added = new EndpointHealth(endpoint, around);
                known.add(added);
                return added;
            });
        }

        private void close() {
            known.forEach(EndpointHealth::stop);
            known.clear();
        }
    }
}
