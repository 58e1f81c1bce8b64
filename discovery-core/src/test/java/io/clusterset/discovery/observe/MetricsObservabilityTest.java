package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboard and the alert rules ask for nothing that is not there. That they are valid rules, promtool says in CI. */
final class MetricsObservabilityTest {

    private static final Path FOLDER = Path.of("../docs/observability");

    /** Given by Prometheus to whatever it scrapes. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");

    private static final Pattern RULE =
            Pattern.compile("- alert: (\\w+)\\n +expr: (.*?)\\n +for: (\\w+)\\n(.*?)(?=\\n +- |\\z)", Pattern.DOTALL);

    private final MetricsScrape scrape = MetricsScrape.of(MetricsFigures.everything());

    @Test
    void theDashboardAsksForWhatIsThere() throws IOException {
        List<String> queries = new ArrayList<>();
        collect(dashboard(), "expr", queries);
        assertThat(queries).hasSizeGreaterThan(25);

        queries.forEach(this::asksForWhatIsThere);
    }

    @Test
    void theDashboardsVariablesAreThere() throws IOException {
        List<String> queries = new ArrayList<>();
        collect(dashboard(), "definition", queries);

        assertThat(queries).hasSize(3).allSatisfy(query -> {
            Matcher values = Pattern.compile("label_values\\((.*), (\\w+)\\)").matcher(query);
            assertThat(values.matches()).isTrue();
            asksForWhatIsThere(values.group(1));
            if (!OF_THE_SCRAPE.contains(values.group(2))) {
                assertThat(scrape.values(values.group(2))).isNotEmpty();
            }
        });
    }

    @Test
    void theDashboardCanBeImported() throws IOException {
        Map<String, Object> dashboard = dashboard();
        List<String> sources = new ArrayList<>();
        collect(dashboard, "uid", sources);

        assertThat(dashboard).containsKeys("__inputs", "templating", "panels", "title", "schemaVersion");
        assertThat(dashboard.get("__inputs")).asString().contains("name=DS_PROMETHEUS", "pluginId=prometheus");
        assertThat(sources).contains("${DS_PROMETHEUS}").containsOnly("${DS_PROMETHEUS}", "clusterset-discovery");
    }

    @Test
    void everyMetricIsOnTheDashboard() throws IOException {
        List<String> queries = new ArrayList<>();
        collect(dashboard(), "expr", queries);
        String all = String.join("\n", queries);

        assertThat(scrape.samples().keySet())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(all).contains(name));
    }

    @Test
    void theAlertsAskForWhatIsThere() throws IOException {
        List<MatchResult> rules = rules();
        assertThat(rules).hasSizeGreaterThan(12);

        rules.forEach(rule -> asksForWhatIsThere(expression(rule)));
    }

    @Test
    void eachAlertSaysWhatToDoAndIsTried() throws IOException {
        String tests = Files.readString(FOLDER.resolve("alerts-test.yml"));

        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.group(4))
                    .containsPattern("severity: (info|warning|critical)\n")
                    .contains("summary: ")
                    .containsPattern("`discovery (explain|resolve|watch) ");
            assertThat(tests).contains("alertname=\"" + rule.group(1) + "\"");
        });
        assertThat(rules())
                .hasSize(Files.readString(FOLDER.resolve("alerts.yml")).split("- alert: ", -1).length - 1);
    }

    /** A label that is aggregated away is empty in the text. */
    @Test
    void eachAlertNamesLabelsThatItHas() throws IOException {
        assertThat(rules()).allSatisfy(rule -> {
            Set<String> groupedBy = new MetricsQueries(expression(rule)).groupedBy;
            Matcher named = Pattern.compile("\\$labels\\.(\\w+)").matcher(rule.group(4));
            while (named.find()) {
                assertThat(groupedBy).contains(named.group(1));
            }
        });
    }

    @Test
    void aMetricOrALabelOrAValueThatIsNotThereIsFound() {
        assertThat(missing("sum by (name) (rate(discovery_picks_total{tier=\"local\"}[5m])) > 0"))
                .isEmpty();
        assertThat(missing("sum(rate(discovery_pics_total[5m]))")).hasSize(1);
        assertThat(missing("discovery_picks_total{outcome=\"found\"}")).hasSize(1);
        assertThat(missing("discovery_attempts_total{outcome=~\"failed-hard|failed\"}"))
                .hasSize(1);
        assertThat(missing("sum by (endpoint) (discovery_load)")).hasSize(1);
        assertThat(missing("discovery_load / on (job, host) discovery_panic")).hasSize(1);
    }

    private void asksForWhatIsThere(String query) {
        assertThat(missing(query)).describedAs(query).isEmpty();
    }

    private List<String> missing(String query) {
        MetricsQueries named = new MetricsQueries(query);
        List<String> missing = new ArrayList<>();
        assertThat(named.metrics).describedAs(query).isNotEmpty();
        named.metrics.forEach((metric, labels) -> {
            if (!scrape.samples().containsKey(metric)) {
                missing.add(metric);
            }
            labels.forEach((label, values) -> missing(metric, label, values).forEach(missing::add));
        });
        named.groupedBy.stream()
                .filter(label ->
                        !OF_THE_SCRAPE.contains(label) && scrape.values(label).isEmpty())
                .forEach(missing::add);
        return missing;
    }

    private Stream<String> missing(String metric, String label, Set<String> values) {
        if (OF_THE_SCRAPE.contains(label)) {
            return Stream.of();
        }
        Set<String> there = scrape.samples().getOrDefault(metric, Map.of()).getOrDefault(label, Set.of());
        return there.isEmpty()
                ? Stream.of(metric + "{" + label + "}")
                : values.stream().filter(value -> !there.contains(value)).map(value -> metric + " " + label + value);
    }

    private static List<MatchResult> rules() throws IOException {
        return RULE.matcher(Files.readString(FOLDER.resolve("alerts.yml")))
                .results()
                .toList();
    }

    private static String expression(MatchResult rule) {
        return rule.group(2).replaceFirst("^>-\\n", "");
    }

    private static Map<String, Object> dashboard() throws IOException {
        return JSON.std.mapFrom(Files.readString(FOLDER.resolve("grafana-dashboard.json")));
    }

    /** All texts of this key, wherever it is. */
    private static void collect(Object json, String key, List<String> found) {
        if (json instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (key.equals(name) && value instanceof String text) {
                    found.add(text);
                } else {
                    collect(value, key, found);
                }
            });
        } else if (json instanceof List<?> list) {
            list.forEach(one -> collect(one, key, found));
        }
    }
}
