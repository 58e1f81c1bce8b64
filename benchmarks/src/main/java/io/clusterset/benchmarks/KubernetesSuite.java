package io.clusterset.benchmarks;

import io.clusterset.benchmarks.kubernetes.Calm;
import io.clusterset.benchmarks.kubernetes.Churn;
import io.clusterset.benchmarks.kubernetes.Kept;
import io.clusterset.benchmarks.kubernetes.Kept.Watcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What it costs to watch the Kubernetes API, and how soon that tells. Each figure from a JVM of its own. */
final class KubernetesSuite implements Suite {

    private static final String SOURCE = "ours, source: slices and answers";
    private static final String LIVE = "ours, live services, all included";
    private static final String FABRIC8 = "fabric8 SharedIndexInformer, as it comes";
    private static final String CHURN = "10,000 endpoints, 1,000 changes/s";
    private static final String CALM = "10 endpoints, calm";

    private static final String SPREAD = "bytesSpread";

    private static final int FEW = 10;
    private static final int MANY = 100; // slices of each service
    private static final int SIZE = 100;
    private static final int ALL = Kept.SERVICES * MANY * SIZE;

    private static final List<String> WEIGHED_ON = List.of("-XX:-UseG1GC", "-XX:+UseSerialGC", "-Xmx4g");

    private static final double MEGABYTE = 1e6;
    private static final double MILLISECOND = 1e6;

    private static final Map<String, Watcher> WATCHERS = watchers();

    private static Map<String, Watcher> watchers() {
        Map<String, Watcher> watchers = new LinkedHashMap<>();
        watchers.put(SOURCE, Watcher.SOURCE);
        watchers.put(LIVE, Watcher.LIVE);
        watchers.put(FABRIC8, Watcher.FABRIC8);
        return watchers;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public List<Row> measure(boolean quick, Machine machine) throws IOException {
        int rounds = quick ? 1 : 2;
        int seconds = quick ? 10 : 60;
        int changes = quick ? 40 : 200;
        Map<String, Object> run = machine.effort((quick ? "quick: " : "") + "JVMs for each size: " + rounds + ", "
                        + seconds + " s of churn, " + changes + " calm changes")
                .now();
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, Watcher> watcher : WATCHERS.entrySet()) {
            Row row =
                    new Row(name(), watcher.getKey(), new Row.Params(ALL, 1), weighed(watcher.getValue(), rounds), run);
            rows.add(row);
            System.err.printf("kubernetes  %-60s %8.0f B/endpoint%n", row.subject(), row.bytes());
        }
        double ours = rows.get(0).bytes();
        rows.set(2, rows.get(2).with(Row.RATIO_TO_OURS, rows.get(2).bytes() / ours));
        rows.add(new Row(name(), CHURN, new Row.Params(MANY * SIZE, 1), churned(seconds), run));
        rows.add(new Row(name(), CALM, new Row.Params(10, 1), calm(changes), run));
        return rows;
    }

    private static Map<String, Double> weighed(Watcher watcher, int rounds) throws IOException {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int round = 0; round < rounds; round++) {
            double few = weigh(watcher, FEW);
            double slope = (weigh(watcher, MANY) - few) / (Kept.SERVICES * (MANY - FEW) * SIZE);
            least = Math.min(least, slope);
            most = Math.max(most, slope);
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Row.BYTES, (least + most) / 2);
        figures.put(SPREAD, most - least);
        return figures;
    }

    private static double weigh(Watcher watcher, int slices) throws IOException {
        return Double.parseDouble(Fork.lastLineOf(Kept.class, WEIGHED_ON, watcher.name(), String.valueOf(slices)));
    }

    private static Map<String, Double> churned(int seconds) throws IOException {
        Map<String, Double> figures = new LinkedHashMap<>();
        String line = Fork.lastLineOf(Churn.class, List.of(), String.valueOf(seconds));
        System.err.println("kubernetes  " + line);
        for (String figure : line.split(" ")) {
            String[] parts = figure.split("=");
            figures.put(parts[0], Double.parseDouble(parts[1]));
        }
        return figures;
    }

    private static Map<String, Double> calm(int changes) throws IOException {
        String[] words =
                Fork.lastLineOf(Calm.class, List.of(), String.valueOf(changes)).split(" ");
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Churn.LAG_P50, Double.parseDouble(words[0]));
        figures.put(Churn.LAG_P99, Double.parseDouble(words[1]));
        figures.put(Churn.LAG_MAX, Double.parseDouble(words[2]));
        return figures;
    }

    @Override
    public List<Goal> goals() {
        Goal.Of source = new Goal.Of(SOURCE, ALL, 1);
        Goal.Of churn = new Goal.Of(CHURN, MANY * SIZE, 1);
        return List.of(
                Goal.bytes("source, B per endpoint", source, 160),
                Goal.ratio("source / fabric8's informer", source, new Goal.Of(FABRIC8, ALL, 1), Row.BYTES, 1.0 / 7),
                Goal.figure("churn: our threads, % of a core", churn, Churn.CPU_PERCENT, 25),
                Goal.figure("churn: rebuilds/s", churn, Churn.REBUILDS_PER_SECOND, 10),
                scaled("churn: our threads allocate, MB/s", churn, Churn.OCTETS_PER_SECOND, MEGABYTE, 50),
                scaled("churn: change to new picks, p99, ms", churn, Churn.LAG_P99, MILLISECOND, 250),
                new Goal(
                        "churn: next() p99 / idle",
                        (rows, time) -> Units.quotient(
                                churn.figure(rows, Churn.NEXT_P99), churn.figure(rows, Churn.IDLE_NEXT_P99)),
                        2),
                scaled(
                        "calm: change to new picks, p99, ms",
                        new Goal.Of(CALM, 10, 1),
                        Churn.LAG_P99,
                        MILLISECOND,
                        250));
    }

    private static Goal scaled(String words, Goal.Of row, String figure, double unit, double most) {
        return new Goal(words, (rows, time) -> Units.quotient(row.figure(rows, figure), OptionalDouble.of(unit)), most);
    }

    @Override
    public List<Table> tables(List<Row> rows) {
        List<Row> kept =
                rows.stream().filter(row -> WATCHERS.containsKey(row.subject())).toList();
        List<List<String>> soon = new ArrayList<>();
        row(rows, CHURN).ifPresent(churn -> {
            soon.add(times("change to new picks, 1,000 changes/s of 10,000", churn, Churn.LAG_P50, Churn.LAG_P99));
            soon.add(times("next(), 1,000 changes/s of 10,000", churn, Churn.NEXT_P50, Churn.NEXT_P99));
            soon.add(times("next(), 10,000 endpoints, idle", churn, Churn.IDLE_NEXT_P50, Churn.IDLE_NEXT_P99));
        });
        row(rows, CALM)
                .ifPresent(calm ->
                        soon.add(times("change to new picks, 10 endpoints, calm", calm, Churn.LAG_P50, Churn.LAG_P99)));
        return List.of(
                new Table(
                        "",
                        List.of("what is kept", "B per endpoint", "spread", "MiB of 100,000", "theirs / ours"),
                        kept.stream().map(KubernetesSuite::weight).toList()),
                new Table(
                        "",
                        List.of("our threads", "changes/s", "rebuilds/s", "% of a core", "MB/s allocated"),
                        row(rows, CHURN).map(KubernetesSuite::effort).stream().toList()),
                new Table("", List.of("how soon", "median", "p99"), soon));
    }

    private static Optional<Row> row(List<Row> rows, String subject) {
        return rows.stream().filter(row -> row.subject().equals(subject)).findFirst();
    }

    private static List<String> weight(Row row) {
        return List.of(
                row.subject(),
                Units.whole(row.figure(Row.BYTES)),
                Units.whole(row.figure(SPREAD)),
                Units.number(row.bytes() * ALL / (1 << 20)),
                Units.ratio(row.figure(Row.RATIO_TO_OURS)));
    }

    private static List<String> effort(Row row) {
        return List.of(
                row.subject(),
                Units.whole(row.figure(Churn.CHANGES_PER_SECOND)),
                Units.ratio(row.figure(Churn.REBUILDS_PER_SECOND)),
                Units.ratio(row.figure(Churn.CPU_PERCENT)),
                Units.ratio(Units.quotient(row.figure(Churn.OCTETS_PER_SECOND), OptionalDouble.of(MEGABYTE))));
    }

    private static List<String> times(String what, Row row, String median, String p99) {
        return List.of(what, Units.time(row.figure(median)), Units.time(row.figure(p99)));
    }
}
