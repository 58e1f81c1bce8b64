package io.clusterset.discovery.realservers;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.Ticker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Callers of one service, together some 200 a second, who note what goes wrong, where they were sent and how long it took. */
final class Callers {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int CALLERS = 4;
    private static final int APART_MILLIS = 19; // and a little for the call: 20 ms

    private final Service service;
    private final Ticker ticker = Ticker.system();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    private Callers(Service service) {
        this.service = service;
    }

    static Callers of(Service service) {
        Callers callers = new Callers(service);
        for (int i = 0; i < CALLERS; i++) {
            Thread thread = new Thread(callers::call, "caller-" + i);
            thread.setDaemon(true);
            callers.threads.add(thread);
            thread.start();
        }
        return callers;
    }

    private void call() {
        try {
            do {
                once();
            } while (!enough.await(APART_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException ended) {
            errors.add(ended.toString());
        }
    }

    private void once() {
        long waits = waits();
        long begun = ticker.nanos();
        try (Attempt attempt = service.next()) {
            Endpoint endpoint = attempt.succeeded(attempt.endpoint());
            sent.add(new Sent(endpoint, ticker.nanos() - begun, waits() > waits));
        } catch (RuntimeException failed) {
            errors.add(failed.toString());
        }
    }

    /** How often this thread has waited so far: for a word of another one, not for its turn on a busy machine. */
    private static long waits() {
        return THREADS.getThreadInfo(Thread.currentThread().getId()).getWaitedCount();
    }

    /** Where a call was sent, after how many nanoseconds, and whether it waited for anything. */
    private record Sent(Endpoint endpoint, long took, boolean waited) {}

    /** Ends them. */
    Report stop() throws InterruptedException {
        enough.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Map<String, Integer> tiers = new TreeMap<>();
        Map<String, Integer> addresses = new TreeMap<>();
        sent.forEach(call -> {
            tiers.merge(call.endpoint().tier(), 1, Integer::sum);
            addresses.merge(call.endpoint().address().getHostAddress(), 1, Integer::sum);
        });
        long slowest = sent.stream().mapToLong(Sent::took).max().orElse(0);
        long waited = sent.stream().filter(Sent::waited).count();
        return new Report(sent.size(), List.copyOf(errors), tiers, addresses, waited, Duration.ofNanos(slowest));
    }

    /**
     * What became of them.
     *
     * @param calls those that were sent somewhere
     * @param errors the others
     * @param tiers calls by tier
     * @param addresses calls by address
     * @param waited those that waited for where to go
     * @param slowest what it took one of them at most, the machine's share included
     */
    record Report(
            int calls,
            List<String> errors,
            Map<String, Integer> tiers,
            Map<String, Integer> addresses,
            long waited,
            Duration slowest) {}
}
