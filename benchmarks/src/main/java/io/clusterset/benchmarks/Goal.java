package io.clusterset.benchmarks;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A figure and the most it may be.
 *
 * @param words what the figure is
 * @param figure how it follows from what was measured, by the measures' names
 * @param most what it may be
 */
record Goal(String words, ToDoubleFunction<Map<String, Figures>> figure, double most) {

    /** JMH counts what other threads of the JVM allocate too: fractions of an octet per operation are not ours. */
    private static final double NO_OCTET = 0.5;

    static Goal ratio(String words, Measure measure, Measure reference, double most) {
        return new Goal(
                words, all -> of(all, measure).median() / of(all, reference).median(), most);
    }

    static Goal bytes(String words, Measure measure, double most) {
        return new Goal(
                words,
                all -> {
                    double bytes = of(all, measure).bytes();
                    return bytes < NO_OCTET ? 0 : bytes;
                },
                most);
    }

    boolean met(Map<String, Figures> all) {
        return figure.applyAsDouble(all) <= most;
    }

    private static Figures of(Map<String, Figures> all, Measure measure) {
        Figures figures = all.get(measure.name());
        if (figures == null) {
            throw new IllegalStateException(measure.name() + ": not measured");
        }
        return figures;
    }
}
