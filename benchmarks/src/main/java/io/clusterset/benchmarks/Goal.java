package io.clusterset.benchmarks;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A figure and the most it may be.
 *
 * @param words what the figure is
 * @param value the figure, from a suite's rows and the name of the time that counts; empty if it was not measured
 * @param most what it may be
 */
record Goal(String words, Value value, double most) {

    /** JMH counts what other threads of the JVM allocate too: fractions of an octet per operation are not ours. */
    private static final double NO_OCTET = 0.5;

    /** How a goal comes to its figure. */
    @FunctionalInterface
    interface Value {
        OptionalDouble of(List<Row> rows, String time);
    }

    /** A row of a suite. */
    record Of(String subject, Row.Params params) {
        Of(String subject, int endpoints, int threads) {
            this(subject, new Row.Params(endpoints, threads));
        }

        Of(String subject) {
            this(subject, 1, 1);
        }

        OptionalDouble figure(List<Row> rows, String name) {
            return rows.stream()
                    .filter(row -> row.subject().equals(subject) && row.params().equals(params))
                    .map(row -> row.figure(name))
                    .findFirst()
                    .orElse(OptionalDouble.empty());
        }
    }

    static Goal ratio(String words, Of ours, Of other, double most) {
        return new Goal(words, (rows, time) -> quotient(ours.figure(rows, time), other.figure(rows, time)), most);
    }

    static Goal ratio(String words, Of ours, Of other, String figure, double most) {
        return new Goal(words, (rows, time) -> quotient(ours.figure(rows, figure), other.figure(rows, figure)), most);
    }

    /** A ratio to whoever of them is fastest. */
    static Goal ratio(String words, Of ours, List<Of> others, double most) {
        return new Goal(
                words,
                (rows, time) -> quotient(
                        ours.figure(rows, time),
                        others.stream()
                                .map(other -> other.figure(rows, time))
                                .filter(OptionalDouble::isPresent)
                                .mapToDouble(OptionalDouble::getAsDouble)
                                .min()),
                most);
    }

    static Goal bytes(String words, Of ours, double most) {
        return new Goal(
                words,
                (rows, time) -> {
                    OptionalDouble bytes = ours.figure(rows, Row.BYTES);
                    return bytes.isPresent() && bytes.getAsDouble() < NO_OCTET ? OptionalDouble.of(0) : bytes;
                },
                most);
    }

    static Goal figure(String words, Of ours, String figure, double most) {
        return new Goal(words, (rows, time) -> ours.figure(rows, figure), most);
    }

    /** How much more time one takes than another. */
    static Goal more(String words, Of one, Of other, double most) {
        return new Goal(
                words,
                (rows, time) -> {
                    OptionalDouble less = other.figure(rows, time);
                    OptionalDouble more = one.figure(rows, time);
                    return more.isPresent() && less.isPresent()
                            ? OptionalDouble.of(more.getAsDouble() - less.getAsDouble())
                            : OptionalDouble.empty();
                },
                most);
    }

    private static OptionalDouble quotient(OptionalDouble dividend, OptionalDouble divisor) {
        return dividend.isPresent() && divisor.isPresent()
                ? OptionalDouble.of(dividend.getAsDouble() / divisor.getAsDouble())
                : OptionalDouble.empty();
    }
}
