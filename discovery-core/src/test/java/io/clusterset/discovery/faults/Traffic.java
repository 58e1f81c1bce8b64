package io.clusterset.discovery.faults;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** 200 calls a second, begun on time however slow the ones before are. */
final class Traffic {

    private static final long APART = Duration.ofMillis(5).toNanos();

    private final Service service;
    private final Call call;
    private final Client client;
    private final ExecutorService callers;
    private final Ticker ticker = Ticker.system();
    private final Queue<Made> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final Thread pace = new Thread(this::pace, "pace");
    private final CountDownLatch enough = new CountDownLatch(1);

    private Traffic(Service service, Call call, Client client, ExecutorService callers) {
        this.service = service;
        this.call = call;
        this.client = client;
        this.callers = callers;
    }

    static Traffic start(Service service, Call call, Client client, ExecutorService callers) {
        Traffic traffic = new Traffic(service, call, client, callers);
        traffic.pace.start();
        return traffic;
    }

    private void pace() {
        try {
            long due = ticker.nanos();
            while (!enough.await(due - ticker.nanos(), TimeUnit.NANOSECONDS)) {
                begin(due);
                due += APART;
            }
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private void begin(long due) {
        begun.incrementAndGet();
        try {
            callers.execute(() -> once(due));
        } catch (RejectedExecutionException tooMany) {
            made.add(new Made(due, due, due, List.of(), tooMany.toString()));
        }
    }

    private void once(long due) {
        long start = ticker.nanos();
        List<Made.Tried> attempts = new ArrayList<>();
        String failure = "";
        try {
            String body = service.<String, IOException>call(call, (endpoint, left) -> {
                attempts.add(new Made.Tried(endpoint, ticker.nanos()));
                return client.on(endpoint, left);
            });
            if (body.isEmpty()) {
                failure = "empty body";
            }
        } catch (IOException | RuntimeException e) {
            failure = e + (e.getSuppressed().length == 0 ? "" : " after " + e.getSuppressed()[0]);
        }
        made.add(new Made(due, start, ticker.nanos(), attempts, failure));
    }

    /** No more calls begin, soon. */
    void enough() {
        enough.countDown();
    }

    /** No more calls begin; those that have, end. */
    void stop() throws InterruptedException {
        enough();
        pace.join();
    }

    /** Whether all calls that have begun have ended. */
    boolean isOver() {
        return made.size() == begun.get();
    }

    /** The calls that have ended. */
    List<Made> made() {
        return List.copyOf(made);
    }
}
