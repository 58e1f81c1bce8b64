package io.clusterset.discovery.health;

import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The verdicts of one discovery: one per address and port, shared by all services that use it, so that a process asks one
 * endpoint one question. Used on the serial executor; outcomes come in on any thread.
 */
public final class Health implements AutoCloseable {

    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private final Map<Key, EndpointHealth> known = new HashMap<>();
    private final Pulse pulse;
    private final EndpointHealth.Surroundings surroundings;
    private final Alarm forget;

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
        pulse = new Pulse(ticker, scheduler, serial, this::beat);
        surroundings = new EndpointHealth.Surroundings(options, gate, pulse, ticker, scheduler, serial, random, events);
        forget = new Alarm(ticker, scheduler, serial);
    }

    /**
     * The verdicts as one service sees them.
     *
     * @param probed whether its endpoints can be probed: those of a UDP port can't, and are not those of the TCP port of the
     *     same number
     */
    public HealthView view(boolean probed, Runnable onChange) {
        return new HealthView(this, probed, surroundings, onChange);
    }

    EndpointHealth of(InetSocketAddress address, boolean probed) {
        return known.computeIfAbsent(
                new Key(address, probed), key -> new EndpointHealth(address, probed, surroundings));
    }

    private boolean beat(long now) {
        boolean active = false;
        for (EndpointHealth endpoint : List.copyOf(known.values())) { // what they find may change who is known
            active |= endpoint.beat(now);
        }
        return active;
    }

    /** An endpoint left a service: what was learned of it must not outlive it by long, since addresses are reused. */
    void released() {
        forget.setIfSooner(REMEMBERED, this::forgetUnused);
    }

    private void forgetUnused() {
        List<EndpointHealth> unused =
                known.values().stream().filter(EndpointHealth::unused).toList();
        Duration youngest = Duration.ZERO;
        for (EndpointHealth endpoint : unused) {
            Duration left = REMEMBERED.minus(endpoint.unusedFor());
            if (left.isNegative() || left.isZero()) {
                endpoint.stop();
                known.values().remove(endpoint);
            } else {
                youngest = left.compareTo(youngest) > 0 ? left : youngest;
            }
        }
        if (!youngest.isZero()) {
            forget.set(youngest, this::forgetUnused);
        }
    }

    private record Key(InetSocketAddress address, boolean probed) {}

    /** How many endpoints are known. */
    public int size() {
        return known.size();
    }

    @Override
    public void close() {
        pulse.stop();
        surroundings.gate().close();
        forget.cancel();
        known.values().forEach(EndpointHealth::stop);
        known.clear();
    }
}
