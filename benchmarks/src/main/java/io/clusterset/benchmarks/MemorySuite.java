package io.clusterset.benchmarks;

import io.clusterset.benchmarks.peers.Armeria;
import io.clusterset.benchmarks.peers.Floor;
import io.clusterset.benchmarks.peers.Grpc;
import io.clusterset.benchmarks.peers.OursInMemory;
import io.clusterset.benchmarks.peers.ServiceTalk;
import io.clusterset.benchmarks.peers.Spring;
import io.clusterset.benchmarks.peers.Stork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What services keep in memory: heap differences of 1,000 services of 10 and of 100 endpoints, and the line through them. */
final class MemorySuite implements Suite {

    static final String BYTES_PER_SERVICE = "bytesPerService";
    private static final String SPREAD = "bytesSpread";

    private static final int FEW = 10;
    private static final int MANY = 100;
    private static final List<String> JVM_OPTIONS = List.of("-XX:-UseG1GC", "-XX:+UseSerialGC");

    private static final String FLOOR = "floor: one object (2 longs, port, weight) and a reference";
    private static final String LIST = "ours, list of Endpoint";
    private static final String PICKER = "ours, endpoints, decision and picker";
    private static final String LIVE = "ours, live services, all included";
    private static final String IDLE = "ours, idle services, still held";

    private static final List<Subject> SUBJECTS = List.of(
            new Subject(FLOOR, each(Floor::model), ""),
            new Subject(LIST, each(OursInMemory::model), ""),
            new Subject(PICKER, each(OursInMemory::picker), ""),
            new Subject(LIVE, OursInMemory::live, ""),
            new Subject(IDLE, OursInMemory::idle, ""),
            new Subject("gRPC EquivalentAddressGroup list", each(Grpc::model), LIST),
            new Subject("Spring DefaultServiceInstance list", each(Spring::model), LIST),
            new Subject("Stork DefaultServiceInstance list", each(Stork::model), LIST),
            new Subject("Armeria static group, weightedRoundRobin", each(Armeria::model), PICKER),
            new Subject("gRPC round_robin, ready connections", each(Grpc::balancer), PICKER),
            new Subject("ServiceTalk round robin, open connections", each(ServiceTalk::model), PICKER));

    /** Builds what so many services of so many endpoints each keep. */
    @FunctionalInterface
    interface Model {
        Object of(int services, int endpoints);
    }

    /**
     * One row.
     *
     * @param name who keeps what
     * @param model makes it
     * @param ours the row of ours that keeps as much; empty text for ours
     */
    private record Subject(String name, Model model, String ours) {}

    private static Model each(Model service) {
        return (services, endpoints) -> IntStream.range(0, services)
                .mapToObj(nth -> service.of(nth, endpoints))
                .toArray();
    }

    static Model model(String subject) {
        return SUBJECTS.stream()
                .filter(one -> one.name().equals(subject))
                .map(Subject::model)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Row> measure(boolean quick, Machine machine) throws IOException {
        int rounds = quick ? 1 : 2;
        Map<String, Object> run = machine.effort((quick ? "quick: " : "") + "JVMs for each size: " + rounds)
                .now();
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Subject subject : SUBJECTS) {
            Row row = new Row(name(), subject.name(), new Row.Params(MANY, 1), weighed(subject, rounds), run);
            rows.put(subject.name(), row);
            System.err.printf("memory  %-60s %8.0f B/endpoint%n", subject.name(), row.bytes());
        }
        List<Row> related = new ArrayList<>();
        double floor = Optional.ofNullable(rows.get(FLOOR)).orElseThrow().bytes();
        for (Subject subject : SUBJECTS) {
            Row row = Optional.ofNullable(rows.get(subject.name())).orElseThrow();
            Row withFloor = row.with(Row.RATIO_TO_FLOOR, row.bytes() / floor);
            related.add(Optional.ofNullable(rows.get(subject.ours()))
                    .map(ours -> withFloor.with(Row.RATIO_TO_OURS, row.bytes() / ours.bytes()))
                    .orElse(withFloor));
        }
        return related;
    }

    private static Map<String, Double> weighed(Subject subject, int rounds) throws IOException {
        double least = Double.MAX_VALUE;
        double most = 0;
        double intercept = 0;
        for (int round = 0; round < rounds; round++) {
            double few = weigh(subject, FEW);
            double slope = (weigh(subject, MANY) - few) / (MANY - FEW);
            intercept += (few - FEW * slope) / rounds;
            least = Math.min(least, slope);
            most = Math.max(most, slope);
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Row.BYTES, (least + most) / 2);
        figures.put(BYTES_PER_SERVICE, intercept);
        figures.put(SPREAD, most - least);
        return figures;
    }

    private static double weigh(Subject subject, int endpoints) throws IOException {
        return Double.parseDouble(
                Fork.lastLineOf(Retained.class, JVM_OPTIONS, subject.name(), String.valueOf(endpoints)));
    }

    @Override
    public List<Goal> goals() {
        Goal.Of live = new Goal.Of(LIVE, MANY, 1);
        Goal.Of picker = new Goal.Of(PICKER, MANY, 1);
        return List.of(
                Goal.bytes("endpoints, decision and picker, B per endpoint", picker, 110),
                Goal.bytes("live services, all included, B per endpoint", live, 110),
                Goal.figure(
                        "idle service, still held, B per service",
                        new Goal.Of(IDLE, MANY, 1),
                        BYTES_PER_SERVICE,
                        1_024));
    }

    @Override
    public List<Table> tables(List<Row> rows) {
        return List.of(new Table(
                "",
                List.of(
                        "what is kept",
                        "B per endpoint",
                        "spread",
                        "B per service",
                        "MiB of 1,000 x 100",
                        "x floor",
                        "theirs / ours"),
                rows.stream().map(MemorySuite::line).toList()));
    }

    private static List<String> line(Row row) {
        double all = 1_000 * (row.figure(BYTES_PER_SERVICE).orElseThrow() + 100 * row.bytes());
        return List.of(
                row.subject(),
                Units.whole(row.figure(Row.BYTES)),
                Units.whole(row.figure(SPREAD)),
                Units.whole(row.figure(BYTES_PER_SERVICE)),
                Units.number(all / (1 << 20)),
                Units.ratio(row.figure(Row.RATIO_TO_FLOOR)),
                Units.ratio(row.figure(Row.RATIO_TO_OURS)));
    }
}
