package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.TierLoad;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a drill, for a program and for a person.
 *
 * @param service whose calls
 * @param plan what was to be done
 * @param phases before, during and after
 * @param suspended whether the library would not do it, at any time of it
 * @param outage whether there was nobody to call, at any time of it
 */
record DrillReport(String service, Rehearsal.Plan plan, List<Phase> phases, boolean suspended, boolean outage) {

    private static final String WHERE = "this process only";

    /**
     * How it was for a while.
     *
     * @param name {@code before}, {@code during} or {@code after}
     * @param loads all tiers, in order
     * @param next what was to happen, in words, when it began
     * @param calls the calls that were made, if any were
     */
    record Phase(String name, List<TierLoad> loads, List<String> next, Optional<LoadReport> calls) {

        private Map<String, Object> document() {
            Map<String, Object> load = new LinkedHashMap<>();
            Map<String, Object> reasons = new LinkedHashMap<>();
            loads.forEach(tier -> {
                load.put(tier.tier(), tier.percent());
                reasons.put(tier.tier(), tier.reason());
            });
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("load", load);
            document.put("reasons", reasons);
            document.put("next", next);
            calls.ifPresent(report -> document.put("calls", report.document()));
            return document;
        }
    }

    /** Why it did not go well; empty if it did. */
    Optional<String> error() {
        String drill = service + ": drill of " + plan.tier() + ": ";
        if (suspended) {
            String why = phases.stream()
                    .flatMap(phase -> phase.loads().stream())
                    .filter(load ->
                            load.tier().equals(plan.tier()) && load.reason().contains("suspended"))
                    .map(load -> load.reason().replaceFirst(".*suspended: ", ""))
                    .findFirst()
                    .orElse("for a while");
            return Optional.of(drill + "suspended (" + why + ")");
        }
        return outage
                ? Optional.of(drill + "there was no endpoint to call")
                : phases.stream()
                        .flatMap(phase -> phase.calls().stream())
                        .flatMap(report -> report.error().stream())
                        .findFirst();
    }

    /** What is said before it begins. */
    static List<String> head(String service, Rehearsal.Plan plan) {
        return Table.wrap(
                "",
                service + ": drill of " + plan.tier() + " at " + plan.percent() + " % for " + Figures.time(plan.time())
                        + ", in " + WHERE);
    }

    /** How a phase begins. */
    static List<String> load(String name, Decision decision) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(name);
        String label = "load";
        for (Decision.Tier tier : decision.tiers()) {
            TierLoad load = tier.load();
            lines.addAll(LoadReport.labelled(label, load.tier() + " " + load.percent() + " %: " + load.reason()));
            label = "";
        }
        label = "next";
        for (String what : decision.next()) {
            lines.addAll(LoadReport.labelled(label, what));
            label = "";
        }
        return lines;
    }

    /** That a phase has no calls, since the drill is suspended. */
    static List<String> noCalls() {
        return LoadReport.labelled("calls", "no further ones are made: there is no drill to rehearse");
    }

    /** What came of the calls of a phase. */
    static List<String> calls(LoadReport report) {
        List<String> lines = new ArrayList<>(LoadReport.labelled("calls", report.summary()));
        lines.addAll(report.details());
        return lines;
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("service", service);
        document.put("tier", plan.tier());
        document.put("percent", plan.percent());
        document.put("seconds", plan.time().toMillis() / 1e3);
        document.put("where", WHERE);
        document.put("suspended", suspended);
        phases.forEach(phase -> document.put(phase.name(), phase.document()));
        error().ifPresent(why -> document.put("error", why));
        return document;
    }
}
