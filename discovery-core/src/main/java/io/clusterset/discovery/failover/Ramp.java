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
    private static final double MOST_SAVED =
            5; // points: so many may come at once, be it the first time or after a pause
    private static final double FEWEST = 1; // a load of 0 would read as a tier that is not used

    private final Ticker ticker;
    private boolean begun;
    private boolean rising;
    private double level;
    private double saved = MOST_SAVED;
    private long at;

    Ramp(Ticker ticker) {
        this.ticker = ticker;
    }

    /** How much of the wished percent it gets now. */
    int admit(int wished, int most) {
        long now = ticker.nanos();
        int target = Math.min(wished, most);
        double earned = begun ? (now - at) * POINTS_PER_NANO : 0;
        saved = rising ? saved + earned : Math.min(MOST_SAVED, saved + earned);
        if (!begun || target <= level) {
            level = target; // at the very first there is no traffic yet that could come as a surprise
            rising = false;
        } else {
            double higher = Math.min(target, Math.max(FEWEST, level + saved));
            saved = Math.max(0, saved - (higher - level));
            level = higher;
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
