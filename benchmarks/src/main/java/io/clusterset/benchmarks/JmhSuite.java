package io.clusterset.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
 * A suite measured with JMH, round by round. A round measures everything once, each in a JVM of its own, so that a machine
 * that is slower for a minute is so for all.
 *
 * @param name what the command calls it
 * @param measures in the order of the tables
 * @param goals what the figures are held against
 * @param full how much is measured
 * @param quick how much with {@code --quick}
 */
record JmhSuite(String name, List<Measure> measures, List<Goal> goals, Effort full, Effort quick) implements Suite {

    private static final List<String> HEAD =
            List.of("subject", "median", "min", "p90 / median", "CPU", "B/op", "x floor", "theirs / ours");

    /**
     * How much is measured of each row.
     *
     * @param rounds JVMs
     * @param warmups iterations that don't count
     * @param warmupMillis how long each takes
     * @param iterations those that count
     * @param iterationMillis how long each takes
     */
    record Effort(int rounds, int warmups, int warmupMillis, int iterations, int iterationMillis) {
        @Override
        public String toString() {
            return rounds + (rounds == 1 ? " JVM each, " : " JVMs each, ") + warmups + " x " + warmupMillis
                    + " ms to warm up, " + iterations + " x " + iterationMillis + " ms";
        }
    }

    static JmhSuite named(String name) {
        return (JmhSuite) Suites.named(name).orElseThrow();
    }

    Measure measure(String subject) {
        return measures.stream()
                .filter(measure -> measure.subject().equals(subject))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + ": no subject " + subject));
    }

    @Override
    public List<Row> measure(boolean shortly, Machine machine) throws IOException {
        Effort effort = shortly ? quick : full;
        Map<String, Object> run =
                machine.effort((shortly ? "quick: " : "") + effort).now();
        Map<Measure, Figures> figures = new LinkedHashMap<>();
        for (int round = 1; round <= effort.rounds(); round++) {
            for (Measure measure : measures) {
                RunResult result = run(measure, effort);
                figures.computeIfAbsent(measure, m -> new Figures()).add(result);
                System.err.printf(
                        "%s, round %d of %d  %-45s %5d endpoints, %d threads %12s%n",
                        name,
                        round,
                        effort.rounds(),
                        measure.subject(),
                        measure.endpoints(),
                        measure.threads(),
                        Units.time(result.getPrimaryResult().getScore()));
            }
        }
        Map<Goal.Of, Row> rows = new LinkedHashMap<>();
        figures.forEach((measure, all) -> rows.put(
                measure.row(), new Row(name, measure.subject(), measure.row().params(), all.named(), run)));
        List<Row> related = new ArrayList<>();
        figures.keySet()
                .forEach(measure -> related.add(Optional.ofNullable(rows.get(measure.row()))
                        .orElseThrow()
                        .ratio(Row.RATIO_TO_FLOOR, other(rows, measure, measure.floor()))
                        .ratio(Row.RATIO_TO_OURS, other(rows, measure, measure.ours()))));
        return related;
    }

    /** The row of that subject that has the same parameters, or else the only one it has. */
    private static Optional<Row> other(Map<Goal.Of, Row> rows, Measure measure, Optional<String> subject) {
        return subject.flatMap(
                name -> Optional.ofNullable(rows.get(new Goal.Of(name, measure.endpoints(), measure.threads())))
                        .or(() -> Optional.ofNullable(rows.get(new Goal.Of(name)))));
    }

    private RunResult run(Measure measure, Effort effort) throws IOException {
        try {
            return new Runner(options(measure, effort).build()).runSingle();
        } catch (RunnerException failed) {
            throw new IOException(name + ": " + measure.subject() + " could not be measured", failed);
        }
    }

    private ChainedOptionsBuilder options(Measure measure, Effort effort) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(measure.benchmarks().getName() + "." + measure.method()) + "$")
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .addProfiler(Pinning.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend(Fork.JVM_OPTIONS)
                .threads(measure.threads())
                .forks(1)
                .warmupIterations(measure.warmth() * effort.warmups())
                .warmupTime(TimeValue.milliseconds(effort.warmupMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .param("endpoints", String.valueOf(measure.endpoints()));
        if (measure.benchmarks() == Operation.class) {
            options.param("suite", name).param("subject", measure.subject());
        }
        return options;
    }

    @Override
    public List<Table> tables(List<Row> rows) {
        Map<Row.Params, List<Row>> alike =
                rows.stream().collect(Collectors.groupingBy(Row::params, LinkedHashMap::new, Collectors.toList()));
        if (alike.size() == 1 || alike.values().stream().anyMatch(of -> of.size() == 1)) {
            return List.of(table("", rows)); // nothing to compare with within its parameters
        }
        return alike.entrySet().stream()
                .map(of -> table(of.getKey().toString(), of.getValue()))
                .toList();
    }

    private static Table table(String title, List<Row> rows) {
        return new Table(title, HEAD, rows.stream().map(JmhSuite::line).toList());
    }

    private static List<String> line(Row row) {
        OptionalDouble median = row.figure(Row.NANOS);
        OptionalDouble p90 = row.figure(Row.P90_NANOS);
        return List.of(
                row.subject(),
                Units.time(median),
                Units.time(row.figure(Row.MIN_NANOS)),
                Units.ratio(Units.quotient(p90, median)),
                Units.time(row.figure(Row.CPU_NANOS)),
                Units.whole(row.figure(Row.BYTES)),
                Units.ratio(row.figure(Row.RATIO_TO_FLOOR)),
                Units.ratio(row.figure(Row.RATIO_TO_OURS)));
    }
}
