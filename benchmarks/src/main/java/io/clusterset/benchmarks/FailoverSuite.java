package io.clusterset.benchmarks;

import io.clusterset.benchmarks.failover.Client;
import io.clusterset.benchmarks.failover.Fault;
import io.clusterset.benchmarks.failover.Outcome;
import io.clusterset.benchmarks.failover.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How many calls fail, for how long, and how slow they are then, when the local endpoint fails. Some clients at a time, each
 * in a JVM of its own; all of them begin together, so that nobody's start is in anybody's figures.
 */
final class FailoverSuite implements Suite {

    private static final String FILE = "failover.md";
    private static final String BEGIN = "<!-- measured: written by benchmarks/run failover -->";
    private static final String END = "<!-- /measured -->";
    private static final int WIDTH = 120;

    private static final String BAD = "badCalls";
    private static final String LEAST_BAD = "minBadCalls";
    private static final String MOST_BAD = "maxBadCalls";
    private static final String ALL = "calls";
    private static final String MOST_NANOS = "maxNanos";
    private static final String NEVER = "neverRecovered";
    private static final String MEDIAN = "medianNanosRecovered";
    private static final String P99 = "p99NanosRecovered";
    private static final String P99_BEFORE = "p99NanosBefore";

    private static final int PHASES = 3;
    private static final int LATER_MILLIS = 1_200; // from phase to phase
    private static final int AT_ONCE =
            3; // each takes a sixth of a core and more; more of them would measure each other
    private static final int AT_ONCE_QUICKLY = 4;
    private static final int WATCHED_MILLIS = 30_000; // the JVM's memory of addresses is over by then
    private static final int WATCHED_QUICKLY_MILLIS = 8_000;

    private static final double SECOND = 1e9;
    private static final double MILLISECOND = 1e6;

    @Override
    public String name() {
        return "failover";
    }

    /** One line of the table. */
    private record Subject(Client.Kind kind, Fault fault) {
        static List<Subject> all() {
            return Stream.of(Fault.values())
                    .flatMap(fault -> Stream.of(Client.Kind.values()).map(kind -> new Subject(kind, fault)))
                    .toList();
        }

        String words() {
            return fault.words() + ": " + kind.words();
        }
    }

    /** A subject at one phase. */
    private record One(Subject subject, int laterMillis) {
        static List<One> all(int phases) {
            List<One> all = new ArrayList<>();
            for (int phase = 0; phase < phases; phase++) {
                for (Subject subject : Subject.all()) {
                    if (phase == 0 || subject.kind().isOfPhases()) {
                        all.add(new One(subject, phase * LATER_MILLIS));
                    }
                }
            }
            return all;
        }

        Fork start(int watchedMillis) throws IOException {
            return Fork.of(
                    Trial.class,
                    List.of(),
                    subject.kind().name(),
                    subject.fault().name(),
                    String.valueOf(laterMillis),
                    String.valueOf(watchedMillis));
        }
    }

    @Override
    public List<Row> measure(boolean quick, Machine machine) throws IOException {
        int watched = quick ? WATCHED_QUICKLY_MILLIS : WATCHED_MILLIS;
        Map<String, Object> run = machine.effort((quick ? "quick: " : "") + "watched for " + watched / 1_000 + " s")
                .now();
        Map<Subject, List<Outcome>> outcomes = new LinkedHashMap<>();
        List<One> all = One.all(quick ? 1 : PHASES);
        int atOnce = quick ? AT_ONCE_QUICKLY : AT_ONCE;
        int turns = (all.size() + atOnce - 1) / atOnce;
        for (int turn = 0; turn < turns; turn++) {
            List<One> apart = new ArrayList<>(); // neighbours are of a kind, and some kinds are heavy
            for (int i = turn; i < all.size(); i += turns) {
                apart.add(all.get(i));
            }
            together(apart, watched, outcomes);
        }
        return Subject.all().stream()
                .map(subject -> row(subject, outcomes.getOrDefault(subject, List.of()), run))
                .toList();
    }

    private static void together(List<One> trials, int watched, Map<Subject, List<Outcome>> outcomes)
            throws IOException {
        Map<One, Fork> running = new LinkedHashMap<>();
        try {
            for (One trial : trials) {
                running.put(trial, trial.start(watched));
            }
            for (Fork fork : running.values()) {
                fork.await(Trial.READY);
            }
            for (Fork fork : running.values()) {
                fork.say("go");
            }
            for (Map.Entry<One, Fork> one : running.entrySet()) {
                Outcome outcome = Outcome.parse(one.getValue().lastLine());
                Subject subject = one.getKey().subject();
                outcomes.computeIfAbsent(subject, s -> new ArrayList<>()).add(outcome);
                System.err.printf(
                        "failover  %-60s %5d of %d calls, until %.3f s%n",
                        subject.words(), outcome.bad(), outcome.calls(), outcome.nanos() / SECOND);
            }
        } finally {
            running.values().forEach(Fork::close);
        }
    }

    /** What the trials of one subject come to. */
    static Row row(Client.Kind kind, Fault fault, List<Outcome> outcomes, Map<String, Object> run) {
        return row(new Subject(kind, fault), outcomes, run);
    }

    private static Row row(Subject subject, List<Outcome> outcomes, Map<String, Object> run) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Row.NANOS, median(outcomes, Outcome::nanos));
        figures.put(Row.MIN_NANOS, sorted(outcomes, Outcome::nanos).get(0));
        figures.put(MOST_NANOS, sorted(outcomes, Outcome::nanos).get(outcomes.size() - 1));
        figures.put(BAD, median(outcomes, Outcome::bad));
        figures.put(LEAST_BAD, sorted(outcomes, Outcome::bad).get(0));
        figures.put(MOST_BAD, sorted(outcomes, Outcome::bad).get(outcomes.size() - 1));
        figures.put(ALL, median(outcomes, Outcome::calls));
        figures.put(NEVER, (double) outcomes.stream().filter(Outcome::never).count());
        latency(outcomes.stream().map(Outcome::median).toList(), MEDIAN, figures);
        latency(outcomes.stream().map(Outcome::p99).toList(), P99, figures);
        latency(outcomes.stream().map(Outcome::p99Before).toList(), P99_BEFORE, figures);
        return new Row("failover", subject.words(), new Row.Params(2, 1), figures, run);
    }

    private static void latency(List<OptionalDouble> measured, String figure, Map<String, Double> figures) {
        List<OptionalDouble> known =
                measured.stream().filter(OptionalDouble::isPresent).toList();
        if (!known.isEmpty()) {
            figures.put(figure, median(known, OptionalDouble::getAsDouble));
        }
    }

    private static <T> double median(List<T> outcomes, ToDoubleFunction<T> figure) {
        return sorted(outcomes, figure).get(outcomes.size() / 2);
    }

    private static <T> List<Double> sorted(List<T> outcomes, ToDoubleFunction<T> figure) {
        return outcomes.stream().mapToDouble(figure).sorted().boxed().toList();
    }

    @Override
    public List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        for (Client.Kind kind : Client.Kind.values()) {
            if (!kind.isOurs()) {
                continue;
            }
            Goal.Of refused = row(kind, Fault.REFUSED);
            Goal.Of lost = row(kind, Fault.BLACK_HOLE);
            Goal.Of armeria = row(Client.Kind.ARMERIA, Fault.BLACK_HOLE);
            String who = kind.words();
            goals.add(Goal.figure(who + ": refused, bad calls", refused, BAD, kind == Client.Kind.OURS ? 2 : 0));
            goals.add(new Goal(
                    who + ": refused, s until good", (rows, time) -> over(SECOND, refused, Row.NANOS, rows), 0.1));
            goals.add(new Goal(
                    who + ": black hole, s until good", (rows, time) -> over(SECOND, lost, Row.NANOS, rows), 3));
            goals.add(Goal.ratio(who + ": black hole, s / Armeria's", lost, armeria, Row.NANOS, 0.5));
            goals.add(Goal.ratio(who + ": black hole, bad calls / Armeria's", lost, armeria, BAD, 0.5));
            goals.add(new Goal(
                    who + ": black hole, p99 after / before",
                    (rows, time) -> Units.quotient(lost.figure(rows, P99), lost.figure(rows, P99_BEFORE)),
                    2));
        }
        return goals;
    }

    private static Goal.Of row(Client.Kind kind, Fault fault) {
        return new Goal.Of(new Subject(kind, fault).words(), 2, 1);
    }

    private static OptionalDouble over(double unit, Goal.Of row, String figure, List<Row> rows) {
        return row.figure(rows, figure).stream().map(value -> value / unit).findFirst();
    }

    @Override
    public List<Table> tables(List<Row> rows) {
        List<String> head =
                List.of("fault: client", "calls", "bad", "s until good", "p50 after", "p99 after", "p99 before");
        return List.of(
                new Table("", head, rows.stream().map(FailoverSuite::line).toList()));
    }

    private static List<String> line(Row row) {
        return List.of(
                row.subject(),
                Units.whole(row.figure(ALL)),
                spread(
                        Units.whole(row.figure(BAD)),
                        Units.whole(row.figure(LEAST_BAD)),
                        Units.whole(row.figure(MOST_BAD))),
                row.figure(NEVER).orElse(0) > 0
                        ? "never"
                        : spread(seconds(row, Row.NANOS), seconds(row, Row.MIN_NANOS), seconds(row, MOST_NANOS)),
                millis(row.figure(MEDIAN)),
                millis(row.figure(P99)),
                millis(row.figure(P99_BEFORE)));
    }

    private static String spread(String median, String least, String most) {
        return least.equals(most) ? median : median + " (" + least + ".." + most + ")";
    }

    private static String seconds(Row row, String figure) {
        return Units.number(row.figure(figure).orElseThrow() / SECOND);
    }

    private static String millis(OptionalDouble nanos) {
        return nanos.isPresent() ? String.format(Locale.ROOT, "%.1f", nanos.getAsDouble() / MILLISECOND) : "-";
    }

    /** Between the marks of the simulator's page, which is not ours. */
    @Override
    public Publication into(Path folder) throws IOException {
        Marked part = new Marked(folder.resolve(FILE), BEGIN, END);
        part.mustBeThere();
        return rows -> {
            String text = text(rows);
            part.replace(text);
            return text;
        };
    }

    /** What is said of these rows between the marks. */
    String text(List<Row> rows) {
        return "\n" + Report.body(this, rows, WIDTH) + "\n" + Report.about("failover-reading");
    }
}
