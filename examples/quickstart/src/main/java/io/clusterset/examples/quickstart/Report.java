package io.clusterset.examples.quickstart;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result in numbers, with the fields of {@code discovery call}, and whether it is as it should be.
 *
 * @param calls how each call went
 * @param switches when another tier had most load
 */
record Report(List<CallLog.Entry> calls, List<History.Switch> switches) {

    private static final List<String> AS_IT_SHOULD_BE = List.of("local -> clusterset", "clusterset -> local");

    Report {
        calls = List.copyOf(calls);
        switches = List.copyOf(switches);
    }

    long failures() {
        return calls.stream().filter(CallLog.Entry::failed).count();
    }

    long attempts() {
        return calls.stream().mapToLong(CallLog.Entry::attempts).sum();
    }

    long servedBy(String tier) {
        return calls.stream().filter(call -> call.tier().equals(tier)).count();
    }

    /** The time from due to ended in milliseconds that this percentage of calls did not exceed. */
    double latency(double percent) {
        return CallLog.percentile(calls, percent);
    }

    /** What is not as it should be, one sentence each; empty if no call failed and traffic went away and came back. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (failures() > 0) {
            String first = calls.stream()
                    .filter(CallLog.Entry::failed)
                    .map(CallLog.Entry::failure)
                    .findFirst()
                    .orElse("");
            missing.add(failures() + " of " + calls.size() + " calls failed (expected: none); the first: " + first);
        }
        List<String> seen = switches.stream()
                .map(change -> change.from() + " -> " + change.to())
                .toList();
        if (!seen.equals(AS_IT_SHOULD_BE)) {
            missing.add("switches: " + (seen.isEmpty() ? "none" : String.join(", ", seen)) + " (expected: "
                    + String.join(", ", AS_IT_SHOULD_BE) + ")");
        }
        for (String tier : List.of("local", "clusterset")) {
            if (servedBy(tier) == 0) {
                missing.add("no call was served by " + tier);
            }
        }
        return missing;
    }

    /** One JSON document. */
    String json() {
        Map<String, Object> latency = new LinkedHashMap<>();
        latency.put("p50", rounded(latency(50)));
        latency.put("p99", rounded(latency(99)));
        latency.put("max", rounded(latency(100)));
        Map<String, Object> tiers = new LinkedHashMap<>();
        tiers.put("local", servedBy("local"));
        tiers.put("clusterset", servedBy("clusterset"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("calls", calls.size());
        document.put("failures", failures());
        document.put("attempts", attempts());
        document.put("tiers", tiers);
        document.put("latencyMillis", latency);
        document.put("switches", switches.stream().map(Report::json).toList());
        try {
            return JSON.std.asString(document);
        } catch (IOException neverOfMaps) {
            throw new UncheckedIOException(neverOfMaps);
        }
    }

    private static Map<String, Object> json(History.Switch change) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("atMillis", Math.round(Stopwatch.millis(change.at())));
        fields.put("from", change.from());
        fields.put("to", change.to());
        return fields;
    }

    private static double rounded(double millis) {
        return Math.round(millis * 100) / 100.0;
    }
}
