package io.clusterset.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command: runs suites and writes the report. */
public final class Run {

    private static final String EVERYTHING = "all";

    private Run() {}

    /**
     * {@code [SUITE|all] [--quick]}; the report goes to the folder that the system property {@code benchmarks.reports} names.
     * Exit status 2 for bad usage, 1 if something could not be measured.
     */
    public static void main(String[] arguments) throws IOException {
        List<Suite> suites = Suites.ALL;
        boolean chosen = false;
        boolean quick = false;
        for (String argument : arguments) {
            if (argument.equals("--quick")) {
                quick = true;
            } else if (!chosen && !argument.startsWith("-")) {
                chosen = true;
                suites = argument.equals(EVERYTHING) ? Suites.ALL : List.of(named(argument));
            } else {
                refuse(argument + ": not understood (expected: [" + names() + "] [--quick])");
            }
        }
        Path folder = Path.of(System.getProperty("benchmarks.reports", "."));
        Machine machine = new Machine(("benchmarks/run " + String.join(" ", arguments)).strip(), "");
        Map<Suite, Suite.Publication> places = new LinkedHashMap<>();
        for (Suite suite : suites) {
            places.put(suite, place(suite, folder));
        }
        for (Map.Entry<Suite, Suite.Publication> place : places.entrySet()) {
            System.out.println(place.getValue().of(place.getKey().measure(quick, machine)));
        }
        System.err.println("benchmarks: written to " + folder);
        System.exit(0); // peers leave threads behind
    }

    private static Suite.Publication place(Suite suite, Path folder) {
        try {
            return suite.into(folder);
        } catch (IOException nowhere) {
            System.err.println("benchmarks: " + nowhere.getMessage());
            System.exit(1); // nothing was measured: the script's caller is told so
            throw new UncheckedIOException(nowhere);
        }
    }

    private static Suite named(String name) {
        Optional<Suite> suite = Suites.named(name);
        if (suite.isEmpty()) {
            refuse(name + ": no such suite (expected: " + names() + ")");
        }
        return suite.orElseThrow();
    }

    private static String names() {
        return Suites.ALL.stream().map(Suite::name).collect(Collectors.joining("|")) + "|" + EVERYTHING;
    }

    private static void refuse(String why) {
        System.err.println("benchmarks: " + why);
        System.exit(2);
    }
}
