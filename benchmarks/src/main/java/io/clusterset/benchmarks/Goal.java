package io.clusterset.benchmarks;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A figure and the most it may be.
 *
 * @param words what the figure is
 * @param cpu the figure by processor time, or the figure itself where time plays no part: what it is judged by, since on
 *     a shared machine it repeats best
 * @param median the same by the median of the time taken
 * @param most what it may be
 */
record Goal(
        String words,
        ToDoubleFunction<Map<String, Figures>> cpu,
        ToDoubleFunction<Map<String, Figures>> median,
        double most) {

    /** JMH counts what other threads of the JVM allocate too: fractions of an octet per operation are not ours. */
    private static final double NO_OCTET = 0.5;

    static Goal ratio(String words, Measure measure, Measure reference, double most) {
        return new Goal(
                words,
                all -> of(all, measure).cpu() / of(all, reference).cpu(),
                all -> of(all, measure).median() / of(all, reference).median(),
                most);
    }

    static Goal bytes(String words, Measure measure, double most) {
        ToDoubleFunction<Map<String, Figures>> bytes = all -> {
            double measured = of(all, measure).bytes();
            return measured < NO_OCTET ? 0 : measured;
        };
        return new Goal(words, bytes, bytes, most);
    }

    boolean met(Map<String, Figures> all) {
        return cpu.applyAsDouble(all) <= most;
    }

    private static Figures of(Map<String, Figures> all, Measure measure) {
        Figures figures = all.get(measure.name());
        if (figures == null) {
            throw new IllegalStateException(measure.name() + ": not measured");
        }
        return figures;
    }
}
