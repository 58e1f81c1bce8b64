package io.clusterset.examples.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How the calls of one run ended. Thread-safe. */
final class Tally {

    private static final int MOST_REASONS = 20;
    private static final String OTHER_REASONS = "other reasons";

    private final Map<String, Long> tiers = new LinkedHashMap<>(); // guarded by this, as is everything here
    private final Map<String, Long> errors = new TreeMap<>();
    private final long[] nanos;
    private int ended;
    private long failures;

    /** For so many calls of a service with these tiers. */
    Tally(int calls, List<String> tierNames) {
        nanos = new long[calls];
        tierNames.forEach(tier -> tiers.put(tier, 0L));
    }

    /** A call was served by this tier. */
    synchronized void served(String tier, long took) {
        tiers.merge(tier, 1L, Long::sum);
        nanos[ended++] = took;
    }

    /** A call failed for good. */
    synchronized void failed(String reason, long took) {
        failures++;
        boolean shown = errors.containsKey(reason) || errors.size() < MOST_REASONS;
        errors.merge(shown ? reason : OTHER_REASONS, 1L, Long::sum);
        nanos[ended++] = took;
    }

    /** How many calls have ended. */
    synchronized int calls() {
        return ended;
    }

    /** How many of them failed. */
    synchronized long failures() {
        return failures;
    }

    /** How many each tier served, all tiers in order. */
    synchronized Map<String, Long> tiers() {
        return new LinkedHashMap<>(tiers);
    }

    /** Why calls failed and how many. */
    synchronized Map<String, Long> errors() {
        return new LinkedHashMap<>(errors);
    }

    /** The time below which this part (0 to 1) of the ended calls stayed, in nanoseconds; nearest rank. */
    synchronized long quantile(double part) {
        if (ended == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, ended);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(part * ended) - 1)];
    }

    /** For a person: {@code p50 0.6 ms, p99 2.1 ms, max 104.0 ms}. */
    String latencies() {
        return "p50 " + millis(0.5) + ", p99 " + millis(0.99) + ", max " + millis(1);
    }

    private String millis(double part) {
        return Figures.rounded(quantile(part) / (double) TimeUnit.MILLISECONDS.toNanos(1)) + " ms";
    }
}
