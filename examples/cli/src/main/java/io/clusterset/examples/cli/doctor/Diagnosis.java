package io.clusterset.examples.cli.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All findings, in the order of things: surroundings, nameservers, zones, place and time, the name. Immutable. */
public final class Diagnosis {

    private final List<Finding> findings;

    private Diagnosis(List<Finding> findings) {
        this.findings = List.copyOf(findings);
    }

    /** Judges; asks nobody. */
    static Diagnosis of(Observations seen) {
        Stream<Function<Observations, List<Finding>>> checks = Stream.of(
                SurroundingsChecks::of,
                ServerChecks::of,
                ZoneChecks::of,
                CacheChecks::of,
                PlaceChecks::of,
                NameChecks::of);
        return new Diagnosis(checks.flatMap(check -> check.apply(seen).stream()).toList());
    }

    List<Finding> findings() {
        return findings;
    }

    /** How many problems there are. */
    public int problems() {
        return (int) count(Severity.PROBLEM);
    }

    private long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** For a person: lines of at most 80 columns, the last one sums up. */
    List<String> lines() {
        return lines(UnaryOperator.identity());
    }

    /** As {@link #lines()}, with something done to the word for each severity that leaves its width as it is. */
    public List<String> lines(UnaryOperator<String> paint) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            String word = finding.severity().word();
            List<String> page = new ArrayList<>(Page.lines(finding));
            page.set(0, paint.apply(word) + page.get(0).substring(word.length()));
            lines.addAll(page);
        }
        lines.add("");
        lines.add(sum());
        return lines;
    }

    private String sum() {
        int problems = problems();
        return (problems == 0 ? "No problem" : problems == 1 ? "1 problem" : problems + " problems") + " ("
                + count(Severity.OK) + " ok, " + count(Severity.NOTE) + " to note, " + count(Severity.SKIPPED)
                + " skipped)";
    }

    /** For a program. */
    public Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("findings", findings.stream().map(Diagnosis::document).toList());
        document.put("problems", problems());
        return document;
    }

    private static Map<String, Object> document(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("check", finding.check());
        fields.put("severity", finding.severity().word());
        fields.put("seen", finding.seen());
        put(fields, "means", finding.means());
        put(fields, "mend", finding.mend());
        return fields;
    }

    /** What there is nothing to say of is null: a field is never left out. */
    @SuppressWarnings("NullAway") // values may be null: that is how JSON says so
    private static void put(Map<String, Object> fields, String name, String text) {
        @Nullable Object value = text.isEmpty() ? null : text;
        fields.put(name, value);
    }
}
