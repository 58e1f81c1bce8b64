package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Optional;
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

    private static final Duration TOLD_FOR = Duration.ofMinutes(10);
    private static final double KEPT = Duration.ofSeconds(10).toNanos();

    private final Supplier<BudgetOptions> options;
    private final Ticker ticker;
    private final LongAdder calls = new LongAdder();
    private double tokens; // guarded by this, as are the three below
    private double recentCalls;
    private long countedCalls;
    private long filledAt;
    private long retries; // guarded by this, as is denied
    private long denied;
    private long deniedAt;

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
        fill();
        if (tokens < 1) {
            denied++;
            deniedAt = ticker.nanos();
            return false;
        }
        tokens--;
        return true;
    }

    private void fill() {
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
    }

    /** How many calls have begun. */
    public long calls() {
        return calls.sum();
    }

    /** A further attempt begins, paid for or free. */
    synchronized void retried() {
        retries++;
    }

    /** How many further attempts there were. */
    public synchronized long retries() {
        return retries;
    }

    /** How often there was none for want of budget. */
    public synchronized long denied() {
        return denied;
    }

    /** That retries were not made lately, in words; empty if none was wanted in vain. */
    public synchronized Optional<String> shortage() {
        Duration since = Duration.ofNanos(ticker.nanos() - deniedAt);
        return denied == 0 || since.compareTo(TOLD_FOR) > 0
                ? Optional.empty()
                : Optional.of(denied + (denied == 1 ? " retry was" : " retries were")
                        + " not made for want of budget, the last " + Text.time(since) + " ago (" + calls() + " calls, "
                        + retries + " retries so far; budget: " + options.get().percent()
                        + " % of the calls of 10 s and "
                        + options.get().perSecond() + " a second)");
    }

    /** When a retry may be made again, in words; empty if it may now. */
    public synchronized Optional<String> replenished() {
        fill();
        int perSecond = options.get().perSecond();
        if (tokens >= 1) {
            return Optional.empty();
        }
        return Optional.of("retry budget: the next retry may be made "
                + (perSecond > 0
                        ? "in " + Text.time(Duration.ofMillis((long) Math.ceil((1 - tokens) / perSecond * 1_000)))
                                + " at most"
                        : "after more calls"));
    }

    /** How many retries there may be now. */
    public synchronized double left() {
        fill();
        return tokens;
    }

    private double most(double ofCalls) {
        return options.get().perSecond() * 10 + share(ofCalls);
    }

    private double share(double ofCalls) {
        return ofCalls * options.get().percent() / 100;
    }
}
