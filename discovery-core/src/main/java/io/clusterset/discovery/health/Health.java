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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The verdicts of one discovery: one per address and port, shared by all services that use it and are probed alike, so that a
 * process asks one endpoint one question. Used on the serial executor; outcomes come in on any thread.
 */
public final class Health implements AutoCloseable {

    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private final Pulse pulse;
    private final ProbeGate gate;
    private final Function<ProbeRule, Surroundings> around;
    private final Map<ProbeRule, Kind> kinds = new LinkedHashMap<>(); // as many as are in use
    private final Alarm forget;

    /** Those that no service uses, the longest first. */
    private final Map<EndpointHealth, Unused> unused = new LinkedHashMap<>();

    private final Ticker ticker;

    /**
     * With how to judge and what to judge with.
     *
     * @param options as of now: asked on the serial executor at each use, and what is known is judged by what they say then;
     *     see {@link #reconfigured}
     * @param probers who makes a probe; never asked for {@link Probe#none()}
     */
    public Health(
            Supplier<HealthOptions> options,
            Function<Probe, Prober> probers,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            RandomGenerator random,
            EventSink events) {
        this.ticker = ticker;
        gate = new ProbeGate(probers, ticker, scheduler, serial);
        pulse = new Pulse(ticker, scheduler, serial, this::beat);
        around = rule -> new Surroundings(options, rule, gate, pulse, ticker, scheduler, serial, random, events);
        forget = new Alarm(ticker, scheduler, serial);
    }

    /**
     * The verdicts as one service sees them.
     *
     * @param canBeProbed whether its endpoints can be probed: those of a UDP port can't, and are not those of the TCP port of
     *     the same number
     */
    public HealthView view(boolean canBeProbed, Runnable onChange) {
        return view(canBeProbed, Optional.empty(), onChange, onChange);
    }

    /**
     * The verdicts as one service sees them that may have a probe of its own. On any thread.
     *
     * @param canBeProbed as above
     * @param own in place of the options' probe, whatever that becomes. Services with the same one share their verdicts, and
     *     with no others, be they probed the same way by the options
     * @param onChange told when a pick may go elsewhere for it
     * @param onProof told when one of which nothing was known has answered a call: there is no hurry, it was used like a healthy one
     */
    public HealthView view(boolean canBeProbed, Optional<Probe> own, Runnable onChange, Runnable onProof) {
        ProbeRule rule = new ProbeRule(canBeProbed, canBeProbed ? own : Optional.empty());
        return new HealthView(this, around.apply(rule), onChange, onProof);
    }

    /**
     * To be called after the options have changed, on the serial executor: whom a timer waits for finds out by itself, but not
     * those for whom none does, such as the healthy, who now are to be probed, too.
     */
    public void reconfigured() {
        List.copyOf(kinds.values()).forEach(kind -> {
            kind.views.forEach(HealthView::reconfigured);
            kind.known.forEach(EndpointHealth::reconfigured);
        });
    }

    private boolean beat(long now) {
        boolean[] active = {false};
        kinds.values().forEach(kind -> kind.known.forEach(endpoint -> active[0] |= endpoint.beat(now)));
        return active[0];
    }

    /** A service begins to look, or looks again. */
    Kind enter(HealthView view) {
        Surroundings its = view.around();
        Kind kind = kinds.computeIfAbsent(its.rule(), rule -> new Kind(its));
        kind.views.add(view);
        return kind;
    }

    /** A service has let all its endpoints go. */
    void left(HealthView view, Kind kind) {
        kind.views.remove(view);
        letGoIfEmpty(kind);
    }

    private void letGoIfEmpty(Kind kind) {
        if (kind.views.isEmpty() && kind.known.size() == 0) {
            kinds.remove(kind.around.rule(), kind);
        }
    }

    /** A service uses it. */
    void used(EndpointHealth endpoint) {
        unused.remove(endpoint);
    }

    /** An endpoint left a service: what was learned of it must not outlive it by long, since addresses are reused. */
    void left(EndpointHealth endpoint, Kind kind) {
        if (endpoint.unused()) {
            unused.put(endpoint, new Unused(kind, ticker.nanos()));
            forget.setIfSooner(REMEMBERED, this::forgetUnused);
        }
    }

    private void forgetUnused() {
        long now = ticker.nanos();
        Iterator<Map.Entry<EndpointHealth, Unused>> all = unused.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<EndpointHealth, Unused> longest = all.next();
            Duration left = REMEMBERED.minusNanos(now - longest.getValue().since());
            if (!left.isNegative() && !left.isZero()) {
                forget.set(left, this::forgetUnused);
                return;
            }
            all.remove();
            longest.getKey().forget();
            Kind kind = longest.getValue().kind();
            kind.known.remove(longest.getKey());
            letGoIfEmpty(kind);
        }
    }

    /** How many endpoints are known; one that is probed in two ways is two. */
    public int size() {
        return kinds.values().stream().mapToInt(kind -> kind.known.size()).sum();
    }

    /** In how many ways endpoints are probed. */
    int kinds() {
        return kinds.size();
    }

    @Override
    public void close() {
        pulse.stop();
        gate.close();
        forget.cancel();
        unused.clear();
        kinds.values().forEach(Kind::close);
        kinds.clear();
    }

    /** Somebody of that kind, and since when. */
    private record Unused(Kind kind, long since) {}

    /** The endpoints that are probed by one rule. */
    static final class Kind {
        private final Surroundings around;
        private final EndpointTable<EndpointHealth> known = new EndpointTable<>(EndpointHealth::endpoint);

        private final Set<HealthView> views = new LinkedHashSet<>(); // in an order that is the same in each run

        private Kind(Surroundings around) {
            this.around = around;
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
