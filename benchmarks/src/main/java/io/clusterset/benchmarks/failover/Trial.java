package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One client, one fault: calls at a steady rate, each on a thread of its own, whether or not others have come back. A call
 * is bad if it throws or has no answer after two seconds.
 */
public final class Trial {

    private static final String LOCAL = "127.0.0.2";
    private static final String REMOTE = "127.0.0.3";
    private static final Duration APART = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration WATCHED = Duration.ofSeconds(30); // the JVM's cache of addresses is over by then

    private final Client client;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Made> calls = new ArrayList<>();

    private Trial(Client client) {
        this.client = client;
    }

    /** {@code CLIENT FAULT LATER}: prints how many calls there were, how many were bad, and when the last of these began. */
    public static void main(String[] arguments) throws IOException {
        Names names = Names.of(LOCAL, REMOTE); // before there is an address
        FakeEndpoint local = FakeEndpoint.start("local", LOCAL, 0);
        FakeEndpoint remote = FakeEndpoint.start("remote", REMOTE, local.port());
        Trial trial = new Trial(Client.Kind.valueOf(arguments[0]).of(local, remote));
        trial.callFor(WARM_UP.plus(Duration.ofMillis(Integer.parseInt(arguments[2])))); // at other phases of probes
        trial.mustBeWell();
        Fault fault = Fault.valueOf(arguments[1]);
        names.move();
        fault.happensTo(local);
        System.out.println(trial.after(WATCHED));
        names.delete();
        System.exit(0); // many threads still wait
    }

    private void callFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long due = System.nanoTime(); due < end; due += APART.toNanos()) {
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            Made made = new Made(due);
            calls.add(made);
            threads.execute(() -> made.by(client));
        }
    }

    private void mustBeWell() {
        long bad = calls.subList(calls.size() / 2, calls.size()).stream()
                .filter(Made::threw)
                .count();
        if (bad > 0) {
            throw new IllegalStateException(bad + " calls failed before anything was wrong");
        }
        calls.clear();
    }

    private String after(Duration watched) {
        long fault = System.nanoTime();
        callFor(watched);
        threads.shutdown();
        try {
            threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            long bad = calls.stream().filter(Made::bad).count();
            double last = calls.stream()
                    .filter(Made::bad)
                    .mapToLong(made -> made.due - fault)
                    .max()
                    .orElse(0);
            boolean never = last > watched.minus(Duration.ofSeconds(1)).toNanos();
            return String.format(
                    Locale.ROOT, "%d %d %.3f %s", calls.size(), bad, last / TimeUnit.SECONDS.toNanos(1), never);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A call. */
    private static final class Made {
        private final long due;
        private volatile long ended;
        private volatile boolean threw;

        Made(long due) {
            this.due = due;
        }

        void by(Client client) {
            try {
                client.call();
            } catch (Exception bad) {
                threw = true;
            }
            ended = System.nanoTime();
        }

        boolean threw() {
            return threw;
        }

        boolean hangs() {
            return ended == 0;
        }

        boolean bad() {
            return threw || hangs() || ended - due > PATIENCE.toNanos();
        }
    }
}
