package io.clusterset.discovery.observe;

import io.clusterset.discovery.time.Ticker;

/** How many lines may be logged: so many at once, so many a second. Guarded by its owner. */
final class LineBudget {

    private final Ticker ticker;
    private final int most;
    private final double nanosEach;
    private double left;
    private long at;

    LineBudget(Ticker ticker, int most, int perSecond) {
        this.ticker = ticker;
        this.most = most;
        this.nanosEach = 1e9 / perSecond;
        this.left = most;
        this.at = ticker.nanos();
    }

    /** Whether one more may be, which uses it up. */
    boolean take() {
        long now = ticker.nanos();
        left = Math.min(most, left + (now - at) / nanosEach);
        at = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
