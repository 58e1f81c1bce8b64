package io.clusterset.discovery.simulator;

import io.clusterset.discovery.simulator.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final long DAYS = 100; // of chaos, unless told otherwise
    private static final int MOST_SHOWN = 3;

    private static final String USAGE =
            "simulate: %s (expected: a scenario, --check, --all [N], --chaos N [SEED] or --replay FILE [SEED]; --help says more)";

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
            case "--all" -> { // the script adds where the report is, and where it is to be written
                int days = (int) number(arguments, 3, Optional.of(DAYS), 1, 10_000);
                return everything(Path.of(arguments.get(1)), Path.of(arguments.get(2)), days);
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

    /** The report, and days of chaos: together, since whatever is long had better begin first. */
    private int everything(Path before, Path folder, int days) throws IOException, InterruptedException {
        String measured = measured(before);
        List<Job> jobs = new ArrayList<>(jobs(Scenarios.all()));
        int ofReport = jobs.size();
        jobs.addAll(days(days, 1, DAY));
        List<Seen> seen = together(jobs);
        write(rows(Scenarios.all(), seen.subList(0, ofReport)), measured, folder);
        tellOfDays(seen.subList(ofReport, seen.size()), 1);
        return verdict();
    }

    /** Writes the report into a folder; what was measured comes from the report there is. */
    private void write(Path before, Path folder) throws IOException, InterruptedException {
        String measured = measured(before);
        write(all(Scenarios.all()), measured, folder);
    }

    private static String measured(Path before) throws IOException {
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
        return measured;
    }

    private void write(Map<Scenario, List<Seen>> all, String measured, Path folder) throws IOException {
        Map<String, String> files = new Report(all).files(measured);
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
        return rows(scenarios, together(jobs(scenarios)));
    }

    private List<Job> jobs(List<Scenario> scenarios) {
        List<Job> jobs = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            jobs.add(new Job(scenario, () -> ours(scenario, SEED)));
            Peers.all().forEach(peer -> jobs.add(new Job(scenario, () -> Run.of(scenario, peer, SEED))));
        }
        return jobs;
    }

    private static int columns() {
        return 1 + Peers.all().size();
    }

    private static Map<Scenario, List<Seen>> rows(List<Scenario> scenarios, List<Seen> seen) {
        Map<Scenario, List<Seen>> rows = new LinkedHashMap<>();
        for (int i = 0; i < scenarios.size(); i++) {
            rows.put(scenarios.get(i), seen.subList(i * columns(), (i + 1) * columns()));
        }
        return rows;
    }

    private Seen ours(Scenario scenario, long seed) {
        Seen seen = Run.of(
                scenario, new Ours(what -> broken.add(scenario.name() + ", seed " + seed + ", at " + what)), seed);
        if (seen.left > 0) {
            broken.add(scenario.name() + ", seed " + seed + ": " + seen.left + " tasks or watches are left");
        }
        return seen;
    }

    /** What came of each, in their order. */
    private static List<Seen> together(List<Job> jobs) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            Map<Job, Future<Seen>> begun = new HashMap<>();
            jobs.stream()
                    .sorted(Comparator.comparing(Job::size).reversed()) // or one core waits for the longest at the end
                    .forEach(job -> begun.put(job, threads.submit(job.run())));
            List<Seen> done = new ArrayList<>();
            for (Job job : jobs) {
                done.add(Objects.requireNonNull(begun.get(job)).get());
            }
            return done;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        } finally {
            threads.shutdownNow();
        }
    }

    private int chaos(int number, long from, int seconds) throws InterruptedException {
        tellOfDays(together(days(number, from, seconds)), from);
        return verdict();
    }

    private List<Job> days(int number, long from, int seconds) {
        List<Job> days = new ArrayList<>();
        for (long seed = from; seed < from + number; seed++) {
            long mine = seed;
            Scenario day = Chaos.of(mine, seconds);
            days.add(new Job(day, () -> ours(day, mine)));
        }
        return days;
    }

    private void tellOfDays(List<Seen> seen, long from) {
        long calls = seen.stream().mapToLong(one -> one.calls).sum();
        long failed = seen.stream().mapToLong(one -> one.failed).sum();
        long flips = seen.stream().mapToLong(Seen::flips).sum();
        System.out.println(
                seen.size() + " days of chaos: " + calls + " calls, " + failed + " failed, " + flips + " flips");
        for (int i = 0; i < seen.size() && !broken.isEmpty(); i++) {
            shrink(seen.get(i).scenario, from + i);
        }
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

    /** A run that is yet to be. */
    private record Job(Scenario scenario, Callable<Seen> run) {
        /** How long it takes, more or less. */
        long size() {
            return (long) scenario.setting().clients() * scenario.setting().seconds();
        }
    }
}
