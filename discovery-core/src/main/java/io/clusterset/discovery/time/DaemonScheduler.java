package io.clusterset.discovery.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler and executor on one daemon thread, started at first use. After {@link #close()} tasks are dropped silently:
 * whoever closes has no use for them.
 */
public final class DaemonScheduler implements Scheduler, Sleeper, Executor, AutoCloseable {

    private final ScheduledThreadPoolExecutor pool;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread thread; // the pool has one at a time

    /** With the name of its thread. */
    public DaemonScheduler(String threadName) {
        pool = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, threadName);
            made.setDaemon(true);
            thread = made;
            return made;
        });
        pool.setRemoveOnCancelPolicy(true);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Pending schedule(Duration delay, Runnable task) {
        try {
            Future<?> future = pool.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    /** Ends early when the scheduler is closed. */
    @Override
    public void sleep(Duration time) throws InterruptedException {
        ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException closed) {
            // closed: see the class comment
        }
    }

    /**
     * Drops what is pending and ends the thread after the task it is running; waits for it up to the given time, if that is
     * more than nothing.
     */
    public void close(Duration patience) {
        ended.countDown();
        pool.shutdownNow();
        Thread last = thread;
        long millis = patience.toMillis(); // 0 would be for ever
        if (last == null || last == Thread.currentThread() || millis <= 0) {
            return;
        }
        try {
            last.join(millis); // one that a user's callback is stuck in is a daemon and ends with the
            // callback
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofMillis(250));
    }
}
