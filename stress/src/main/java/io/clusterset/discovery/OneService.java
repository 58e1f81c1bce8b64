package io.clusterset.discovery;

import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service with two endpoints, whose every decision bears a number: its endpoints' verdicts are unhealthy for the n-th
 * reason. Timers never go off; decisions are made when {@link #decideAnew} says so.
 */
final class OneService {

    static final int ENDPOINTS = 2;

    private static final ServiceName NAME = ServiceName.of("orders", "shop");
    private static final long BETWEEN_DECISIONS = Duration.ofSeconds(1).toNanos();

    final Service service;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger number = new AtomicInteger();

    OneService() {
        Prober prober = (address, timeout, done) -> done.accept(new Prober.Refused(number.toString()));
        StaticSource endpoints =
                StaticSource.of(List.of(Endpoint.parse("127.0.0.1:80"), Endpoint.parse("127.0.0.2:80")));
        service = Discovery.builder() // starts no thread, and so need not be closed
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), endpoints)
                .balance(options -> options.slowStart(Duration.ZERO))
                .prober(prober)
                .time(now::get, (delay, task) -> () -> {})
                .executor(Runnable::run)
                .random(new Random(1))
                .build()
                .service(NAME);
        decideAnew();
    }

    /** Makes the next decision. By one thread at a time. */
    void decideAnew() {
        now.addAndGet(BETWEEN_DECISIONS); // so that there are probes to spend
        number.incrementAndGet();
        service.examine(true).toCompletableFuture().join();
    }

    /** The number of the decision that this verdict's reason comes from. */
    static int number(String reason) {
        return reason.isEmpty() ? 0 : Integer.parseInt(reason); // the first decision comes before any probe
    }
}
