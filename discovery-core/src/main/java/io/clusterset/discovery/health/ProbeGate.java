package io.clusterset.discovery.health;

import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Scheduler.Pending;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps probing within bounds: at most 16 in flight and 10 a second (bursts of 20), whatever the number of sick endpoints;
 * the rest wait their turn. A probe whose prober does not keep its time is ended here. Lives on the serial executor.
 */
final class ProbeGate {

    private static final int IN_FLIGHT = 16;
    private static final double PER_NANO = 10 / 1e9;
    private static final double BURST = 20;
    private static final Duration GRACE = Duration.ofMillis(100); // a prober that keeps its time tells more

    private final Function<Probe, Prober> probers;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Executor serial;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Pending> deadlines = ConcurrentHashMap.newKeySet();
    private Pending wakeUp = () -> {};
    private int inFlight;
    private double tokens = BURST;
    private long filledAt;
    private boolean wakeUpSet;

    ProbeGate(Function<Probe, Prober> probers, Ticker ticker, Scheduler scheduler, Executor serial) {
        this.probers = probers;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.serial = serial;
        this.filledAt = ticker.nanos();
    }

    /**
     * Probes when there is room.
     *
     * @param terms asked when its turn has come: settings may be others by then
     * @param done told the answer on the serial executor; nothing if by then there is nothing to ask
     */
    void probe(InetSocketAddress address, Supplier<Terms> terms, Consumer<Optional<Answer>> done) {
        waiting.add(() -> {
            Terms now = terms.get();
            if (now.probe() instanceof Probe.None) {
                serial.execute(() -> done.accept(Optional.empty()));
            } else {
                begin(address, now, done);
            }
        });
        next();
    }

    private void begin(InetSocketAddress address, Terms terms, Consumer<Optional<Answer>> done) {
        tokens--;
        inFlight++;
        Duration timeout = terms.timeout();
        Prober prober = probers.apply(terms.probe());
        AtomicBoolean answered = new AtomicBoolean();
        Consumer<Prober.Result> once = result -> {
            if (answered.compareAndSet(false, true)) {
                serial.execute(() -> {
                    inFlight--;
                    try {
                        done.accept(Optional.of(new Answer(result, timeout)));
                    } finally {
                        next();
                    }
                });
            }
        };
        Duration longest = prober instanceof SlowAtFirst slow ? slow.longest(timeout) : timeout;
        Pending deadline = scheduler.schedule(longest.plus(GRACE), () -> once.accept(new Prober.TimedOut()));
        deadlines.add(deadline);
        Consumer<Prober.Result> inTime = result -> {
            deadlines.remove(deadline);
            deadline.cancel();
            once.accept(result);
        };
        try {
            prober.probe(address, timeout, inTime);
        } catch (Throwable thrown) { // an Error too: one endpoint's probe must not stop the others'
            inTime.accept(
                    new Prober.Refused("the probe threw " + thrown.getClass().getName()));
        }
    }

    /** As {@link #probe}, unless there is no room at once; whether there is. */
    boolean probeIfIdle(InetSocketAddress address, Supplier<Terms> terms, Consumer<Optional<Answer>> done) {
        refill();
        boolean idle = waiting.isEmpty() && inFlight < IN_FLIGHT && tokens >= 1;
        if (idle) {
            probe(address, terms, done);
        }
        return idle;
    }

    /** Nothing waits any more, no timer is left; answers that still come are told. */
    void close() {
        waiting.clear();
        wakeUp.cancel();
        deadlines.forEach(Pending::cancel);
        deadlines.clear();
    }

    private void refill() {
        long now = ticker.nanos();
        tokens = Math.min(BURST, tokens + (now - filledAt) * PER_NANO);
        filledAt = now;
    }

    private void next() {
        refill();
        while (!waiting.isEmpty() && inFlight < IN_FLIGHT && tokens >= 1) {
            waiting.remove().run();
        }
        if (!waiting.isEmpty() && inFlight < IN_FLIGHT && !wakeUpSet) {
            wakeUpSet = true;
            wakeUp = scheduler.schedule(
                    Duration.ofMillis(100),
                    () -> serial.execute(() -> {
                        wakeUpSet = false;
                        next();
                    }));
        }
    }

    /**
     * What is asked.
     *
     * @param probe how; nothing is asked if that is {@link Probe#none()}
     * @param timeout how long it may take
     */
    record Terms(Probe probe, Duration timeout) {}

    /**
     * How a probe ended.
     *
     * @param timeout how long it was given
     */
    record Answer(Prober.Result result, Duration timeout) {
        /** Why it failed. */
        String words() {
            return result instanceof Prober.Refused refused
                    ? refused.why()
                    : "probe timed out after " + timeout.toMillis() + " ms";
        }
    }
}
