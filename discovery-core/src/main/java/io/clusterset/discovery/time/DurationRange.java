package io.clusterset.discovery.time;

import java.time.Duration;

/**
 * The durations an option may have.
 *
 * @param least the shortest
 * @param most the longest
 */
public record DurationRange(Duration least, Duration most) {

    /**
     * Checks a value of an option.
     *
     * @throws IllegalArgumentException if it is out of range: {@code staleFor: PT-1S (expected: PT0S to PT168H)}
     */
    public void check(String option, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
