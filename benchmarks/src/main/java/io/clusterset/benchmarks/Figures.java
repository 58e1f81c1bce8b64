package io.clusterset.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** The iterations of one measure in all rounds. Of a shared machine the median says most, the minimum least noise. */
final class Figures {

    private static final String ALLOCATION = "gc.alloc.rate";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final List<Double> nanos = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    void add(RunResult round) {
        for (BenchmarkResult fork : round.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                nanos.add(iteration.getPrimaryResult().getScore());
                cpu.add(secondary(iteration, CpuProfiler.LABEL));
                // JMH leaves the octets per operation out if there were none
                bytes.add(secondary(iteration, ALLOCATION) == 0 ? 0 : secondary(iteration, ALLOCATED));
            }
        }
    }

    private static double secondary(IterationResult iteration, String label) {
        Result<?> result = iteration.getSecondaryResults().get(label);
        if (result == null) {
            throw new IllegalStateException("JMH reports no " + label);
        }
        return result.getScore();
    }

    /** By the names that a row has for them. */
    Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        named.put(Row.NANOS, quantile(nanos, 0.5));
        named.put(Row.BYTES, quantile(bytes, 0.5));
        named.put(Row.CPU_NANOS, quantile(cpu, 0.5));
        named.put(Row.MIN_NANOS, quantile(nanos, 0));
        named.put(Row.P90_NANOS, quantile(nanos, 0.9));
        return named;
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        return below + (place - Math.floor(place)) * (sorted.get((int) Math.ceil(place)) - below);
    }
}
