package io.clusterset.examples.cli;

import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Reads values of options; all complaints have the form {@code --dns: 'foo' (expected: IP[:PORT])}. */
final class Options {

    private Options() {}

    /** Reads a value by a function that throws {@link IllegalArgumentException} for what it can't read. */
    static <T> T read(String option, String text, String expected, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException refused) {
            throw new BadUsage(option + ": " + Text.quote(text) + " (expected: " + expected + ")", refused);
        }
    }

    /** Reads a whole number in a range. */
    static int number(String option, String text, int least, int most) {
        return read(option, text, "a number from " + least + " to " + most, value -> {
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                throw new IllegalArgumentException("out of range");
            }
            return number;
        });
    }

    /** Reads a duration in a range. */
    static Duration duration(String option, String text, DurationRange range, String expected) {
        return read(option, text, expected, value -> {
            Duration time = Settings.parseDuration(value);
            range.check(option, time);
            return time;
        });
    }

    /** Refuses a value that is not one of those that work. */
    static void oneOf(String option, String text, String expected, List<String> working) {
        if (!working.contains(text)) {
            throw new BadUsage(option + ": " + Text.quote(text) + " (expected: " + expected + ")");
        }
    }
}
