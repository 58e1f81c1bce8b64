package io.clusterset.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The command: a suite, round by round. A round measures everything once, each in a JVM of its own, so that a machine that
 * is slower for a minute is so for all.
 */
final class Run {

    private final Suite suite;
    private final boolean quick;

    private Run(Suite suite, boolean quick) {
        this.suite = suite;
        this.quick = quick;
    }

    /** {@code SUITE [--quick] [--json FILE]}; exit status 2 for bad usage, 1 if something could not be measured. */
    public static void main(String[] arguments) throws Exception {
        Optional<Suite> suite = Optional.empty();
        Optional<Path> json = Optional.empty();
        boolean quick = false;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--quick")) {
                quick = true;
            } else if (argument.equals("--json") && i + 1 < arguments.length) {
                i++;
                json = Optional.of(Path.of(arguments[i]));
            } else if (suite.isEmpty() && !argument.startsWith("-")) {
                suite = Suite.ALL.stream()
                        .filter(one -> one.name().equals(argument))
                        .findFirst();
                if (suite.isEmpty()) {
                    refuse(argument + ": no such suite (expected: "
                            + Suite.ALL.stream().map(Suite::name).collect(Collectors.joining(", ")) + ")");
                }
            } else {
                refuse(argument + ": not understood (expected: SUITE [--quick] [--json FILE])");
            }
        }
        if (suite.isEmpty()) {
            refuse("no suite (expected: " + Suite.ALL.stream().map(Suite::name).collect(Collectors.joining(", "))
                    + ")");
        }
        Report report = new Run(suite.orElseThrow(), quick).measured();
        System.out.print(report.text());
        if (json.isPresent()) {
            Files.writeString(json.get(), report.json());
        }
    }

    private static void refuse(String why) {
        System.err.println("benchmarks: " + why);
        System.exit(2);
    }

    private Report measured() throws RunnerException, IOException {
        int rounds = quick ? 1 : 2;
        Map<String, Figures> figures = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Measure measure : suite.measures()) {
                RunResult result = new Runner(options(measure).build()).runSingle();
                figures.computeIfAbsent(measure.name(), name -> new Figures()).add(result);
                System.err.printf(
                        "round %d of %d  %-42s %10s%n",
                        round,
                        rounds,
                        measure.name(),
                        Report.time(result.getPrimaryResult().getScore()));
            }
        }
        return new Report(suite, figures);
    }

    private ChainedOptionsBuilder options(Measure measure) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(measure.benchmarks().getName() + "." + measure.method()) + "$")
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                .forks(1)
                .warmupIterations(quick ? 2 : 12)
                .warmupTime(TimeValue.milliseconds(quick ? 400 : 500))
                .measurementIterations(quick ? 3 : 6)
                .measurementTime(TimeValue.milliseconds(quick ? 250 : 400));
        measure.parameters().forEach((parameter, value) -> options.param(parameter, value));
        return options;
    }
}
