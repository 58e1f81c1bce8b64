package io.clusterset.benchmarks.failover;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * One client, two servers in processes of their own, one fault: calls at a steady rate, each on a thread of its own, whether
 * or not others have come back. A call is bad if it throws or has no answer after two seconds.
 */
public final class Trial {

    /** What it prints when everything runs; it begins when it is told anything. */
    public static final String READY = "ready";

    private static final String LOCAL = "127.0.0.2";
    private static final String REMOTE = "127.0.0.3";
    private static final Duration APART = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration LOOKED_AT = Duration.ofSeconds(2); // the end of the warm-up
    private static final Duration CALM = Duration.ofMillis(20); // its p99; until then the compiler is measured
    private static final int MOST_ROUNDS = 8; // of more warm-up
    private static final int MOST_REASONS = 2; // that are told of
    private static final int FIRST_CALLS = 500; // a whole application loads classes for seconds; that is not measured

    private final Client client;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Trial(Client client) {
        this.client = client;
    }

    /** {@code CLIENT FAULT LATER WATCHED}, both in milliseconds: prints an {@link Outcome}. */
    public static void main(String[] arguments) throws Exception {
        Client.Kind kind = Client.Kind.valueOf(arguments[0]);
        Fault fault = Fault.valueOf(arguments[1]);
        Duration later = Duration.ofMillis(Integer.parseInt(arguments[2])); // at other phases of periodic checks
        Duration watched = Duration.ofMillis(Integer.parseInt(arguments[3]));
        Names names = Names.of(LOCAL, REMOTE); // before there is an address
        try (ServerProcess local = ServerProcess.start(kind.protocol(), "local", LOCAL, 0);
                ServerProcess remote = ServerProcess.start(
                        kind.protocol(), "remote", REMOTE, local.served().port())) {
            Trial trial = new Trial(kind.of(local.served(), remote.served()));
            for (int i = 0; i < FIRST_CALLS; i++) {
                trial.client.call();
            }
            System.out.println(READY);
            if (System.in.read() >= 0) {
                System.out.println(trial.of(fault, local, names, later, watched).line());
            }
        } finally {
            names.delete();
        }
        System.exit(0); // many threads still wait
    }

    private Outcome of(Fault fault, ServerProcess local, Names names, Duration later, Duration watched)
            throws IOException, InterruptedException {
        List<Outcome.Sample> before = healthy(WARM_UP.plus(later));
        for (int round = 0; round < MOST_ROUNDS && Outcome.p99(before) > CALM.toNanos(); round++) {
            before = healthy(LOOKED_AT);
        }
        names.move();
        fault.happensTo(local); // between two calls: the moment before the black hole's queue is full would refuse some
        long broken = System.nanoTime();
        List<Made> calls = callFor(watched);
        TimeUnit.NANOSECONDS.sleep(PATIENCE.toNanos()); // for the last ones
        calls.stream()
                .filter(made -> made.threw)
                .collect(Collectors.groupingBy(made -> made.why, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_REASONS)
                .forEach(reason -> System.err.println("  " + reason.getValue() + " x " + reason.getKey()));
        return Outcome.of(
                before, calls.stream().map(made -> made.sample(broken)).toList(), watched);
    }

    private List<Outcome.Sample> healthy(Duration time) {
        List<Made> calls = callFor(time);
        long failed = calls.stream().filter(made -> made.threw).count();
        if (failed > 0) {
            throw new IllegalStateException(failed + " calls failed before anything was wrong");
        }
        long end = System.nanoTime();
        return calls.stream()
                .filter(made -> end - made.due < LOOKED_AT.toNanos())
                .map(made -> made.sample(end))
                .toList();
    }

    private List<Made> callFor(Duration time) {
        List<Made> calls = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        for (long due = System.nanoTime(); due < end; due += APART.toNanos()) {
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            Made made = new Made(due);
            calls.add(made);
            threads.execute(() -> made.by(client));
        }
        return calls;
    }

    /** A call. */
    private static final class Made {
        private final long due;
        private volatile long ended;
        private volatile boolean threw;
        private volatile String why = "";

        Made(long due) {
            this.due = due;
        }

        void by(Client client) {
            try {
                client.call();
            } catch (Exception bad) {
                why = bad.toString();
                threw = true;
            }
            ended = System.nanoTime();
        }

        Outcome.Sample sample(long since) {
            boolean hangs = ended == 0;
            long took = (hangs ? System.nanoTime() : ended) - due;
            return new Outcome.Sample(due - since, took, threw || hangs || took > PATIENCE.toNanos());
        }
    }
}
