package io.clusterset.discovery.model;

import java.time.Duration;

/**
 * A tier whose traffic is on its way back, and the clock that runs: of its dwell, or of a step. What {@link Decision#next()} says in
 * words, for who counts down.
 *
 * @param tier the tier
 * @param step the percent of its share that it has by now; 0 while it dwells
 * @param then the percent it gets next, if it stays well
 * @param began when the dwell or the step began, in ticker nanoseconds
 * @param due when it ends at the latest, on the same clock; decided a moment later
 */
public record Returning(String tier, int step, int then, long began, long due) {

    /** Whether it has nothing back yet. */
    public boolean dwells() {
        return step == 0;
    }

    /** What is left at a moment; zero if it is over. */
    public Duration left(long now) {
        return Duration.ofNanos(Math.max(0, due - now));
    }
}
