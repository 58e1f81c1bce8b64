package io.clusterset.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The report: {@code performance.json} for programs, a list of rows, and {@code performance.md} for people, made of these
 * rows alone. A suite that is run again replaces its rows and no others.
 */
final class Report {

    private static final JSON JSON_WITH_NULLS = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private final Path folder;
    private final List<Row> rows;

    private Report(Path folder, List<Row> rows) {
        this.folder = folder;
        this.rows = rows;
    }

    /** The report in this folder, empty if there is none yet. */
    static Report in(Path folder) throws IOException {
        Path json = folder.resolve("performance.json");
        if (!Files.exists(json)) {
            return new Report(folder, List.of());
        }
        List<Row> rows = new ArrayList<>();
        for (Object row : JSON.std.listFrom(json.toFile())) {
            rows.add(Row.of(row));
        }
        return new Report(folder, rows);
    }

    /** The same with other rows of one suite. */
    Report with(Suite measured, List<Row> fresh) {
        List<Row> all = new ArrayList<>();
        for (Suite suite : Suites.REPORTED) {
            all.addAll(suite.name().equals(measured.name()) ? fresh : of(suite));
        }
        return new Report(folder, all);
    }

    private List<Row> of(Suite suite) {
        return rows.stream().filter(row -> row.suite().equals(suite.name())).toList();
    }

    void write() throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.add(JSON_WITH_NULLS.asString(row.json()));
        }
        Files.writeString(folder.resolve("performance.json"), "[\n" + String.join(",\n", lines) + "\n]\n");
        String parts = Suites.REPORTED.stream()
                .filter(suite -> !of(suite).isEmpty())
                .map(suite -> "\n" + part(suite))
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("performance.md"), about("performance") + parts);
    }

    /** A suite's part of the report. */
    String part(Suite suite) {
        List<Row> mine = of(suite);
        return "## " + suite.name() + "\n\n" + body(suite, mine, Integer.MAX_VALUE);
    }

    /** What is said of these rows; their origin in lines of no more than so many characters. */
    static String body(Suite suite, List<Row> rows, int width) {
        StringBuilder text =
                new StringBuilder(Units.lines(Machine.words(rows.get(0).run()), width));
        text.append("\n\n").append(about(suite.name()));
        suite.tables(rows).forEach(table -> text.append('\n').append(table.markdown()));
        text.append('\n').append(goals(suite, rows).markdown());
        return text.toString();
    }

    /** Judged by processor time, which repeats best on a shared machine, where it was measured. */
    private static Table goals(Suite suite, List<Row> rows) {
        boolean timed = rows.stream().anyMatch(row -> row.figure(Row.CPU_NANOS).isPresent());
        List<List<String>> lines = new ArrayList<>();
        for (Goal goal : suite.goals()) {
            OptionalDouble judged = goal.value().of(rows, Row.CPU_NANOS);
            List<String> line = new ArrayList<>(List.of(goal.words(), Units.number(goal.most()), Units.ratio(judged)));
            if (timed) {
                line.add(Units.ratio(goal.value().of(rows, Row.NANOS)));
            }
            line.add(judged.isEmpty() ? "not measured" : judged.getAsDouble() <= goal.most() ? "met" : "MISSED");
            lines.add(line);
        }
        List<String> head = timed
                ? List.of("goal, judged by CPU", "at most", "CPU", "median", "")
                : List.of("goal", "at most", "measured", "");
        return new Table("", head, lines);
    }

    /** The text about something. */
    static String about(String what) {
        try (InputStream text = Report.class.getResourceAsStream("/about/" + what + ".md")) {
            if (text == null) {
                throw new IllegalStateException("no text about " + what);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
