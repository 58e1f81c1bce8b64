package io.clusterset.discovery.time;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * At most one pending task, run on a serial executor. Used on that executor only; a task that was replaced or cancelled
 * never runs, even if its time had already come.
 */
public final class Alarm {

    private final Scheduler scheduler;
    private final Executor serial;
    private final Ticker ticker;
    private Scheduler.Pending pending = () -> {};
    private boolean set;
    private long due;
    private long generation;

    /** With where time comes from and where tasks run. */
    public Alarm(Ticker ticker, Scheduler scheduler, Executor serial) {
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.serial = serial;
    }

    /** Replaces whatever is pending. */
    public void set(Duration delay, Runnable task) {
        cancel();
        long mine = generation;
        set = true;
        due = ticker.nanos() + delay.toNanos();
        pending = scheduler.schedule(
                delay,
                () -> serial.execute(() -> {
                    if (mine == generation) {
                        set = false;
                        generation++;
                        task.run();
                    }
                }));
    }

    /** As {@link #set}, unless something is pending that comes sooner. */
    public void setIfSooner(Duration delay, Runnable task) {
        if (!set || ticker.nanos() + delay.toNanos() - due < 0) {
            set(delay, task);
        }
    }

    /** Drops what is pending; idempotent. */
    public void cancel() {
        generation++;
        set = false;
        pending.cancel();
    }

    /** How long until it goes off; empty if nothing is pending. */
    public Optional<Duration> left() {
        return set ? Optional.of(Duration.ofNanos(Math.max(0, due - ticker.nanos()))) : Optional.empty();
    }
}
