package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says of the report, by eye and for who can't see the chart, is what the report says. */
class FrontPageTest {

    private static final Path README = Path.of("../README.md");
    private static final Path REPORT = Path.of("../docs/reports/failover.md");
    private static final Pattern CHART =
            Pattern.compile("!\\[calls answered: ([^]]+)]\\(docs/reports/failover/([a-z-]+)[.]svg\\)");

    @Test
    void itCountsTheScenarios() throws IOException {
        assertThat(Files.readString(README))
                .contains("[" + Scenarios.all().size() + " such outages](docs/reports/failover.md)");
    }

    @Test
    void itsChartIsToldInTheReportsFigures() throws IOException {
        MatchResult chart =
                CHART.matcher(Files.readString(README)).results().findFirst().orElseThrow();
        Map<String, Long> told = new HashMap<>();
        for (String part : chart.group(1).split(", ")) {
            String[] words = part.replace(" %", "").split(" (?=[0-9]+$)");
            for (String who : words[0].split(" and ")) {
                told.put(who.equals("plain DNS") ? "plain DNS order" : who, Long.valueOf(words[1]));
            }
        }
        assertThat(told).isEqualTo(reported(chart.group(2)));
    }

    /** The share of calls that each policy answers, in whole percents. */
    private static Map<String, Long> reported(String scenario) throws IOException {
        List<String> lines = Files.readAllLines(REPORT);
        List<String> policies = row(lines, "| scenario | ours |");
        List<String> figures = row(lines, "| [" + scenario + "](");
        Map<String, Long> reported = new HashMap<>();
        for (int i = 1; i < policies.size(); i++) {
            reported.put(
                    policies.get(i),
                    Math.round(Double.parseDouble(figures.get(i).replaceAll("[ *%]", ""))));
        }
        return reported;
    }

    private static List<String> row(List<String> lines, String begins) {
        String line =
                lines.stream().filter(one -> one.startsWith(begins)).findFirst().orElseThrow();
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1).split("[|]")) {
            cells.add(cell.strip());
        }
        return cells;
    }
}
