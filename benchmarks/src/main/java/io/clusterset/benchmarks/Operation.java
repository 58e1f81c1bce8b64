package io.clusterset.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whatever a measure does, over and over. Each measure has a JVM of its own, so the call through {@link Supplier} has one
 * target and is inlined: floors, peers and ours are measured alike.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class Operation {

    @Param("pick")
    public String suite = "";

    @Param("")
    public String subject = "";

    @Param("1")
    public int endpoints;

    private Supplier<Object> operation = () -> "";

    @Setup
    public void prepare() {
        operation = JmhSuite.named(suite).measure(subject).operation().apply(endpoints);
    }

    @Benchmark
    public Object operation() {
        return operation.get();
    }
}
