package io.clusterset.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** How every call went. Thread-safe. */
final class CallLog {

    /**
     * One call.
     *
     * @param due when it was to begin, in nanoseconds of the {@link Stopwatch}
     * @param ended when it ended
     * @param attempts how many endpoints it was sent to
     * @param tier the tier that served it; empty if it failed
     * @param failure why it failed; empty if it did not
     */
    record Entry(long due, long ended, int attempts, String tier, String failure) {
        boolean failed() {
            return tier.isEmpty();
        }

        /** From when it was due, so that time spent queueing counts. */
        long latency() {
            return ended - due;
        }
    }

    private final List<Entry> entries = new ArrayList<>(); // guarded by this
    private int shown; // guarded by this

    synchronized void add(Entry entry) {
        entries.add(entry);
    }

    /** All calls that have ended, in that order. */
    synchronized List<Entry> all() {
        return List.copyOf(entries);
    }

    /** Those that ended since this was asked last. */
    synchronized List<Entry> latest() {
        List<Entry> latest = List.copyOf(entries.subList(shown, entries.size()));
        shown = entries.size();
        return latest;
    }

    /** The latency in milliseconds that this percentage of calls did not exceed; 0 if there are none. */
    static double percentile(List<Entry> entries, double percent) {
        long[] sorted = entries.stream().mapToLong(Entry::latency).sorted().toArray();
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted.length == 0 ? 0 : Stopwatch.millis(sorted[Math.max(0, rank - 1)]);
    }
}
