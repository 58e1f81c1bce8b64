package io.clusterset.discovery.testkit;

import java.time.Duration;

/** Runs things later. */
interface Later extends AutoCloseable {

    /** Runs the task after the delay; at once and on the caller's thread if there is none. */
    void run(Duration delay, Runnable task);

    /** Forgets what has not run yet. */
    void clear();

    @Override
    void close();
}
