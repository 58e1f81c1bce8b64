package io.clusterset.benchmarks.kubernetes;

import java.util.Arrays;

/** Times, as many as there come. Not thread-safe. */
final class Nanos {

    private long[] all = new long[1_024];
    private int count;

    void add(long nanos) {
        if (count == all.length) {
            all = Arrays.copyOf(all, 2 * count);
        }
        all[count] = nanos;
        count++;
    }

    int count() {
        return count;
    }

    /** The time that this share of them did not exceed. */
    double quantile(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(all, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * count) == 0 ? 0 : (int) Math.ceil(share * count) - 1];
    }
}
