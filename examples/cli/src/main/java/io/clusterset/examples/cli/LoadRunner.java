package io.clusterset.examples.cli;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes calls on a fixed schedule: call i starts at i × interval, so many at a time at most; one whose turn comes while all
 * are under way starts late. What the calls cost does not stretch the schedule.
 */
final class LoadRunner {

    private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

    private final Service service;
    private final Getter getter;
    private final Plan plan;
    private final Tally tally;
    private final AtomicInteger next = new AtomicInteger();

    LoadRunner(Service service, Getter getter, Plan plan, Tally tally) {
        this.service = service;
        this.getter = getter;
        this.plan = plan;
        this.tally = tally;
    }

    /**
     * What is to be done.
     *
     * @param count how many calls
     * @param interval between the starts of two
     * @param concurrency how many at a time at most
     */
    record Plan(int count, Duration interval, int concurrency) {

        /** The same, with no more calls than begin in this time. */
        Plan within(Duration time) {
            long fit = interval.isZero() ? count : Math.max(1, time.dividedBy(interval));
            return new Plan((int) Math.min(count, fit), interval, concurrency);
        }
    }

    /**
     * Makes all calls.
     *
     * @param progress run a few times a second on this thread
     * @return when the first call started, by {@link System#nanoTime()}
     * @throws DiscoveryException if interrupted; calls under way are abandoned
     */
    long run(Runnable progress) {
        int workers = Math.min(plan.concurrency(), plan.count());
        ExecutorService pool = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "calls");
            thread.setDaemon(true);
            return thread;
        });
        long start = System.nanoTime();
        try {
            for (int i = 0; i < workers; i++) {
                pool.execute(() -> work(start));
            }
            pool.shutdown();
            while (!pool.awaitTermination(PROGRESS_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                progress.run();
            }
            return start;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(service + ": interrupted", interrupted);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Takes one call after the other, waits for its turn and makes it. */
    private void work(long start) {
        try {
            for (int i = next.getAndIncrement(); i < plan.count(); i = next.getAndIncrement()) {
                long due = start + i * plan.interval().toNanos();
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                makeOne();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeOne() {
        long began = System.nanoTime();
        try {
            tally.served(getter.get(), System.nanoTime() - began);
        } catch (IOException | RuntimeException failed) {
            tally.failed(reason(failed), System.nanoTime() - began);
        }
    }

    /** Why a call failed: in the library's words where it has any: the JDK's client says nothing but null of a refused connection. */
    static String reason(Exception failed) {
        if (failed instanceof DiscoveryException) {
            return String.valueOf(failed.getMessage());
        }
        Outcome outcome = Failure.of(failed).outcome();
        if (outcome instanceof Outcome.FailedHard hard) {
            return hard.reason();
        }
        return outcome instanceof Outcome.FailedSoft soft ? soft.reason() : failed.toString();
    }
}
