package io.clusterset.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    double median() {
        return median(nanos);
    }

    double min() {
        return Collections.min(nanos);
    }

    double cpu() {
        return median(cpu);
    }

    double bytes() {
        return median(bytes);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
