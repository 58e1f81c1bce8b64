package io.clusterset.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;

/** Figures as the report prints them; nothing for what was not measured. */
final class Units {

    private Units() {}

    static String time(double nanos) {
        if (nanos < 1_000) {
            return String.format(Locale.ROOT, nanos < 100 ? "%.2f ns" : "%.0f ns", nanos);
        }
        return nanos < 1_000_000
                ? String.format(Locale.ROOT, "%.2f µs", nanos / 1_000)
                : String.format(Locale.ROOT, "%.2f ms", nanos / 1_000_000);
    }

    static String time(OptionalDouble nanos) {
        return nanos.isPresent() ? time(nanos.getAsDouble()) : "";
    }

    static String whole(OptionalDouble number) {
        return number.isPresent() ? String.format(Locale.ROOT, "%,.0f", number.getAsDouble()) : "";
    }

    static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? number(ratio.getAsDouble()) : "";
    }

    /** Three digits at least, and no more behind the point than matter. */
    static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }

    /** The same words in lines of no more than so many characters, as far as words can be parted. */
    static String lines(String words, int width) {
        StringBuilder lines = new StringBuilder();
        int used = 0;
        for (String word : words.split(" ")) {
            boolean fits = used + 1 + word.length() <= width;
            lines.append(used == 0 ? "" : fits ? " " : "\n").append(word);
            used = used == 0 || !fits ? word.length() : used + 1 + word.length();
        }
        return lines.toString();
    }

    static OptionalDouble quotient(OptionalDouble dividend, OptionalDouble divisor) {
        return dividend.isPresent() && divisor.isPresent() && divisor.getAsDouble() > 0
                ? OptionalDouble.of(dividend.getAsDouble() / divisor.getAsDouble())
                : OptionalDouble.empty();
    }
}
