package io.clusterset.discovery.simulator;

import io.clusterset.discovery.simulator.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code simulate}: see its usage. */
final class Simulate {

    static final long SEED = 1;
    private static final int DAY = 24 * 60 * 60;
    private static final int MOST_SHOWN = 3;

    private static final String USAGE =
            "simulate: %s (expected: a scenario, --check, --chaos N [SEED] or --replay FILE [SEED]; --help says more)";

    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new Simulate().status(List.of(arguments))); // CI goes by it
    }

    /** 0 if all held, 1 if not, 2 if it was asked for what it can't do. */
    int status(List<String> arguments) throws InterruptedException {
        try {
            return run(arguments);
        } catch (IllegalArgumentException refused) {
            System.err.println(refused.getMessage());
        } catch (NoSuchFileException none) {
            System.err.println("simulate: " + none.getMessage() + ": no such file (expected: a script)");
        } catch (IOException unreadable) {
            System.err.println("simulate: " + unreadable);
        }
        return 2;
    }

    private int run(List<String> arguments) throws IOException, InterruptedException {
        if (arguments.isEmpty() || !arguments.get(0).startsWith("--")) {
            return scenarios(arguments);
        }
        switch (arguments.get(0)) {
            case "--write" -> { // what the script says when it is told nothing, or --check
                write(Path.of(arguments.get(1)), Path.of(arguments.get(2)));
                return verdict();
            }
            case "--chaos" -> {
                int number = (int) number(arguments, 1, Optional.empty(), 1, 10_000);
                return chaos(number, number(arguments, 2, Optional.of(1L), 0, Long.MAX_VALUE / 2), DAY);
            }
            case "--replay" -> {
                if (arguments.size() < 2) {
                    throw new IllegalArgumentException(String.format(USAGE, "--replay without a file"));
                }
                return replay(
                        Path.of(arguments.get(1)), number(arguments, 2, Optional.of(SEED), 0, Long.MAX_VALUE / 2));
            }
            default -> throw new IllegalArgumentException(String.format(USAGE, arguments.get(0)));
        }
    }

    private static long number(List<String> arguments, int index, Optional<Long> unlessSaid, long least, long most) {
        String option = arguments.get(0);
        if (arguments.size() <= index) {
            return unlessSaid.orElseThrow(
                    () -> new IllegalArgumentException(String.format(USAGE, option + " without a number")));
        }
        String said = arguments.get(index);
        if (!said.matches("[0-9]{1,18}") || Long.parseLong(said) < least || Long.parseLong(said) > most) {
            throw new IllegalArgumentException(
                    "simulate: " + option + " " + said + " (expected: " + least + " to " + most + ")");
        }
        return Long.parseLong(said);
    }

    /** Writes the report into a folder; what was measured comes from the report there is. */
    private void write(Path before, Path folder) throws IOException, InterruptedException {
        String measured = "";
        if (Files.exists(before.resolve(Report.FILE))) {
            String text = Files.readString(before.resolve(Report.FILE));
            int from = text.indexOf(Report.MEASURED);
            int until = text.indexOf(Report.MEASURED_END);
            if (from < 0 || until <= from) { // or what was measured would be lost
                throw new IllegalArgumentException("simulate: " + Report.FILE + " has no measured part (expected: "
                        + Report.MEASURED + " and " + Report.MEASURED_END + ")");
            }
            measured = text.substring(from + Report.MEASURED.length() + 1, until);
        }
        Map<String, String> files = new Report(all(Scenarios.all())).files(measured);
        files.values().stream()
                .flatMap(String::lines)
                .filter(line -> line.contains(Reasons.NONE_GIVEN))
                .forEach(line -> broken.add("the report is not finished: " + line));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    private int scenarios(List<String> names) throws InterruptedException {
        List<Scenario> some = new ArrayList<>();
        for (String name : names) {
            if (Scenarios.named(name).isEmpty()) {
                System.err.println(name + ": no such scenario (expected: "
                        + String.join(
                                ", ",
                                Scenarios.all().stream().map(Scenario::name).toList()) + ")");
                return 2;
            }
            some.add(Scenarios.named(name).get());
        }
        all(some.isEmpty() ? Scenarios.all() : some).values().forEach(row -> row.forEach(System.out::println));
        return verdict();
    }

    private Map<Scenario, List<Seen>> all(List<Scenario> scenarios) throws InterruptedException {
        List<Callable<Seen>> runs = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            runs.add(() -> ours(scenario, SEED));
            Peers.all().forEach(peer -> runs.add(() -> Run.of(scenario, peer, SEED)));
        }
        List<Seen> seen = together(runs);
        Map<Scenario, List<Seen>> all = new LinkedHashMap<>();
        int columns = 1 + Peers.all().size();
        for (int i = 0; i < scenarios.size(); i++) {
            all.put(scenarios.get(i), seen.subList(i * columns, (i + 1) * columns));
        }
        return all;
    }

    private Seen ours(Scenario scenario, long seed) {
        Seen seen = Run.of(
                scenario, new Ours(what -> broken.add(scenario.name() + ", seed " + seed + ", at " + what)), seed);
        if (seen.left > 0) {
            broken.add(scenario.name() + ", seed " + seed + ": " + seen.left + " tasks or watches are left");
        }
        return seen;
    }

    private static <T> List<T> together(List<Callable<T>> work) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<T> done = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(work)) {
                done.add(one.get());
            }
            return done;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        } finally {
            threads.shutdownNow();
        }
    }

    private int chaos(int number, long from, int seconds) throws InterruptedException {
        List<Callable<Seen>> runs = new ArrayList<>();
        for (long seed = from; seed < from + number; seed++) {
            long mine = seed;
            runs.add(() -> ours(Chaos.of(mine, seconds), mine));
        }
        List<Seen> seen = together(runs);
        long calls = seen.stream().mapToLong(one -> one.calls).sum();
        long failed = seen.stream().mapToLong(one -> one.failed).sum();
        long flips = seen.stream().mapToLong(Seen::flips).sum();
        System.out.println(number + " days of chaos: " + calls + " calls, " + failed + " failed, " + flips + " flips");
        for (int i = 0; i < seen.size() && !broken.isEmpty(); i++) {
            shrink(seen.get(i).scenario, from + i);
        }
        return verdict();
    }

    private void shrink(Scenario scenario, long seed) {
        if (broken.stream().noneMatch(what -> what.startsWith(scenario.name() + ","))) {
            return;
        }
        Scenario shrunk = Shrinker.shrink(scenario, one -> breaks(one, seed));
        System.out.println("# seed " + seed + ": save this as a file for simulate --replay FILE " + seed);
        System.out.println(shrunk.text());
    }

    static boolean breaks(Scenario scenario, long seed) {
        List<String> what = new ArrayList<>();
        int left = Run.of(scenario, new Ours(what::add), seed).left;
        return left > 0 || !what.isEmpty();
    }

    private int replay(Path file, long seed) throws IOException {
        Scenario scenario = Scenario.parse(file.getFileName().toString(), Files.readAllLines(file));
        Ours ours = new Ours(what -> broken.add("at " + what));
        ours.tells(System.out::println);
        System.out.println(Run.of(scenario, ours, seed));
        return verdict();
    }

    private int verdict() {
        broken.stream().limit(MOST_SHOWN).forEach(what -> System.out.println("BROKEN " + what));
        if (broken.size() > MOST_SHOWN) {
            System.out.println("BROKEN " + (broken.size() - MOST_SHOWN) + " more");
        }
        return broken.isEmpty() ? 0 : 1;
    }
}
