package io.clusterset.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a suite came to, for people and for programs. */
record Report(Suite suite, Map<String, Figures> figures) {

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%nJDK %s, cores used: %d, load of the machine: %.1f%n%n%-42s %10s %10s %10s %8s  %s%n",
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors(),
                load(),
                "measure",
                "median",
                "min",
                "CPU",
                "B/op",
                "ratio of CPU"));
        for (Measure measure : suite.measures()) {
            Figures mine = of(measure.name());
            String ratio = measure.reference()
                    .map(other -> String.format(
                            Locale.ROOT, "%.2f x %s", mine.cpu() / of(other).cpu(), other))
                    .orElse("");
            text.append(String.format(
                            Locale.ROOT,
                            "%-42s %10s %10s %10s %8.0f  %s",
                            measure.name(),
                            time(mine.median()),
                            time(mine.min()),
                            time(mine.cpu()),
                            mine.bytes(),
                            ratio)
                    .stripTrailing());
            text.append(String.format("%n"));
        }
        text.append(String.format("%n%-50s %8s %8s %8s%n", "goal, judged by CPU", "at most", "CPU", "median"));
        for (Goal goal : suite.goals()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-50s %8.2f %8.2f %8.2f  %s%n",
                    goal.words(),
                    goal.most(),
                    goal.cpu().applyAsDouble(figures),
                    goal.median().applyAsDouble(figures),
                    goal.met(figures) ? "ok" : "MISSED"));
        }
        return text.toString();
    }

    String json() throws IOException {
        List<Map<String, Object>> measures = new ArrayList<>();
        for (Measure measure : suite.measures()) {
            Figures mine = of(measure.name());
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("measure", measure.name());
            row.put("medianNanos", mine.median());
            row.put("minNanos", mine.min());
            row.put("cpuNanos", mine.cpu());
            row.put("bytes", mine.bytes());
            measures.add(row);
        }
        List<Map<String, Object>> goals = new ArrayList<>();
        for (Goal goal : suite.goals()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("goal", goal.words());
            row.put("atMost", goal.most());
            row.put("byCpu", goal.cpu().applyAsDouble(figures));
            row.put("byMedian", goal.median().applyAsDouble(figures));
            row.put("met", goal.met(figures));
            goals.add(row);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("suite", suite.name());
        document.put("java", Runtime.version().toString());
        document.put("cores", Runtime.getRuntime().availableProcessors());
        document.put("load", load());
        document.put("measures", measures);
        document.put("goals", goals);
        return JSON.std.asString(document);
    }

    private Figures of(String measure) {
        Figures mine = figures.get(measure);
        if (mine == null) {
            throw new IllegalStateException(measure + ": not measured");
        }
        return mine;
    }

    /** Tasks that ran or wanted to in the last minute: with more than one beside ours, only the CPU column means much. */
    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static String time(double nanos) {
        return nanos < 10_000
                ? String.format(Locale.ROOT, "%.1f ns", nanos)
                : String.format(Locale.ROOT, "%.1f us", nanos / 1_000);
    }
}
