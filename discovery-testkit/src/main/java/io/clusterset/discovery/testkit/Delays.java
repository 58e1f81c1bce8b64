package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs things later, on one daemon thread that exists only once something was delayed. Thread-safe. */
final class Delays implements Later {

    private final ScheduledThreadPoolExecutor executor;

    Delays(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(threadName, task));
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void run(Duration delay, Runnable task) {
        if (delay.isZero()) {
            task.run();
            return;
        }
        try {
            var unused = executor.schedule(task, Threads.nanos(delay), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // What was to be sent has nowhere to go anymore.
        }
    }

    @Override
    public void clear() {
        executor.getQueue().clear();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
