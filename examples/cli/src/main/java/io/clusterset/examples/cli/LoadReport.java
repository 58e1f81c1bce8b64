package io.clusterset.examples.cli;

import io.clusterset.discovery.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of a run of calls, for a program and for a person.
 *
 * @param service who was called
 * @param tally how the calls ended
 * @param attempts how many requests they took
 * @param switches how traffic moved meanwhile
 * @param start when the first call started, by {@link System#nanoTime()}
 * @param took how long the run took
 */
record LoadReport(
        Service service, Tally tally, long attempts, List<SwitchLog.Switch> switches, long start, Duration took) {

    private static final int LABEL = 12;

    /** What went wrong; empty if nothing did. */
    Optional<String> error() {
        if (tally.failures() == 0) {
            return Optional.empty();
        }
        String reasons = tally.errors().entrySet().stream()
                .map(entry -> entry.getValue() + " x " + entry.getKey())
                .collect(Collectors.joining("; "));
        return Optional.of(
                service + ": " + tally.failures() + " of " + tally.calls() + " calls failed (" + reasons + ")");
    }

    /** As JSON. */
    Map<String, Object> document() {
        Map<String, Object> latencies = new LinkedHashMap<>();
        latencies.put("p50", Figures.millis(tally.quantile(0.5)));
        latencies.put("p99", Figures.millis(tally.quantile(0.99)));
        latencies.put("max", Figures.millis(tally.quantile(1)));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("calls", tally.calls());
        document.put("failures", tally.failures());
        document.put("attempts", attempts);
        document.put("tiers", tally.tiers());
        document.put("latencyMillis", latencies);
        document.put("switches", switches.stream().map(this::document).toList());
        error().ifPresent(error -> {
            document.put("errors", tally.errors());
            document.put("error", error);
        });
        return document;
    }

    /** As text. */
    List<String> text() {
        List<String> lines = new ArrayList<>(Table.wrap("", service + ": " + summary()));
        lines.addAll(details());
        return lines;
    }

    /** The whole in a line. */
    String summary() {
        return tally.calls() + " calls, " + tally.failures() + " failed, " + attempts + " attempts, in "
                + Figures.time(took);
    }

    /** Who served them, how fast, how traffic moved and why calls failed. */
    List<String> details() {
        List<String> lines = new ArrayList<>();
        String tiers = tally.tiers().entrySet().stream()
                .map(tier -> tier.getKey() + " " + tier.getValue())
                .collect(Collectors.joining(", "));
        lines.addAll(labelled("served by", tiers));
        lines.addAll(labelled("latency", tally.latencies()));
        String label = "switches";
        for (SwitchLog.Switch change : switches) {
            lines.addAll(labelled(
                    label,
                    "at " + Figures.time(Duration.ofNanos(change.at() - start)) + ": " + change.from() + " -> "
                            + change.to()));
            label = "";
        }
        label = "failures";
        for (Map.Entry<String, Long> error : tally.errors().entrySet()) {
            lines.addAll(labelled(label, error.getValue() + " x " + error.getKey()));
            label = "";
        }
        return lines;
    }

    private Map<String, Object> document(SwitchLog.Switch change) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("atMillis", Duration.ofNanos(change.at() - start).toMillis());
        fields.put("from", change.from());
        fields.put("to", change.to());
        return fields;
    }

    /** A line or some, with a label in front. */
    static List<String> labelled(String label, String text) {
        return Table.wrap("  " + label + " ".repeat(LABEL - label.length()), text);
    }
}
