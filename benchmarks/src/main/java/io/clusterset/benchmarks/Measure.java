package io.clusterset.benchmarks;

import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * One row, measured with JMH.
 *
 * @param subject who is measured at what; a subject at other parameters is another row
 * @param benchmarks the class of the JMH method
 * @param method the JMH method
 * @param endpoints how many there are to choose from
 * @param threads how many threads do it at once
 * @param floor the subject of the row that costs least
 * @param ours the subject of our row, to which the ratio is taken
 * @param warmth how many times the usual warm-up it takes until the compiler is through with it
 * @param operation what {@link Operation} does; nothing for other benchmarks
 */
record Measure(
        String subject,
        Class<?> benchmarks,
        String method,
        int endpoints,
        int threads,
        Optional<String> floor,
        Optional<String> ours,
        int warmth,
        IntFunction<Supplier<Object>> operation) {

    /** A JMH method of its own, which is given how many endpoints there are if it has such a parameter. */
    Measure(String subject, Class<?> benchmarks, String method) {
        this(subject, benchmarks, method, 1, 1, Optional.empty(), Optional.empty(), 1, endpoints -> Object::new);
    }

    /** An operation with nothing to prepare for each of them. */
    Measure(String subject, IntFunction<Supplier<Object>> operation) {
        this(subject, Operation.class, "operation", 1, 1, Optional.empty(), Optional.empty(), 1, operation);
    }

    Measure at(int howManyEndpoints, int howManyThreads) {
        return new Measure(
                subject, benchmarks, method, howManyEndpoints, howManyThreads, floor, ours, warmth, operation);
    }

    Measure over(Measure least) {
        return new Measure(
                subject, benchmarks, method, endpoints, threads, Optional.of(least.subject), ours, warmth, operation);
    }

    Measure against(Measure ofOurs) {
        return new Measure(
                subject, benchmarks, method, endpoints, threads, floor, Optional.of(ofOurs.subject), warmth, operation);
    }

    /** Much code, which takes long to compile. */
    Measure warmer() {
        return new Measure(subject, benchmarks, method, endpoints, threads, floor, ours, 3, operation);
    }

    Goal.Of row() {
        return new Goal.Of(subject, endpoints, threads);
    }
}
