package io.clusterset.discovery.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays that double from a first to a longest one, each spread by a fraction to either side.
 *
 * @param first the delay after the first failure
 * @param longest the delay it never exceeds, spread apart
 * @param spread 0 to 1: 0.2 means ± 20 %
 */
public record Backoff(Duration first, Duration longest, double spread) {

    /** The delay after so many failures in a row; 1 is the first. */
    public Duration after(int failures, RandomGenerator random) {
        int doublings = Math.min(30, Math.max(0, failures - 1));
        long nanos = first.toNanos();
        for (int i = 0; i < doublings && nanos < longest.toNanos(); i++) {
            nanos *= 2;
        }
        return spread(Duration.ofNanos(Math.min(nanos, longest.toNanos())), spread, random);
    }

    /** A duration moved by up to the fraction to either side, so that many processes don't act together. */
    public static Duration spread(Duration around, double fraction, RandomGenerator random) {
        double factor = 1 + fraction * (2 * random.nextDouble() - 1);
        return Duration.ofNanos((long) (around.toNanos() * factor));
    }
}
