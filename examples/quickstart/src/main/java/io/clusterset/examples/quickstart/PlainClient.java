package io.clusterset.examples.quickstart;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the same calls meet with the local name alone, for comparison, 10 times a second: every endpoint that DNS names is
 * tried, each once, and nobody is asked elsewhere, since the name goes on existing. Thread-safe.
 */
final class PlainClient implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 100;

    private final HttpCaller http = new HttpCaller();
    private final ScheduledExecutorService caller = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Discovery discovery;
    private final Service service;

    PlainClient(Clusters clusters) {
        discovery = Discovery.builder()
                .tier(Tier.of("local", "cluster.local"))
                .dns(clusters::reachable)
                .build();
        service = discovery.service(Clusters.SERVICE);
    }

    /** Begins to call. */
    void start() {
        ScheduledFuture<?> unused = caller.scheduleAtFixedRate(this::call, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends it. */
    void stop() {
        caller.shutdownNow();
    }

    int made() {
        return made.get();
    }

    int failed() {
        return failed.get();
    }

    private void call() {
        List<Endpoint> endpoints = service.endpoints();
        boolean answered = endpoints.stream().anyMatch(this::answers);
        if (!caller.isShutdown()) {
            made.incrementAndGet();
            failed.addAndGet(answered ? 0 : 1);
        }
    }

    private boolean answers(Endpoint endpoint) {
        try {
            http.get(endpoint);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        stop();
        discovery.close();
    }
}
