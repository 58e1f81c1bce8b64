package io.clusterset.discovery.call;

import io.clusterset.discovery.time.Ticker;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps retries from making an outage worse: 20 % of the calls plus 10 a second. Connect failures cost nothing, since
 * nothing was sent. Thread-safe; a call that needs no retry only adds to a striped counter.
 */
public final class RetryBudget {

    private static final double PER_CALL = 0.2;
    private static final double PER_NANO = 10 / 1e9;
    private static final double MOST = 100;

    private final Ticker ticker;
    private final LongAdder calls = new LongAdder();
    private double tokens = 10; // guarded by this, as are the two below
    private long countedCalls;
    private long filledAt;

    /** Starts with the retries of one second. */
    public RetryBudget(Ticker ticker) {
        this.ticker = ticker;
        this.filledAt = ticker.nanos();
    }

    /** A call begins. */
    public void called() {
        calls.increment();
    }

    /** Takes one retry out; false if there is none left. */
    public synchronized boolean retry() {
        long now = ticker.nanos();
        long sum = calls.sum();
        tokens = Math.min(MOST, tokens + (now - filledAt) * PER_NANO + (sum - countedCalls) * PER_CALL);
        filledAt = now;
        countedCalls = sum;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
