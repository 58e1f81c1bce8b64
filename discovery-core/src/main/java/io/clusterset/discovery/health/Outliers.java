package io.clusterset.discovery.health;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Who of a tier fails more than the rest: Envoy's and gRPC's two rules with their numbers, over what ended in ten seconds.
 *
 * <p>Success rate: below the mean by 1.9 standard deviations, among at least 5 endpoints with 100 attempts each. Failure
 * percentage: 85 % or more, among at least 5 with 50 each. The cut is clamped on both sides: never below 15 %, since with few
 * endpoints an always-failing one lowers mean and spread so far that nobody is below; and always 5 points below the mean,
 * since among endpoints that hardly fail the spread is next to nothing.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A50-xds-outlier-detection.md">gRFC A50</a>
 */
final class Outliers {

    private static final int FEWEST_ENDPOINTS = 5;
    private static final int RATE_VOLUME = 100;
    private static final int PERCENT_VOLUME = 50;
    private static final double DEVIATIONS = 1.9;
    private static final double MOST_FAILURES = 0.85;
    private static final double MARGIN = 0.05;

    private Outliers() {}

    /** The outliers among a tier's endpoints, each with the reason. */
    static <T> List<Outlier<T>> of(List<Ended<T>> tier) {
        List<Outlier<T>> found = new ArrayList<>();
        List<Ended<T>> manyCalls =
                tier.stream().filter(one -> one.total() >= RATE_VOLUME).toList();
        OptionalDouble cut =
                manyCalls.size() >= FEWEST_ENDPOINTS ? OptionalDouble.of(cut(manyCalls)) : OptionalDouble.empty();
        List<Ended<T>> someCalls =
                tier.stream().filter(one -> one.total() >= PERCENT_VOLUME).toList();
        for (Ended<T> one : someCalls) {
            if (cut.isPresent() && one.total() >= RATE_VOLUME && one.rate() < cut.getAsDouble()) {
                found.add(new Outlier<>(
                        one.endpoint(),
                        percent(one.rate()) + " of its calls succeeded, its tier's mean is "
                                + percent(mean(manyCalls))));
            } else if (someCalls.size() >= FEWEST_ENDPOINTS && 1 - one.rate() >= MOST_FAILURES) {
                found.add(new Outlier<>(one.endpoint(), percent(1 - one.rate()) + " of its calls failed"));
            }
        }
        return found;
    }

    private static <T> double cut(List<Ended<T>> tier) {
        double mean = mean(tier);
        double variance = tier.stream()
                .mapToDouble(one -> (one.rate() - mean) * (one.rate() - mean))
                .average()
                .orElse(0);
        double cut = Math.min(mean - DEVIATIONS * Math.sqrt(variance), mean - MARGIN);
        return Math.max(cut, 1 - MOST_FAILURES);
    }

    private static <T> double mean(List<Ended<T>> tier) {
        return tier.stream().mapToDouble(Ended::rate).average().orElse(1);
    }

    private static String percent(double rate) {
        return Math.round(rate * 100) + " %";
    }

    /**
     * How an endpoint's attempts ended in the interval.
     *
     * @param endpoint whose
     * @param succeeded how many did
     * @param failed how many did not
     */
    record Ended<T>(T endpoint, long succeeded, long failed) {
        long total() {
            return succeeded + failed;
        }

        double rate() {
            return total() == 0 ? 1 : (double) succeeded / total();
        }
    }

    /**
     * One that fails more than the rest.
     *
     * @param endpoint which
     * @param why in words
     */
    record Outlier<T>(T endpoint, String why) {}
}
