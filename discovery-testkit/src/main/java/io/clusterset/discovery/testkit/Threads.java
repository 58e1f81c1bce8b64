package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The threads of the fakes: daemons, named, and waited for when they end. */
final class Threads {

    private static final long END_WITHIN_MILLIS = 2_000;

    private Threads() {}

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Waits until the thread has ended; not on itself, and not when interrupted. */
    static void awaitEnd(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(END_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nanoseconds, at most as many as a long holds. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
