package io.clusterset.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.clusterset.benchmarks.failover.Client;
import io.clusterset.benchmarks.failover.Fault;
import io.clusterset.benchmarks.failover.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailoverSuiteTest {

    private static final Map<String, Object> RUN = Map.of(
            "date", "2026-11-22T00:00:00Z",
            "command", "benchmarks/run failover",
            "effort", "watched for 30 s",
            "jdk", "OpenJDK 64-Bit Server VM 17.0.15+6",
            "system", "Linux 6.18",
            "processor", "A processor that has a long name, and then some",
            "cores", 2,
            "load", 0.5);

    private static final List<Row> ROWS = List.of(
            row(Client.Kind.OURS, Fault.REFUSED, "6000 0 0 false 900000 4000000 5000000"),
            row(Client.Kind.OURS, Fault.BLACK_HOLE, "6000 205 1020000000 false 900000 4000000 1000000"),
            row(
                    Client.Kind.ARMERIA,
                    Fault.BLACK_HOLE,
                    "6000 1000 5000000000 false 1000000 3000000 3000000",
                    "6000 1200 6000000000 false 1100000 3100000 3000000",
                    "6000 850 4250000000 false 1200000 3200000 3000000"),
            row(Client.Kind.JDK, Fault.BLACK_HOLE, "6000 6000 29995000000 true - - 2000000"));

    private static Row row(Client.Kind kind, Fault fault, String... outcomes) {
        return FailoverSuite.row(
                kind, fault, List.of(outcomes).stream().map(Outcome::parse).toList(), RUN);
    }

    private final FailoverSuite suite = new FailoverSuite();

    @Test
    void aLineForEachClientAndFault() {
        assertThat(suite.tables(ROWS).get(0).markdown()).isEqualTo("""
                        | fault: client                                            | calls |                bad | s until good | p50 after | p99 after | p99 before |
                        |----------------------------------------------------------|------:|-------------------:|-------------:|----------:|----------:|-----------:|
                        | refused: ours, Call.idempotent() over OkHttp             | 6,000 |                  0 |            0 |       0.9 |       4.0 |        5.0 |
                        | black hole: ours, Call.idempotent() over OkHttp          | 6,000 |                205 |         1.02 |       0.9 |       4.0 |        1.0 |
                        | black hole: Armeria, healthChecked(local).orElse(remote) | 6,000 | 1,000 (850..1,200) |  5 (4.25..6) |       1.1 |       3.1 |        3.0 |
                        | black hole: JDK HttpClient, a name with two addresses    | 6,000 |              6,000 |        never |         - |         - |        2.0 |
                        """);
    }

    @Test
    void thePartSaysWhenAndWhereAndHoldsGoalsAgainstIt() {
        String part = suite.text(ROWS);
        assertThat(part)
                .startsWith(
                        "\n2026-11-22T00:00:00Z, `benchmarks/run failover` (watched for 30 s), on OpenJDK 64-Bit Server VM")
                .contains(", load 0.5 before.\n\n200 calls a second")
                .contains("\n| fault: client ", "\nWhat to read from it:\n")
                .endsWith("\n");
        assertThat(part.lines().filter(line -> line.contains("Call.idempotent() over OkHttp: ")))
                .extracting(line -> line.replaceAll(" +", " "))
                .containsExactly(
                        "| ours, Call.idempotent() over OkHttp: refused, bad calls | 2 | 0 | met |",
                        "| ours, Call.idempotent() over OkHttp: refused, s until good | 0.10 | 0 | met |",
                        "| ours, Call.idempotent() over OkHttp: black hole, s until good | 3 | 1.02 | met |",
                        "| ours, Call.idempotent() over OkHttp: black hole, s / Armeria's | 0.50 | 0.20 | met |",
                        "| ours, Call.idempotent() over OkHttp: black hole, bad calls / Armeria's | 0.50 | 0.21 | met |",
                        "| ours, Call.idempotent() over OkHttp: black hole, p99 after / before | 2 | 4 | MISSED |");
        assertThat(part.lines()).allMatch(line -> line.length() <= 150);
        assertThat(part.lines()).noneMatch(line -> line.startsWith("<!--"));
    }

    @Test
    void onlyThePartBetweenTheMarksIsWritten(@TempDir Path folder) throws IOException {
        assertThatIOException().isThrownBy(() -> suite.into(folder)).withMessageContaining("failover.md: no such file");
        assertThat(folder).isEmptyDirectory();

        Path page = folder.resolve("failover.md");
        String above = "# Simulated\n<!-- measured: written by benchmarks/run failover -->\n";
        String below = "<!-- /measured -->\n\n## More\n";
        Files.writeString(page, above + "old\n" + below);
        String said = suite.into(folder).of(ROWS);
        assertThat(Files.readString(page)).isEqualTo(above + said + below);
        assertThat(folder).isDirectoryNotContaining("glob:**/performance.*");
    }
}
