package io.clusterset.discovery.page;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * What something usually costs: the middle one of the last nine times. On a busy machine, what waited for its turn looks dear, and is
 * not; nor is what a JVM does for the first time, so until it was done nine times, the least counts, and 20 ms at most. Not thread-safe.
 */
final class Usual {

    private static final int REMEMBERED = 9;
    private static final long MOST_OF_FEW = Duration.ofMillis(20).toNanos();

    private final Deque<Long> costs = new ArrayDeque<>();

    /** What it usually costs, now that it has cost this. */
    long with(long cost) {
        costs.addLast(cost);
        if (costs.size() > REMEMBERED) {
            costs.removeFirst();
        }
        if (costs.size() < REMEMBERED) {
            return Math.min(MOST_OF_FEW, Collections.min(costs));
        }
        return costs.stream().sorted().skip(REMEMBERED / 2).findFirst().orElse(cost);
    }
}
