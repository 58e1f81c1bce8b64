package io.clusterset.discovery.page;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long to wait until the next look: 100 ms, or fifty times what a look takes, which is 2 % of a core. That is the middle one of the
 * last nine: on a busy machine a look that waited for its turn looks dear, and is not. Not thread-safe.
 */
final class Pace {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int PAUSES_PER_COST = 50;
    private static final int REMEMBERED = 9;

    private final Deque<Duration> costs = new ArrayDeque<>();

    /** After a look that took so long. */
    Duration after(Duration cost) {
        costs.addLast(cost);
        if (costs.size() > REMEMBERED) {
            costs.removeFirst();
        }
        Duration usual =
                costs.stream().sorted().skip(costs.size() / 2).findFirst().orElse(cost);
        Duration pause = usual.multipliedBy(PAUSES_PER_COST);
        if (pause.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
