package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * What is known of one endpoint at one port. Counters are written on the callers' threads; the verdict is written on the
 * serial executor and read by any thread; only what may change the verdict is queued.
 */
final class EndpointHealth implements Outcomes {

    private static final int HARD_FAILURES = 3;
    private static final int VIP_PROBES = 3;
    private static final Duration VIP_PROBES_APART = Duration.ofMillis(20);
    private static final int PROBES_UP = 2;
    private static final double SPREAD = 0.2;

    private final InetSocketAddress address;
    private final Surroundings around;
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Hard failures with no success between; written on the callers' threads. */
    private final AtomicInteger hardInARow = new AtomicInteger();

    private volatile Verdict verdict = Verdict.UNKNOWN;

    // All below: used on the serial executor.
    private final List<Runnable> users = new ArrayList<>();
    private final Alarm nextProbe;
    private boolean onlyOne;
    private boolean timedOut;
    private boolean probing;
    private int refusedProbes;
    private long countedSuccesses;
    private boolean everSucceeded;
    private long succeededAt; // as far as was looked: counting costs callers nothing, reading a clock would
    private int passedProbes;
    private long leftAt;

    EndpointHealth(InetSocketAddress address, Surroundings around) {
        this.address = address;
        this.around = around;
        this.nextProbe = new Alarm(around.ticker, around.scheduler, around.serial);
    }

    InetSocketAddress address() {
        return address;
    }

    Verdict verdict() {
        return verdict;
    }

    long succeeded() {
        return succeeded.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** Looks whether an attempt has succeeded since the last look. */
    void look() {
        long now = succeeded.sum();
        if (now != countedSuccesses) {
            countedSuccesses = now;
            progressed();
        }
    }

    private void progressed() {
        everSucceeded = true;
        succeededAt = around.ticker.nanos();
    }

    /** How long ago an attempt or a probe last succeeded, to the precision of {@link #look}; empty if never. */
    Optional<Duration> sinceSuccess() {
        look();
        return everSucceeded ? Optional.of(Duration.ofNanos(around.ticker.nanos() - succeededAt)) : Optional.empty();
    }

    /** See {@link io.clusterset.discovery.model.Candidate#passedOver}. */
    boolean passedOver() {
        return verdict.state() == State.SUSPECT && (!onlyOne || timedOut);
    }

    void onlyOne(boolean ofItsTier) {
        onlyOne = ofItsTier;
    }

    void usedBy(Runnable onChange) {
        users.add(onChange);
        boolean sick = verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY;
        if (sick && !probing && nextProbe.left().isEmpty()) {
            lookAgain(); // nobody asked while nobody used it
        }
    }

    /** The next probe; without probes, a trial: it is called again and judged anew. */
    private void lookAgain() {
        Duration pause = Backoff.spread(around.options.probeInterval(), SPREAD, around.random);
        if (around.options.probe() instanceof Probe.None) {
            nextProbe.set(pause, () -> {
                hardInARow.set(0);
                timedOut = false;
                change(Verdict.UNKNOWN);
            });
        } else {
            nextProbe.set(pause, this::probe);
        }
    }

    void leftBy(Runnable onChange) {
        users.remove(onChange);
        leftAt = around.ticker.nanos();
    }

    /** How long no service has used it. */
    Duration unusedFor() {
        return Duration.ofNanos(around.ticker.nanos() - leftAt);
    }

    boolean unused() {
        return users.isEmpty();
    }

    void stop() {
        nextProbe.cancel();
    }

    @Override
    public void began() {
        // the open-attempt rule will count here
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded) {
            succeeded.increment();
            if (hardInARow.get() != 0) {
                hardInARow.set(0);
            }
            if (verdict.state() != State.HEALTHY) {
                around.serial.execute(this::answered);
            }
        } else if (outcome instanceof Outcome.FailedHard hard) {
            failed.increment();
            int row = hardInARow.incrementAndGet();
            if (row <= HARD_FAILURES || verdict.state() == State.HEALTHY) {
                around.serial.execute(() -> failedHard(hard));
            }
        } else if (outcome instanceof Outcome.FailedSoft) {
            failed.increment();
        }
    }

    /** A call succeeded: it works, whatever was thought. */
    private void answered() {
        refusedProbes = 0;
        if (verdict.state() != State.HEALTHY) {
            nextProbe.cancel();
            change(recovered("a call succeeded"));
        }
    }

    private Verdict recovered(String how) {
        return verdict.state() == State.UNKNOWN ? Verdict.HEALTHY : new Verdict(State.HEALTHY, how);
    }

    private void failedHard(Outcome.FailedHard failure) {
        if (verdict.state() == State.UNHEALTHY || unused()) {
            return;
        }
        int row = hardInARow.get();
        if (row == 0) {
            return; // a success came after it
        }
        timedOut |= failure.timedOut();
        passedProbes = 0;
        boolean probes = !(around.options.probe() instanceof Probe.None);
        boolean enough = row >= HARD_FAILURES && (!onlyOne || !probes || refusedProbes >= VIP_PROBES);
        if (enough) {
            unhealthy(failure.reason());
        } else if (verdict.state() != State.SUSPECT) {
            change(new Verdict(State.SUSPECT, failure.reason()));
            if (!probes) {
                lookAgain();
            } else if (!probing) {
                probe();
            }
        } else if (row >= HARD_FAILURES && probes && !probing && refusedProbes == 0) {
            probe(); // it passed before these failures: that is news, and the next one is seconds away
        }
    }

    private void probe() {
        probing = true;
        nextProbe.cancel();
        around.gate.probe(address, around.options.probeTimeout(), this::probed);
    }

    private void probed(Prober.Result result) {
        probing = false;
        if (result instanceof Prober.Passed) {
            progressed();
            refusedProbes = 0;
            passedProbes++;
            if (passedProbes >= PROBES_UP && verdict.state() != State.HEALTHY) {
                hardInARow.set(0);
                change(recovered(PROBES_UP + " probes passed"));
                return;
            }
        } else {
            passedProbes = 0;
            judgeFailedProbe(result);
        }
        boolean sick = verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY;
        if (sick && !unused()) {
            boolean hurried = verdict.state() == State.SUSPECT && refusedProbes > 0 && refusedProbes < VIP_PROBES;
            nextProbe.set(
                    hurried ? VIP_PROBES_APART : Backoff.spread(around.options.probeInterval(), SPREAD, around.random),
                    this::probe);
        }
    }

    private void judgeFailedProbe(Prober.Result result) {
        String why = words(result);
        if (result instanceof Prober.Refused) {
            refusedProbes++;
        }
        if (verdict.state() != State.SUSPECT) {
            return;
        }
        boolean settled = !onlyOne
                || result instanceof Prober.TimedOut
                || (refusedProbes >= VIP_PROBES && hardInARow.get() >= HARD_FAILURES);
        if (settled) {
            unhealthy(why);
        }
    }

    /** Probes on somebody's wish and settles the verdict by that alone. */
    void examine(Runnable done) {
        if (around.options.probe() instanceof Probe.None) {
            done.run();
            return;
        }
        examine(1, done);
    }

    private void examine(int nth, Runnable done) {
        around.gate.probe(address, around.options.probeTimeout(), result -> {
            if (result instanceof Prober.Passed) {
                hardInARow.set(0);
                answered();
            } else if (result instanceof Prober.Refused && onlyOne && nth < VIP_PROBES) {
                around.scheduler.schedule(VIP_PROBES_APART, () -> around.serial.execute(() -> examine(nth + 1, done)));
                return;
            } else {
                unhealthy(words(result));
            }
            done.run();
        });
    }

    private void unhealthy(String why) {
        if (verdict.state() != State.UNHEALTHY) {
            passedProbes = 0;
            change(new Verdict(State.UNHEALTHY, why));
        }
        if (!probing && nextProbe.left().isEmpty()) {
            lookAgain();
        }
    }

    private void change(Verdict next) {
        Verdict before = verdict;
        verdict = next;
        if (next.state() == State.HEALTHY) {
            timedOut = false;
            passedProbes = 0;
            refusedProbes = 0;
        }
        if (before.state() != State.UNKNOWN || next.state() != State.HEALTHY) {
            around.events.accept(new Event.VerdictChanged(show(), before, next));
        }
        List.copyOf(users).forEach(Runnable::run);
    }

    private String words(Prober.Result result) {
        return result instanceof Prober.Refused refused
                ? refused.why()
                : "probe timed out after " + around.options.probeTimeout().toMillis() + " ms";
    }

    private String show() {
        return Endpoint.of(address.getAddress(), address.getPort()).authority();
    }

    /** {@code probe of 10.0.0.1:80 in 3000 ms}, if one is scheduled. */
    Optional<String> next() {
        return nextProbe.left().map(left -> "probe of " + show() + " in " + shortly(left));
    }

    private static String shortly(Duration left) {
        return left.toSeconds() < 1 ? left.toMillis() + " ms" : left.toSeconds() + " s";
    }

    /**
     * What all endpoints share.
     *
     * @param options how to judge
     * @param gate where probes wait their turn
     * @param ticker time
     * @param scheduler later
     * @param serial the executor all this runs on
     * @param random jitter
     * @param events where transitions are told
     */
    record Surroundings(
            HealthOptions options,
            ProbeGate gate,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            RandomGenerator random,
            EventSink events) {}
}
