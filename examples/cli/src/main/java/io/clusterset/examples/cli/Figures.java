package io.clusterset.examples.cli;

import java.time.Duration;
import java.util.Locale;

/** Times and shares as people read them. */
final class Figures {

    private static final Duration SECONDS_FROM = Duration.ofSeconds(10);

    private Figures() {}

    /** {@code 500 ms}, {@code 5 s}, {@code 12.5 s}. */
    static String time(Duration time) {
        if (time.compareTo(Duration.ZERO) > 0 && time.equals(Duration.ofSeconds(time.toSeconds()))) {
            return time.toSeconds() + " s";
        }
        return time.compareTo(SECONDS_FROM) < 0
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    /** {@code 1.2 ms}, {@code 12.5 s}: for what takes little time. */
    static String fine(Duration time) {
        return time.compareTo(SECONDS_FROM) < 0
                ? String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6)
                : time(time);
    }

    /** Milliseconds with three decimals, for JSON. */
    static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

    /** Whole seconds, a begun one counted. */
    static long secondsBegun(Duration time) {
        return time.plusNanos(999_999_999).toSeconds();
    }

    /** Two decimals, for JSON; a whole number without any. */
    static Number rounded(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        if (rounded == Math.rint(rounded)) {
            return (long) rounded;
        }
        return rounded;
    }

    /** {@code 100%}, {@code 33.3%}. */
    static String percent(double share) {
        return share == Math.rint(share)
                ? String.format(Locale.ROOT, "%.0f%%", share)
                : String.format(Locale.ROOT, "%.1f%%", share);
    }
}
