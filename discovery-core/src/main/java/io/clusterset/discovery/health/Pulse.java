package io.clusterset.discovery.health;

import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/**
 * A beat every 250 ms while there are attempts: a clock that callers can read for the price of a field, and the means to tell
 * that this process stood still (stopped, starved, collecting garbage), when what looked like an endpoint's silence was its
 * own. Marks are read on any thread; beats happen on the serial executor.
 */
final class Pulse {

    static final Duration PERIOD = Duration.ofMillis(250);

    private static final Duration STALL = Duration.ofSeconds(1);
    private static final int QUIET_BEATS = 40;

    private final Ticker ticker;
    private final Executor serial;
    private final LongPredicate onBeat;
    private final AtomicBoolean beating = new AtomicBoolean();

    /** When the last beat was; written by the serial executor, and by the caller that wakes it. */
    private volatile long now;

    private volatile boolean everStoodStill;
    private volatile long stoodStillUntil;

    // used on the serial executor
    private final Alarm next;
    private int quiet;
    private boolean stopped;

    /**
     * With what happens at a beat.
     *
     * @param onBeat told the time; whether there is reason to go on
     */
    Pulse(Ticker ticker, Scheduler scheduler, Executor serial, LongPredicate onBeat) {
        this.ticker = ticker;
        this.serial = serial;
        this.onBeat = onBeat;
        this.next = new Alarm(ticker, scheduler, serial);
        this.now = ticker.nanos();
    }

    /** The time of the last beat, which is at most one period ago; the first of them wakes the pulse. */
    long mark() {
        wake();
        return now;
    }

    /** Begins to beat, unless it does. To be said once more when what {@code onBeat} looks at has been written. */
    void wake() {
        if (!beating.get()) {
            now = ticker.nanos(); // first: who finds it beating must not read when it fell asleep
            if (beating.compareAndSet(false, true)) {
                serial.execute(this::schedule);
            }
        }
    }

    /** As {@link #mark}, to the nanosecond: what begins from here on has this mark or a later one. On the serial executor. */
    long exact() {
        mark();
        now = ticker.nanos();
        return now;
    }

    /** Whether the process stood still for more than a second at some time after the mark. */
    boolean stoodStillSince(long mark) {
        boolean noticed = everStoodStill && mark - stoodStillUntil < 0;
        boolean late = beating.get() && isLate(ticker.nanos()); // callers may wake before the beat does
        if (late) {
            serial.execute(
                    this::beatIfLate); // a beat may be lost with its executor's refusal: nothing would count again
        }
        return noticed || late;
    }

    private boolean isLate(long time) {
        return time - now > PERIOD.plus(STALL).toNanos();
    }

    private void beatIfLate() {
        if (isLate(ticker.nanos())) {
            beat();
        }
    }

    private void schedule() {
        if (!stopped) {
            next.set(PERIOD, this::beat);
        }
    }

    private void beat() {
        if (stopped) {
            return;
        }
        long time = ticker.nanos();
        if (isLate(time)) {
            stoodStillUntil = time;
            everStoodStill = true;
        }
        now = time;
        schedule(); // first: whatever happens in this beat, there is a next
        quiet = onBeat.test(time) ? 0 : quiet + 1;
        if (quiet >= QUIET_BEATS) {
            quiet = 0;
            next.cancel();
            beating.set(false);
            if (onBeat.test(time)) { // it came between the look and the rest, and found the pulse awake
                wake();
            }
        }
    }

    /** No beat comes after this. */
    void stop() {
        stopped = true;
        next.cancel();
    }
}
