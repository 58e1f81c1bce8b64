package io.clusterset.discovery.observe;

import io.clusterset.discovery.time.Ticker;
import java.util.OptionalLong;

/** How many lines may be logged: 200 at once, 10 a second. What is left out is counted. Guarded by its owner. */
final class LineBudget {

    private static final int BURST = 200;
    private static final double NANOS_EACH = 1e8;

    private final Ticker ticker;
    private double left = BURST;
    private long at;
    private long leftOut;

    LineBudget(Ticker ticker) {
        this.ticker = ticker;
        this.at = ticker.nanos();
    }

    /** Empty if the line must be left out; else how many were left out since the last one. */
    OptionalLong take() {
        long now = ticker.nanos();
        left = Math.min(BURST, left + (now - at) / NANOS_EACH);
        at = now;
        if (left < 1) {
            leftOut++;
            return OptionalLong.empty();
        }
        left--;
        long told = leftOut;
        leftOut = 0;
        return OptionalLong.of(told);
    }
}
