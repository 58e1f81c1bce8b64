package io.clusterset.examples.quickstart;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls a service on a fixed schedule: call i is due at i × 5 ms whether or not earlier ones have ended, with at most 64 in
 * flight.
 */
final class Traffic implements AutoCloseable {

    static final int CALLS_PER_SECOND = 200;

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND;
    private static final int IN_FLIGHT = 64;
    private static final int WARM_UP = 100;
    private static final Duration LAST = Duration.ofMinutes(1);

    private final HttpCaller http = new HttpCaller();
    private final ExecutorService callers = Executors.newFixedThreadPool(IN_FLIGHT);
    private final Service service;
    private final Stopwatch time;
    private final CallLog log;

    Traffic(Service service, Stopwatch time, CallLog log) {
        this.service = service;
        this.time = time;
        this.log = log;
    }

    /** Makes some calls that are not counted, so that those that are don't wait for the JVM to load an HTTP client. */
    void warmUp() {
        for (int i = 0; i < WARM_UP; i++) {
            call(0);
        }
    }

    /** Makes calls for so long, and waits for the last one to end. Once. */
    void run(Duration length) throws InterruptedException {
        long calls = length.toSeconds() * CALLS_PER_SECOND;
        long first = time.nanos();
        for (long i = 0; i < calls; i++) {
            long due = first + i * INTERVAL;
            waitUntil(due);
            callers.execute(() -> log.add(call(due)));
        }
        callers.shutdown();
        if (!callers.awaitTermination(LAST.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("calls have not ended in " + LAST);
        }
    }

    private void waitUntil(long due) throws InterruptedException {
        for (long left = due - time.nanos(); left > 0; left = due - time.nanos()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("the demo was interrupted");
            }
        }
    }

    /** All there is to using the library: hand it a function of an endpoint. It picks, reports, and on failure goes elsewhere. */
    private CallLog.Entry call(long due) {
        int[] attempts = {0};
        try {
            String tier = service.call(Call.idempotent(), endpoint -> {
                attempts[0]++;
                http.get(endpoint);
                return endpoint.tier();
            });
            return new CallLog.Entry(due, time.nanos(), attempts[0], tier, "");
        } catch (IOException | RuntimeException failed) {
            return new CallLog.Entry(due, time.nanos(), attempts[0], "", failed.toString());
        }
    }

    @Override
    public void close() {
        callers.shutdownNow();
    }
}
