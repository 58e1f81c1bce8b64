package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;

/** Pearson's test of whether counts come from these probabilities. */
final class ChiSquared {

    /** The normal deviate that is exceeded once in 10,000 times. */
    private static final double ONE_IN_TEN_THOUSAND = 3.719;

    private static final int EXPECTED_AT_LEAST = 5;

    private ChiSquared() {}

    /** Fails one time in 10,000 for counts that do; with a fixed seed, never or always. */
    static void check(long[] counts, double[] probabilities) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        double statistic = 0;
        int cells = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = all * probabilities[i];
            if (probabilities[i] == 0) {
                assertThat(counts[i]).as("never").isZero();
                continue;
            }
            assertThat(expected).as("enough of cell " + i).isGreaterThanOrEqualTo(EXPECTED_AT_LEAST);
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            cells++;
        }
        assertThat(statistic).as("chi squared").isLessThan(critical(cells - 1));
    }

    /** Wilson and Hilferty's approximation; within 1 % from two degrees of freedom on. */
    static double critical(int freedom) {
        double part = 2.0 / (9 * freedom);
        double root = 1 - part + ONE_IN_TEN_THOUSAND * Math.sqrt(part);
        return freedom * root * root * root;
    }
}
