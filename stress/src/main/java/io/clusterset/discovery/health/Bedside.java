package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One endpoint's health, used by one service. Time stands still unless told; timers and probes wait until a test lets them go.
 * The serial executor borrows whichever thread comes first, so that its work meets the callers' on another.
 */
final class Bedside {

    static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final Endpoint ADDRESS = Endpoint.parse("127.0.0.1:80");
    private static final Outcome SUCCEEDED = new Outcome.Succeeded();
    private static final Outcome FAILED_HARD = new Outcome.FailedHard("connection refused", false);
    private static final Outcome FAILED_SOFTLY = new Outcome.FailedSoft("HTTP status 503");
    private static final Outcome ABANDONED = new Outcome.Abandoned();

    final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
        throw new AssertionError(thrown);
    });
    final Timer beats = new Timer();
    final EndpointHealth endpoint;

    private final Timer alarms = new Timer();
    private final Queue<Consumer<Prober.Result>> probes = new ConcurrentLinkedQueue<>(); // under way
    private final Pulse pulse;
    private final AtomicLong now = new AtomicLong();

    Bedside() {
        Ticker ticker = now::get;
        pulse = new Pulse(ticker, beats, serial, this::beat);
        ProbeGate gate =
                new ProbeGate(any -> (address, timeout, done) -> probes.add(done), ticker, new Timer(), serial);
        endpoint = new EndpointHealth(
                ADDRESS,
                new Surroundings(
                        HealthOptions::defaults,
                        new ProbeRule(true, Optional.empty()),
                        gate,
                        pulse,
                        ticker,
                        alarms,
                        serial,
                        new Random(1),
                        event -> {}));
        EndpointHealth.User user = new EndpointHealth.User() {
            @Override
            public void changed(EndpointHealth changed) {}

            @Override
            public void proven(EndpointHealth proven) {}

            @Override
            public void fails() {}
        };
        endpoint.usedBy(List.of(user), ADDRESS);
    }

    private boolean beat(long time) {
        return endpoint.beat(time);
    }

    void succeeds() {
        ends(SUCCEEDED);
    }

    void failsHard() {
        ends(FAILED_HARD);
    }

    void failsSoftly() {
        ends(FAILED_SOFTLY);
    }

    void isAbandoned() {
        ends(ABANDONED);
    }

    private void ends(Outcome outcome) {
        endpoint.ended(endpoint.began(), outcome);
    }

    /** One look at what is open, as the pulse does it. */
    void looksAround() {
        serial.execute(() -> endpoint.beat(now.get()));
    }

    /** Time passes, but nobody slept: the pulse knows. */
    void pass(long nanos) {
        now.addAndGet(nanos);
        serial.execute(pulse::exact);
    }

    /** The probe that is under way, if any, is refused. */
    void refusesProbe() {
        endProbe(new Prober.Refused("connection refused"));
    }

    /** The probe that is under way, if any, passes. */
    void passesProbe() {
        endProbe(new Prober.Passed());
    }

    private void endProbe(Prober.Result result) {
        Consumer<Prober.Result> waits = probes.poll();
        if (waits != null) {
            waits.accept(result);
        }
    }

    /** The next probe or trial begins now. */
    void alarmGoesOff() {
        alarms.goOff();
    }

    /** It is left out for failing softly, and has come back on trial. */
    void putOnTrial() {
        serial.execute(() -> endpoint.outlier("50 % of its calls fail, 0 % of others'"));
        alarmGoesOff();
    }

    /** The verdict; and whether it stays like that for ever, because nobody will look at a sick endpoint again. */
    String verdict() {
        State state = endpoint.verdict().state();
        boolean sick = state == State.SUSPECT || state == State.UNHEALTHY;
        boolean looked = !probes.isEmpty() || endpoint.ill().flatMap(Case::due).isPresent();
        return state.word() + (sick && !looked ? " for ever" : "");
    }

    /** Keeps the latest task until it is let go. */
    static final class Timer implements Scheduler {
        private final AtomicInteger scheduled = new AtomicInteger();
        private volatile Optional<Runnable> latest = Optional.empty();

        @Override
        public Pending schedule(Duration delay, Runnable task) {
            scheduled.incrementAndGet();
            latest = Optional.of(task);
            return () -> {};
        }

        /** How many tasks ever came. */
        int scheduled() {
            return scheduled.get();
        }

        boolean waits() {
            return latest.isPresent();
        }

        void goOff() {
            Optional<Runnable> task = latest;
            latest = Optional.empty();
            task.ifPresent(Runnable::run);
        }
    }
}
