package io.clusterset.benchmarks;

import io.clusterset.benchmarks.failover.Client;
import io.clusterset.benchmarks.failover.Fault;
import io.clusterset.benchmarks.failover.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;

/** How many calls fail, and for how long, when the local endpoint does. Five clients at a time, each in a JVM of its own. */
final class FailoverSuite implements Suite {

    private static final String BAD = "badCalls";
    private static final String LEAST_BAD = "minBadCalls";
    private static final String MOST_BAD = "maxBadCalls";
    private static final String ALL = "calls";
    private static final String MOST_NANOS = "maxNanos";
    private static final String NEVER = "neverRecovered";

    private static final Set<Client.Kind> OURS =
            EnumSet.of(Client.Kind.OURS, Client.Kind.OURS_INSTALLED, Client.Kind.OURS_SPRING);

    private static final int TRIALS = 2;
    private static final int AT_ONCE = 5; // whole applications among them; more would measure each other
    private static final int LATER_MILLIS = 1_000; // each trial than the one before

    private static final double SECOND = 1e9;

    @Override
    public String name() {
        return "failover";
    }

    private static String subject(Client.Kind kind, Fault fault) {
        return fault.words() + ": " + kind.words();
    }

    @Override
    public List<Row> measure(boolean quick, Machine machine) throws IOException {
        int trials = quick ? 1 : TRIALS;
        Map<String, Object> run = machine.effort((quick ? "quick: " : "") + "trials of each: " + trials)
                .now();
        Map<String, List<Result>> results = new LinkedHashMap<>();
        for (Fault fault : Fault.values()) {
            for (int trial = 0; trial < trials; trial++) {
                all(fault, trial * LATER_MILLIS).forEach((kind, result) -> {
                    String subject = subject(kind, fault);
                    results.computeIfAbsent(subject, s -> new ArrayList<>()).add(result);
                    System.err.printf(
                            "failover  %-60s %5d of %d calls, until %.3f s%n",
                            subject, result.bad(), result.calls(), result.seconds());
                });
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Client.Kind kind : Client.Kind.values()) {
                String subject = subject(kind, fault);
                Row row = new Row(
                        name(), subject, new Row.Params(2, 1), figures(results.getOrDefault(subject, List.of())), run);
                rows.add(OURS.contains(kind) ? row : row.ratio(Row.RATIO_TO_OURS, ours(rows, fault)));
            }
        }
        return rows;
    }

    private static Optional<Row> ours(List<Row> rows, Fault fault) {
        return rows.stream()
                .filter(row -> row.subject().equals(subject(Client.Kind.OURS, fault)))
                .findFirst();
    }

    private static Map<Client.Kind, Result> all(Fault fault, int later) throws IOException {
        Map<Client.Kind, Result> results = new LinkedHashMap<>();
        List<Client.Kind> kinds = List.of(Client.Kind.values());
        for (int i = 0; i < kinds.size(); i += AT_ONCE) {
            results.putAll(together(kinds.subList(i, Math.min(kinds.size(), i + AT_ONCE)), fault, later));
        }
        return results;
    }

    private static Map<Client.Kind, Result> together(List<Client.Kind> kinds, Fault fault, int later)
            throws IOException {
        Map<Client.Kind, CompletableFuture<Result>> running = new LinkedHashMap<>();
        for (Client.Kind kind : kinds) {
            running.put(
                    kind,
                    CompletableFuture.supplyAsync(() -> one(kind, fault, later), task -> new Thread(task).start()));
        }
        Map<Client.Kind, Result> results = new LinkedHashMap<>();
        for (Map.Entry<Client.Kind, CompletableFuture<Result>> one : running.entrySet()) {
            try {
                results.put(one.getKey(), one.getValue().join());
            } catch (CompletionException failed) {
                throw new IOException(subject(one.getKey(), fault) + " could not be measured", failed);
            }
        }
        return results;
    }

    private static Result one(Client.Kind kind, Fault fault, int later) {
        try {
            return Result.parse(
                    Fork.lastLineOf(Trial.class, List.of(), kind.name(), fault.name(), String.valueOf(later)));
        } catch (IOException failed) {
            throw new CompletionException(failed);
        }
    }

    private static Map<String, Double> figures(List<Result> results) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Row.NANOS, SECOND * median(results, Result::seconds));
        figures.put(Row.MIN_NANOS, SECOND * sorted(results, Result::seconds).get(0));
        figures.put(MOST_NANOS, SECOND * sorted(results, Result::seconds).get(results.size() - 1));
        figures.put(BAD, median(results, Result::bad));
        figures.put(LEAST_BAD, sorted(results, Result::bad).get(0));
        figures.put(MOST_BAD, sorted(results, Result::bad).get(results.size() - 1));
        figures.put(ALL, median(results, Result::calls));
        figures.put(NEVER, (double) results.stream().filter(Result::never).count());
        return figures;
    }

    private static double median(List<Result> results, ToDoubleFunction<Result> figure) {
        return sorted(results, figure).get(results.size() / 2);
    }

    private static List<Double> sorted(List<Result> results, ToDoubleFunction<Result> figure) {
        return results.stream().mapToDouble(figure).sorted().boxed().toList();
    }

    /** What one trial came to. */
    private record Result(int calls, int bad, double seconds, boolean never) {
        static Result parse(String line) {
            String[] words = line.split(" ");
            return new Result(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    Double.parseDouble(words[2]),
                    Boolean.parseBoolean(words[3]));
        }
    }

    @Override
    public List<Goal> goals() {
        Goal.Of refused = row(Client.Kind.OURS, Fault.REFUSED);
        Goal.Of lost = row(Client.Kind.OURS, Fault.BLACK_HOLE);
        Goal.Of installedRefused = row(Client.Kind.OURS_INSTALLED, Fault.REFUSED);
        Goal.Of installedLost = row(Client.Kind.OURS_INSTALLED, Fault.BLACK_HOLE);
        Goal.Of armeria = row(Client.Kind.ARMERIA, Fault.BLACK_HOLE);
        return List.of(
                Goal.figure("refused: bad calls", refused, BAD, 2),
                new Goal("refused: s until all are good", (rows, time) -> seconds(refused, rows), 0.1),
                new Goal("black hole: s until all are good", (rows, time) -> seconds(lost, rows), 3),
                Goal.ratio("black hole: s / Armeria's", lost, armeria, Row.NANOS, 0.5),
                Goal.ratio("black hole: bad calls / Armeria's", lost, armeria, BAD, 0.5),
                Goal.figure("installed, refused: bad calls", installedRefused, BAD, 0),
                new Goal(
                        "installed, refused: s until all are good",
                        (rows, time) -> seconds(installedRefused, rows),
                        0.1),
                new Goal(
                        "installed, black hole: s until all are good", (rows, time) -> seconds(installedLost, rows), 3),
                Goal.figure("Spring, refused: bad calls", row(Client.Kind.OURS_SPRING, Fault.REFUSED), BAD, 0));
    }

    private static Goal.Of row(Client.Kind kind, Fault fault) {
        return new Goal.Of(subject(kind, fault), 2, 1);
    }

    private static OptionalDouble seconds(Goal.Of row, List<Row> rows) {
        OptionalDouble nanos = row.figure(rows, Row.NANOS);
        return nanos.isPresent() ? OptionalDouble.of(nanos.getAsDouble() / SECOND) : nanos;
    }

    @Override
    public List<Table> tables(List<Row> rows) {
        return List.of(new Table(
                "",
                List.of("client", "calls", "bad", "min..max", "s until the last", "min..max", "theirs / ours"),
                rows.stream().map(FailoverSuite::line).toList()));
    }

    private static List<String> line(Row row) {
        return List.of(
                row.subject(),
                Units.whole(row.figure(ALL)),
                Units.whole(row.figure(BAD)),
                Units.whole(row.figure(LEAST_BAD)) + ".." + Units.whole(row.figure(MOST_BAD)),
                row.figure(NEVER).orElse(0) > 0 ? "never" : seconds(row, Row.NANOS),
                seconds(row, Row.MIN_NANOS) + ".." + seconds(row, MOST_NANOS),
                Units.ratio(row.figure(Row.RATIO_TO_OURS)));
    }

    private static String seconds(Row row, String figure) {
        return Units.number(row.figure(figure).orElseThrow() / SECOND);
    }
}
