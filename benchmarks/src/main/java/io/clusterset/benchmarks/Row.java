package io.clusterset.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one subject: one object in the report for programs, one line in a table of the report for people.
 *
 * @param suite the suite's name
 * @param subject who was measured at what
 * @param params which of the subject's rows it is
 * @param figures by the names below; what was not measured is not in it
 * @param run when and where
 */
record Row(String suite, String subject, Params params, Map<String, Double> figures, Map<String, Object> run) {

    /**
     * Of how many.
     *
     * @param endpoints to choose from
     * @param threads that do it at once
     */
    record Params(int endpoints, int threads) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%,d endpoint%s, %d thread%s", endpoints, s(endpoints), threads, s(threads));
        }

        private static String s(int count) {
            return count == 1 ? "" : "s";
        }
    }

    /** Nanoseconds of one operation: the median of all iterations. */
    static final String NANOS = "nanos";

    /** Octets allocated by one operation; of what is kept in memory, the octets of each endpoint. */
    static final String BYTES = "bytes";

    /** Theirs / ours. */
    static final String RATIO_TO_OURS = "ratioToOurs";

    /** Theirs / the least that it can cost. */
    static final String RATIO_TO_FLOOR = "ratioToFloor";

    static final String MIN_NANOS = "minNanos";
    static final String P90_NANOS = "p90Nanos";

    /** Processor time of one operation. */
    static final String CPU_NANOS = "cpuNanos";

    private static final String SUITE = "suite";
    private static final String SUBJECT = "subject";
    private static final String PARAMS = "params";
    private static final String ENDPOINTS = "endpoints";
    private static final String THREADS = "threads";
    private static final String RUN = "run";

    /** What of it there is in every object, measured or not. */
    private static final String[] ALWAYS = {NANOS, BYTES, RATIO_TO_OURS};

    OptionalDouble figure(String name) {
        Double figure = figures.get(name);
        return figure == null ? OptionalDouble.empty() : OptionalDouble.of(figure);
    }

    double bytes() {
        return figure(BYTES).orElseThrow();
    }

    /** The same row with one figure more. */
    Row with(String figure, double value) {
        Map<String, Double> more = new LinkedHashMap<>(figures);
        more.put(figure, value);
        return new Row(suite, subject, params, more, run);
    }

    /** The same row with its ratio to another by the median, if there are both. */
    Row ratio(String name, Optional<Row> other) {
        return other.filter(
                        row -> row.figure(NANOS).orElse(0) > 0 && figure(NANOS).isPresent())
                .map(row -> with(
                        name, figure(NANOS).orElseThrow() / row.figure(NANOS).orElseThrow()))
                .orElse(this);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(SUITE, suite);
        json.put(SUBJECT, subject);
        json.put(PARAMS, new TreeMap<>(Map.of(ENDPOINTS, params.endpoints(), THREADS, params.threads())));
        for (String name : ALWAYS) {
            json.put(name, null);
        }
        figures.forEach((name, value) -> json.put(name, rounded(value)));
        json.put(RUN, run);
        return json;
    }

    /** No more digits than mean something. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(5)).doubleValue();
    }

    static Row of(Object parsed) {
        Map<String, Object> json = object(parsed);
        Map<String, Double> figures = new LinkedHashMap<>();
        json.forEach((name, value) -> {
            if (value instanceof Number number) {
                figures.put(name, number.doubleValue());
            }
        });
        Map<String, Object> params = object(json.get(PARAMS));
        return new Row(
                String.valueOf(json.get(SUITE)),
                String.valueOf(json.get(SUBJECT)),
                new Params(number(params.get(ENDPOINTS)), number(params.get(THREADS))),
                figures,
                object(json.get(RUN)));
    }

    private static int number(@Nullable Object json) {
        return ((Number) Objects.requireNonNull(json)).intValue();
    }

    private static Map<String, Object> object(@Nullable Object json) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(json)).forEach((name, value) -> object.put(String.valueOf(name), value));
        return object;
    }
}
