package io.clusterset.discovery.health;

import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long an endpoint that fails softly is left out: longer each time in a row, and ten seconds of being well forgive one
 * time. Used on the serial executor.
 */
final class Ejections {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration ONE_FORGIVEN_AFTER = Duration.ofSeconds(10);
    private static final double SPREAD = 0.2;

    private final Ticker ticker;
    private final RandomGenerator random;
    private int inARow;
    private long began;
    private long ended;
    private String why = "";
    private Duration lasts = Duration.ZERO;

    Ejections(Ticker ticker, RandomGenerator random) {
        this.ticker = ticker;
        this.random = random;
    }

    /**
     * Another one.
     *
     * @param base how long the first one lasts, ± 20 %
     * @param failedTrial whether it follows the one before without a good trial between
     * @return how long this one lasts
     */
    Duration begin(String reason, Duration base, boolean failedTrial) {
        long now = ticker.nanos();
        inARow = failedTrial ? inARow + 1 : notForgiven(now) + 1;
        Duration grown = base.multipliedBy(Math.min(inARow, 1_000));
        lasts = Backoff.spread(grown.compareTo(LONGEST) > 0 ? LONGEST : grown, SPREAD, random);
        began = now;
        why = reason;
        return lasts;
    }

    private int notForgiven(long now) {
        return inARow == 0 ? 0 : (int) Math.max(0, inARow - (now - ended) / ONE_FORGIVEN_AFTER.toNanos());
    }

    /** Whether the next one will be as short as the first. */
    boolean areForgiven() {
        return notForgiven(ticker.nanos()) == 0;
    }

    /** When the last one began. */
    long began() {
        return began;
    }

    /** Its trial went well. */
    void end() {
        ended = ticker.nanos();
    }

    /** {@code on trial after 30 s: 60 % of 25 calls failed in 10 s}. */
    String trial() {
        return "on trial after " + lasts.toSeconds() + " s: " + why;
    }
}
