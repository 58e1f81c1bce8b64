package io.clusterset.discovery.health;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether an endpoint is left out for failing softly, and how it comes back.
 *
 * <pre>
 *       too many fail               its time is up
 *  in ─────────────────▶ out ◀───────────────────────▶ on trial
 *  ▲                      │            it fails            │
 *  └───── overtaken ──────┴──── it goes well, overtaken ───┘
 * </pre>
 *
 * <p>Too many: half of at least twenty, or far more than of the tier's other endpoints. A trial fails with half of its attempts, or
 * if one is open for too long. Overtaken: something else is held against it by now. Attempts are counted on the callers' threads,
 * those that failed under the endpoint's lock; where it is changes on the serial executor.
 */
final class Exclusion {

    /** How long a trial's attempts are waited for, before as many more are let through. */
    static final Duration TRIAL = Duration.ofSeconds(10);

    private final Ticker ticker;
    private final Object lock;

    /** Null while there is nothing to measure; written under the lock. */
    private volatile @Nullable SoftFailures soft;

    private volatile Phase phase = Phase.IN;
    private volatile long trialSince;

    /** Of this trial: how many attempts were let through, and how many have ended with something to say. */
    private final AtomicInteger admitted = new AtomicInteger();

    private final AtomicInteger ended = new AtomicInteger();

    private final Ejections ejections; // used on the serial executor

    /**
     * In, and nothing is measured yet.
     *
     * @param lock the endpoint's
     */
    Exclusion(Ticker ticker, RandomGenerator random, Object lock) {
        this.ticker = ticker;
        this.lock = lock;
        this.ejections = new Ejections(ticker, random);
    }

    Phase phase() {
        return phase;
    }

    boolean isIn() {
        return phase == Phase.IN;
    }

    boolean isTrial() {
        return phase == Phase.TRIAL;
    }

    // --- on the callers' threads

    /** Takes one of the trial's permits. */
    boolean admits() {
        SoftFailures measured = soft;
        boolean admits = measured != null && isTrial() && measured.admits();
        if (admits) {
            admitted.incrementAndGet();
        }
        return admits;
    }

    boolean measures() {
        return soft != null;
    }

    /** Whether how an attempt with this mark ended says anything: not if it began before it was left out. */
    boolean concerns(long mark) {
        return isIn() || (isTrial() && mark - trialSince >= 0);
    }

    /** An attempt ended well; whether it is time to {@link #judge}. */
    boolean succeeded(long mark) {
        SoftFailures measured = soft;
        if (measured == null || !concerns(mark)) {
            return false;
        }
        boolean trial = countsForTrial();
        measured.succeeded();
        return settles(measured, trial);
    }

    /**
     * One that {@link #concerns} failed; under the lock.
     *
     * @param before what went well just before, asked if nothing was measured until now: one bad moment is not half of all calls
     * @return whether it is time to {@link #judge}
     */
    boolean failed(IntSupplier before) {
        boolean trial = countsForTrial();
        SoftFailures measured = soft;
        if (measured == null) {
            measured = new SoftFailures(ticker, before.getAsInt());
            soft = measured;
        }
        measured.failed();
        return settles(measured, trial);
    }

    private boolean countsForTrial() {
        boolean trial = isTrial();
        if (trial) {
            ended.incrementAndGet();
        }
        return trial;
    }

    private static boolean settles(SoftFailures measured, boolean trial) {
        return measured.tooMany() || (trial && measured.few());
    }

    // --- on the serial executor

    /** What is to be said of it by now: what asked may be void since, and what has been measured instead asks for itself. */
    Finding judge() {
        SoftFailures measured = soft;
        if (measured == null || phase == Phase.OUT) {
            return Finding.NOTHING;
        } else if (isTrial() && measured.few()) {
            return Finding.WELL;
        }
        return measured.tooMany() ? Finding.TOO_MANY : Finding.NOTHING;
    }

    /** {@code 60 % of 25 calls failed in 10 s}. */
    String words() {
        return measured().words();
    }

    /**
     * It is out from now on.
     *
     * @param base how long the first time, ± 20 %
     * @return how long this time
     */
    Duration begin(String why, Duration base) {
        measured().leaveOut();
        Duration time = ejections.begin(why, base, isTrial());
        phase = Phase.OUT;
        return time;
    }

    private SoftFailures measured() {
        synchronized (lock) {
            SoftFailures measured = soft;
            if (measured == null) { // somebody else has counted: it is an outlier
                measured = new SoftFailures(ticker, 0);
                soft = measured;
            }
            return measured;
        }
    }

    /**
     * Its time is up, or its trial's: on trial from now on, or still while all it was permitted may yet end.
     *
     * @param mark gives that of attempts that begin from now on
     * @return whether a trial begins
     */
    boolean tryAgain(LongSupplier mark) {
        boolean begins = phase == Phase.OUT || admitted.get() > ended.get(); // what never ended is permitted anew
        if (begins) {
            admitted.set(0);
            ended.set(0);
            trialSince = mark.getAsLong();
            measured().beginTrial();
            phase = Phase.TRIAL;
        }
        return begins;
    }

    /** {@code on trial after 30 s: 60 % of 25 calls failed in 10 s}. */
    String trial() {
        return ejections.trial();
    }

    /** Its trial went well. */
    void end() {
        phase = Phase.IN;
        ejections.end();
    }

    /** It is in, since something else is held against it; whether it was not. */
    boolean overtaken() {
        boolean was = !isIn();
        if (was) {
            phase = Phase.IN;
            measureAnew();
        }
        return was;
    }

    /** What was measured is void. */
    void measureAnew() {
        synchronized (lock) {
            soft = null;
        }
    }

    /** Measures no more if it is in and nothing failed of late. */
    void rest() {
        SoftFailures measured = soft;
        if (measured != null && isIn() && measured.calm()) {
            synchronized (lock) {
                if (measured.calm()) { // still
                    soft = null;
                }
            }
        }
    }

    /** Since when it has been left out, a trial included; empty if it is not. */
    Optional<Long> since() {
        return isIn() ? Optional.empty() : Optional.of(ejections.began());
    }

    /** Whether it is in, and the next time will be as short as the first. */
    boolean isForgiven() {
        return isIn() && ejections.areForgiven();
    }

    /** Where failing softly has led to. */
    enum Phase {
        IN,
        OUT,
        TRIAL
    }

    /** What attempts say of it. */
    enum Finding {
        NOTHING,

        /** Its trial went well. */
        WELL,

        /** Half of at least twenty attempts failed; or half of a trial's. */
        TOO_MANY
    }
}
