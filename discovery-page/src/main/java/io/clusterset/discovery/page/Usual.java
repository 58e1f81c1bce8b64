package io.clusterset.discovery.page;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What something usually costs: the middle one of the last nine times. On a busy machine, what waited for its turn looks dear, and is
 * not. Not thread-safe.
 */
final class Usual {

    private static final int REMEMBERED = 9;

    private final Deque<Long> costs = new ArrayDeque<>();

    /** What it usually costs, now that it has cost this. */
    long with(long cost) {
        costs.addLast(cost);
        if (costs.size() > REMEMBERED) {
            costs.removeFirst();
        }
        return costs.stream().sorted().skip(costs.size() / 2).findFirst().orElse(cost);
    }
}
