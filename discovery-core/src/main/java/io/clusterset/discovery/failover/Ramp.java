package io.clusterset.discovery.failover;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;

/**
 * Lets a guarded tier's load rise by 20 points a second at most, and never above its maximum: what stands by is rarely warm
 * for all of it. Not thread-safe; used on the serial executor.
 */
final class Ramp {

    static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private static final double POINTS_PER_NANO = 20 / 1e9;
    private static final double FIRST_POINTS = 5;

    private final Ticker ticker;
    private boolean begun;
    private boolean rising;
    private double level;
    private long at;

    Ramp(Ticker ticker) {
        this.ticker = ticker;
    }

    /** How much of the wished percent it gets now. */
    int admit(int wished, int most) {
        long now = ticker.nanos();
        int target = Math.min(wished, most);
        if (!begun || target <= level) {
            level = target; // at the very first there is no traffic yet that could come as a surprise
            rising = false;
        } else {
            level = Math.min(target, level + (rising ? (now - at) * POINTS_PER_NANO : FIRST_POINTS));
            rising = level < target;
        }
        begun = true;
        at = now;
        return (int) level;
    }

    /** Whether {@link #admit} says more in a moment. */
    boolean rising() {
        return rising;
    }
}
