package io.clusterset.discovery.time;

import java.time.Duration;

/** Lets callers wait. Thread-safe. */
@FunctionalInterface
public interface Sleeper {

    /**
     * Keeps the calling thread for so long.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void sleep(Duration time) throws InterruptedException;
}
