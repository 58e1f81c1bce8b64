package io.clusterset.discovery.page;

import io.clusterset.discovery.time.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * So many threads that answer, and no more. One that is stuck with somebody who neither sends nor takes anything is interrupted, which
 * closes the connection: otherwise some who stall would keep all of them, for ever. Thread-safe.
 */
final class Workers implements Executor {

    /** For one request and its answer, and for each piece of a stream. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int WAITING = 64;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private final ThreadPoolExecutor pool;
    private final Map<Thread, Turn> turns = new ConcurrentHashMap<>();

    Workers(int threads, ThreadFactory factory, Scheduler scheduler) {
        this.scheduler = scheduler;
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE.toSeconds(), TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), factory);
        pool.allowCoreThreadTimeOut(true);
    }

    /** As {@link Executor} says; refused while all are busy and many wait. */
    @Override
    public void execute(Runnable task) {
        pool.execute(() -> {
            Thread thread = Thread.currentThread();
            Turn turn = new Turn(thread);
            turns.put(thread, turn);
            turn.goOn();
            try {
                task.run();
            } finally {
                turn.rest();
                turns.remove(thread);
            }
        });
    }

    /** One of them waits for something of ours, for as long as that takes: it is not stuck. */
    void rest() {
        turn().ifPresent(Turn::rest);
    }

    /** The wait is over; there is all the time again for what comes next. */
    void goOn() {
        turn().ifPresent(Turn::goOn);
    }

    private Optional<Turn> turn() {
        return Optional.ofNullable(turns.get(Thread.currentThread()));
    }

    /** Ends them; whether they had ended in time. */
    boolean close(Duration patience) throws InterruptedException {
        pool.shutdownNow();
        return pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What a thread does for somebody. */
    private final class Turn {

        private final Thread thread;
        private long number; // of what it does; guarded by this, as is the one below
        private Scheduler.Pending end = () -> {};

        Turn(Thread thread) {
            this.thread = thread;
        }

        synchronized void goOn() {
            number++;
            long mine = number;
            end = scheduler.schedule(LONGEST, () -> giveUp(mine));
        }

        synchronized void rest() {
            number++;
            end.cancel();
        }

        /** Within the lock: a moment later the thread may be at something else. */
        private synchronized void giveUp(long mine) {
            if (mine == number) {
                thread.interrupt();
            }
        }
    }
}
