package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Where time, chance and turns come from.
 *
 * @param serial where all state of the source lives
 */
record Clockwork(Ticker ticker, Scheduler scheduler, Executor serial, RandomGenerator random) {

    /** 800 ms to 28 s, ± 20 %: asked again 34 s after the API server is back, at the latest. */
    static final Backoff BACKOFF = new Backoff(Duration.ofMillis(800), Duration.ofSeconds(28), 0.2);

    /** An alarm that goes off on the serial executor. */
    Alarm alarm() {
        return new Alarm(ticker, scheduler, serial);
    }

    /** How long ago that was. */
    Duration since(long nanos) {
        return Duration.ofNanos(ticker.nanos() - nanos);
    }

    /** 5 to 6 minutes: how often it is looked whether what was refused is granted. */
    Duration seldom() {
        return Backoff.spread(Duration.ofSeconds(330), 1.0 / 11, random);
    }
}
