package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.time.Backoff;
import java.time.Duration;

/**
 * How soon a watch is looked after again by a list: 5 s after the last list, twice as long after each look that found nothing new, 5
 * minutes at most. Used on the serial executor.
 */
final class RefreshPace {

    private static final Duration NEAREST = Duration.ofSeconds(5);
    private static final Backoff APART = new Backoff(NEAREST, Duration.ofMinutes(5), 0.2);

    private final Clockwork clockwork;
    private long listedAt;
    private boolean listed; // at some time
    private int fruitless; // in a row
    private Duration apart = NEAREST;

    RefreshPace(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /** A list begins. */
    void listing() {
        listedAt = clockwork.ticker().nanos();
        listed = true;
    }

    /** Whether there was a list so lately that another is of no use. */
    boolean isTooSoon() {
        return listed && clockwork.since(listedAt).compareTo(apart) < 0;
    }

    /** It was looked, and nothing new was found. */
    void fruitless() {
        fruitless++;
        apart = APART.after(fruitless + 1, clockwork.random());
    }

    /** Something changed, whoever told it. */
    void news() {
        if (fruitless > 0) {
            fruitless = 0;
            apart = APART.after(1, clockwork.random());
        }
    }
}
