package io.clusterset.benchmarks.failover;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What one trial came to.
 *
 * @param calls how many began after the fault
 * @param bad how many of these threw or had no answer in time
 * @param nanos from the fault to the start of the last bad call; 0 if there was none
 * @param never whether there still were bad calls in the last second
 * @param median nanoseconds of the good calls that began a second after the last bad one, or later
 * @param p99 of the same
 * @param p99Before the same of all calls before the fault
 */
public record Outcome(
        int calls,
        int bad,
        double nanos,
        boolean never,
        OptionalDouble median,
        OptionalDouble p99,
        OptionalDouble p99Before) {

    private static final double SECOND = 1e9;
    private static final String NONE = "-";

    /**
     * A call.
     *
     * @param began nanoseconds after the fault
     * @param took nanoseconds, so far if it hangs
     */
    record Sample(long began, long took, boolean bad) {}

    /** What calls before the fault, and those in the time after it, come to. */
    static Outcome of(List<Sample> before, List<Sample> after, Duration watched) {
        List<Sample> bad = after.stream().filter(Sample::bad).toList();
        long last = bad.stream().mapToLong(Sample::began).max().orElse(0);
        boolean never = last > watched.toNanos() - SECOND;
        double[] recovered = never
                ? new double[0]
                : sorted(after.stream()
                        .filter(sample -> !sample.bad() && sample.began() >= last + SECOND)
                        .toList());
        return new Outcome(
                after.size(),
                bad.size(),
                last,
                never,
                quantile(0.5, recovered),
                quantile(0.99, recovered),
                before.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(p99(before)));
    }

    private static double[] sorted(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::took).sorted().toArray();
    }

    /** Of all of them, good and bad; there must be one. */
    static double p99(List<Sample> samples) {
        return quantile(0.99, sorted(samples)).orElseThrow();
    }

    /** The least that so many are not above. */
    private static OptionalDouble quantile(double share, double[] sorted) {
        return sorted.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(sorted[(int) Math.ceil(share * sorted.length) - 1]);
    }

    /** As a trial prints it. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%d %d %.0f %s %s %s %s",
                calls,
                bad,
                nanos,
                never,
                text(median),
                text(p99),
                text(p99Before));
    }

    /** As a trial printed it. */
    public static Outcome parse(String line) {
        String[] words = line.split(" ");
        if (words.length != 7) {
            throw new IllegalArgumentException("outcome: " + line + " (expected: seven figures)");
        }
        return new Outcome(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                Double.parseDouble(words[2]),
                Boolean.parseBoolean(words[3]),
                figure(words[4]),
                figure(words[5]),
                figure(words[6]));
    }

    private static String text(OptionalDouble figure) {
        return figure.isPresent() ? String.format(Locale.ROOT, "%.0f", figure.getAsDouble()) : NONE;
    }

    private static OptionalDouble figure(String word) {
        return word.equals(NONE) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(word));
    }
}
