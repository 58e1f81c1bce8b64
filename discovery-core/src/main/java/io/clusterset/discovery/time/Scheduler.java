package io.clusterset.discovery.time;

import java.time.Duration;

/** Runs tasks later. Thread-safe. Tasks must be short: they share one thread. */
@FunctionalInterface
public interface Scheduler {

    /** Runs the task once after the delay (at once if it is zero or less), unless cancelled before. */
    Pending schedule(Duration delay, Runnable task);

    /** A task that has not run yet. */
    @FunctionalInterface
    interface Pending {
        /** Keeps the task from running if it has not begun; idempotent. */
        void cancel();
    }
}
