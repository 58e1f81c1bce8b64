package io.clusterset.discovery.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** {@code docs/reports/failover.md} and its charts, but for the part between the two marks, which was measured. */
final class Report {

    static final String FILE = "failover.md";
    static final String CHARTS = "failover/";
    static final String MEASURED = "<!-- measured: written by benchmarks/run failover -->";
    static final String MEASURED_END = "<!-- /measured -->";

    private static final double WAVE = 25; // percent
    private static final double SAME = 0.000_05; // half of the last digit shown

    private final Map<Scenario, List<Seen>> all;

    /** Of all policies in each scenario, ours first. */
    Report(Map<Scenario, List<Seen>> all) {
        this.all = new LinkedHashMap<>(all);
    }

    /** All files by their path. */
    Map<String, String> files(String measured) {
        Map<String, String> files = new TreeMap<>();
        files.put(FILE, text(measured));
        all.forEach((scenario, seen) -> files.put(CHARTS + scenario.name() + ".svg", Chart.of(scenario, seen)));
        return files;
    }

    static String percent(double share) {
        double percent = 100 * share;
        return share < 1 && percent > 99.995
                ? "99.99 %" // never rounded to all
                : String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f %%" : "%.2f %%", percent);
    }

    private String text(String measured) {
        StringBuilder text = new StringBuilder(32_768);
        text.append("""
                # Failover, simulated and measured

                What becomes of calls when clusters fail: by this library, and by models of its peers, in virtual time with the same
                pods, the same faults and the same calls. `discovery-core/simulate` writes this page and its charts;
                `.ci/run simulator` runs it again and fails if a byte differs, so that a change of policy shows here, as a diff of outages.
                `discovery-core/simulate --all` adds a hundred virtual days in which anything may happen, holds the library against its laws after
                every event of all of them, and tells how long it took.
                How the models were made, and what they leave out, stands in
                [`simulator/peers`](../../discovery-core/src/test/java/io/clusterset/discovery/simulator/peers); real processes stand [below](#real-processes).

                A call is a GET that must be answered within 2 s. Ours runs with all its real stages and no setting touched, but for its zone
                in zone-evacuated and `max-load` in next-is-small-guarded. Doubts about a peer were decided in its favour: retries that are
                usual are on, priorities that it could have are set.

                """);
        overview(text);
        notBest(text);
        text.append("\n## Real processes\n\n")
                .append(MEASURED)
                .append('\n')
                .append(measured)
                .append(MEASURED_END)
                .append('\n');
        text.append("""

                ## Scenario by scenario

                *wasted*: attempts without a good answer, of 100 calls; connects that a peer races or keeps open are none. *leave*: seconds from
                the first call that failed to the last one before the mend. *return*: seconds from the last mend of home's pods until home has
                95 % of its calls for good; nothing if nothing is mended. *flips*: how often the cluster with most attempts became
                another. *away*: the other cluster's share of good answers, and what it sent (10 KiB an answer). *peak*: attempts at the other
                cluster in its fullest second, of what it can serve; *refused*: those it had no room for. *steepest*: percent of all calls that came
                home more than a second before, in the steepest second after the mend. *slowest*: all but one good call of a thousand took
                at most so long.
                """);
        all.forEach((scenario, seen) -> section(text, scenario, seen));
        return text.toString();
    }

    private void overview(StringBuilder text) {
        List<Seen> columns = all.values().iterator().next();
        text.append("## Calls answered\n\n| scenario |");
        columns.forEach(seen -> text.append(' ').append(seen.policy).append(" |"));
        text.append("\n|---|").append("--:|".repeat(columns.size())).append('\n');
        all.forEach((scenario, row) -> {
            double best = row.stream().mapToDouble(Seen::success).max().orElse(0);
            text.append("| [")
                    .append(scenario.name())
                    .append("](#")
                    .append(scenario.name())
                    .append(") |");
            row.forEach(seen -> {
                String mark = best - seen.success() < SAME ? "**" : "";
                text.append(' ')
                        .append(mark)
                        .append(percent(seen.success()))
                        .append(mark)
                        .append(" |");
            });
            text.append('\n');
        });
    }

    private void notBest(StringBuilder text) {
        text.append("\n### Where ours answers fewer calls than another\n\n");
        text.append(list(
                (ours, theirs) -> theirs.success() - ours.success() >= SAME,
                (ours, theirs) -> String.format(
                        Locale.ROOT,
                        "%s %,d of %,d calls more",
                        theirs.policy,
                        ours.failed - theirs.failed,
                        theirs.calls),
                Reasons::notBest));
        text.append("\n### Where the other cluster refuses more attempts of ours than of another\n\n");
        text.append(list(
                (ours, theirs) -> ours.overloaded() > theirs.overloaded(),
                (ours, theirs) -> String.format(Locale.ROOT, "%s %,d", theirs.policy, theirs.overloaded()),
                Reasons::fuller));
        text.append("\n### Where more than a quarter of our calls come home within a second\n\n");
        text.append(list(
                (ours, theirs) -> theirs == ours && ours.scenario.isMended() && ours.steepest() > WAVE,
                (ours, theirs) -> String.format(Locale.ROOT, "%.0f %%", ours.steepest()),
                Reasons::wave));
    }

    /** A line for each scenario in which ours is behind, with whom, and why. */
    private String list(
            BiPredicate<Seen, Seen> behind, BiFunction<Seen, Seen, String> words, UnaryOperator<String> reason) {
        StringBuilder lines = new StringBuilder();
        all.forEach((scenario, row) -> {
            Seen ours = row.get(0);
            String whom = row.stream()
                    .filter(theirs -> behind.test(ours, theirs))
                    .map(theirs -> words.apply(ours, theirs))
                    .collect(Collectors.joining(", "));
            if (!whom.isEmpty()) {
                lines.append("- ")
                        .append(scenario.name())
                        .append(" (")
                        .append(whom)
                        .append("). ")
                        .append(reason.apply(scenario.name()))
                        .append('\n');
            }
        });
        return lines.length() == 0 ? "Nowhere.\n" : lines.toString();
    }

    private static void section(StringBuilder text, Scenario scenario, List<Seen> all) {
        text.append("\n### ")
                .append(scenario.name())
                .append("\n\n")
                .append(scenario.shows())
                .append("\n\n");
        text.append("![")
                .append(scenario.name())
                .append("](")
                .append(CHARTS)
                .append(scenario.name())
                .append(".svg)\n\n");
        text.append(
                "| | answered | failed | wasted | leave | return | flips | away | sent | peak | refused | steepest | slowest |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Seen seen : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %,d | %.1f | %s | %s | %d | %.1f %% | %.0f MiB | %s | %,d | %s | %,d ms |%n",
                    seen.policy,
                    percent(seen.success()),
                    seen.failed,
                    seen.wasted(),
                    scenario.mended() > scenario.broken() ? seconds(seen.toLeave()) : "",
                    scenario.isMended() ? seconds(seen.toReturn()) : "",
                    seen.flips(),
                    seen.awayShare(),
                    seen.megabytes(),
                    seen.peakAway() == 0 ? "" : String.format(Locale.ROOT, "%.0f %%", seen.peakAway()),
                    seen.overloaded(),
                    scenario.isMended() ? String.format(Locale.ROOT, "%.0f %%", seen.steepest()) : "",
                    seen.series.slowest()));
        }
        text.append("\n<details><summary>script</summary>\n\n```\n")
                .append(scenario.text())
                .append("```\n\n</details>\n");
    }

    private static String seconds(int seconds) {
        return seconds < 0 ? "never" : seconds + " s";
    }
}
