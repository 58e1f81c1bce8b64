package io.clusterset.benchmarks;

import java.io.File;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.ExternalProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/**
 * Starts the JVM of a one-thread measure on the last core, where there is a {@code taskset}: which of several idle cores
 * wakes, and how fast, differs by a factor of ten from run to run.
 */
public final class Pinning implements ExternalProfiler {

    private static final List<String> TASKSET = taskset();

    private static List<String> taskset() {
        List<String> taskset =
                List.of("taskset", "-c", String.valueOf(Runtime.getRuntime().availableProcessors() - 1));
        try {
            Process tried = new ProcessBuilder(
                            Stream.concat(taskset.stream(), Stream.of("true")).toList())
                    .start();
            return tried.waitFor() == 0 ? taskset : List.of();
        } catch (IOException none) {
            return List.of();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public Collection<String> addJVMInvokeOptions(BenchmarkParams params) {
        return params.getThreads() == 1 ? TASKSET : List.of();
    }

    @Override
    public Collection<String> addJVMOptions(BenchmarkParams params) {
        return List.of();
    }

    @Override
    public void beforeTrial(BenchmarkParams params) {}

    @Override
    public Collection<? extends Result<?>> afterTrial(BenchmarkResult result, long pid, File out, File err) {
        return List.of();
    }

    @Override
    public boolean allowPrintOut() {
        return true;
    }

    @Override
    public boolean allowPrintErr() {
        return true;
    }

    @Override
    public String getDescription() {
        return "One thread, one core";
    }
}
