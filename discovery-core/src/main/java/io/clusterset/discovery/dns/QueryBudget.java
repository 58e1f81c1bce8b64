package io.clusterset.discovery.dns;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;

/** How many queries may be sent: 100 a second, 600 at once (law 11). Used on the serial executor. */
final class QueryBudget {

    static final int PER_SECOND = 100;
    static final int BURST = 600;
    private static final double NANOS_EACH = 1e9 / PER_SECOND;

    private final Ticker ticker;
    private double left = BURST;
    private long at;

    QueryBudget(Ticker ticker) {
        this.ticker = ticker;
        this.at = ticker.nanos();
    }

    /** Takes so many if there are; else takes none. */
    boolean take(int queries) {
        refill();
        if (left < queries) {
            return false;
        }
        left -= queries;
        return true;
    }

    /** Takes what was sent already, retransmissions say; later ones wait for it. */
    void spent(int queries) {
        refill();
        left -= queries;
    }

    /** How long until so many may be sent. */
    Duration until(int queries) {
        refill();
        return Duration.ofNanos((long) Math.ceil(Math.max(0, queries - left) * NANOS_EACH));
    }

    private void refill() {
        long now = ticker.nanos();
        left = Math.min(BURST, left + (now - at) / NANOS_EACH);
        at = now;
    }
}
