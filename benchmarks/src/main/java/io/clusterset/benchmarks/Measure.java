package io.clusterset.benchmarks;

import java.util.Map;
import java.util.Optional;

/**
 * One row of the table.
 *
 * @param name its words, unique in its suite
 * @param benchmarks the class of the JMH method
 * @param method the JMH method
 * @param parameters values of the JMH parameters
 * @param reference the name of the row its ratio is taken to
 */
record Measure(
        String name, Class<?> benchmarks, String method, Map<String, String> parameters, Optional<String> reference) {

    Measure(String name, Class<?> benchmarks, String method) {
        this(name, benchmarks, method, Map.of(), Optional.empty());
    }

    Measure with(String parameter, String value) {
        return new Measure(name, benchmarks, method, Map.of(parameter, value), reference);
    }

    Measure against(Measure other) {
        return new Measure(name, benchmarks, method, parameters, Optional.of(other.name));
    }
}
