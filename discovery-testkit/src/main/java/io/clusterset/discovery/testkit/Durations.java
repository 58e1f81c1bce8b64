package io.clusterset.discovery.testkit;

import java.time.Duration;

/** Checks of durations, in one wording. */
final class Durations {

    private Durations() {}

    static void requireNotNegative(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + ": " + duration + " (expected: >= 0)");
        }
    }
}
