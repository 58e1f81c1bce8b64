package io.clusterset.discovery.page;

import java.time.Duration;

/**
 * How much looking may cost: 2 % of a core. What is not used is saved up, as much as five seconds have of it, for whoever comes first meets
 * a JVM that has yet to learn how to look; what is overdrawn is waited for, ten seconds at most. Not thread-safe.
 */
final class Allowance {

    private static final long PAUSES_PER_COST = 50;
    private static final long MOST_SAVED = Duration.ofSeconds(5).toNanos() / PAUSES_PER_COST;
    private static final long MOST_OWED = Duration.ofSeconds(10).toNanos() / PAUSES_PER_COST;

    private long balance = MOST_SAVED; // in nanoseconds of a core
    private long settledAt;

    Allowance(long now) {
        this.settledAt = now;
    }

    /** How long to wait until something may be looked at; zero: now. */
    Duration until(long now) {
        settle(now);
        return Duration.ofNanos(Math.max(0, -balance) * PAUSES_PER_COST);
    }

    /** Something took so long. */
    void spend(long cost, long now) {
        settle(now);
        balance = Math.max(-MOST_OWED, balance - cost);
    }

    private void settle(long now) {
        long earned = (now - settledAt) / PAUSES_PER_COST;
        balance = Math.min(MOST_SAVED, balance + earned);
        settledAt += earned * PAUSES_PER_COST; // what is left of the division is not lost
    }
}
