package io.clusterset.discovery.call;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Keeps retries from making an outage worse: 20 % of the calls of the last ten seconds plus 10 a second, unless the options
 * say otherwise. Connect failures cost nothing, since nothing was sent. Thread-safe; a call that needs no retry only adds to
 * a striped counter.
 *
 * @see <a href="https://twitter.github.io/finagle/guide/Clients.html#retries">Finagle's retry budget</a>, whose ten seconds
 *     these are
 */
public final class RetryBudget {

    private static final double KEPT = Duration.ofSeconds(10).toNanos();

    private final Supplier<BudgetOptions> options;
    private final Ticker ticker;
    private final LongAdder calls = new LongAdder();
    private double tokens; // guarded by this, as are the three below
    private double recentCalls;
    private long countedCalls;
    private long filledAt;

    /** With the options as they are at any time. Starts with ten seconds' worth of the retries that rare calls may have. */
    public RetryBudget(Supplier<BudgetOptions> options, Ticker ticker) {
        this.options = options;
        this.ticker = ticker;
        this.tokens = most(0);
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
        double passed = now - filledAt;
        // of calls that came over a longer time only the last ten seconds' count
        double recently = (sum - countedCalls) * Math.min(1, KEPT / Math.max(1, passed));
        recentCalls = recentCalls * Math.max(0, 1 - passed / KEPT) + recently;
        double earned = options.get().perSecond() * 10 * Math.min(1, passed / KEPT) + share(recently);
        tokens = Math.min(most(recentCalls), tokens + earned);
        filledAt = now;
        countedCalls = sum;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    private double most(double ofCalls) {
        return options.get().perSecond() * 10 + share(ofCalls);
    }

    private double share(double ofCalls) {
        return ofCalls * options.get().percent() / 100;
    }
}
