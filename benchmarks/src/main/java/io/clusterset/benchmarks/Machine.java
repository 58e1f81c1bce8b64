package io.clusterset.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * When and where a suite was run.
 *
 * @param command what was typed
 * @param effort how much was measured, in words
 */
record Machine(String command, String effort) {

    Machine effort(String words) {
        return new Machine(command, words);
    }

    /** As each row carries it. */
    Map<String, Object> now() {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        run.put("command", command);
        run.put("effort", effort);
        run.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        run.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        run.put("processor", processor());
        run.put("cores", Runtime.getRuntime().availableProcessors());
        // tasks that ran or wanted to in the last minute: with more than one beside ours, only processor time means
        // much
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        run.put("load", Math.round(load * 10) / 10.0);
        return run;
    }

    /** The header of a suite's part of the report. */
    static String words(Map<String, Object> run) {
        return String.format(
                Locale.ROOT,
                "%s, `%s` (%s), on %s, %s, %s, %s cores, load %s before.",
                run.get("date"),
                run.get("command"),
                run.get("effort"),
                run.get("jdk"),
                run.get("system"),
                run.get("processor"),
                run.get("cores"),
                run.get("load"));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }
}
