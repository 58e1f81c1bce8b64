package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.Health;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.observe.EventLog;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import io.clusterset.discovery.topology.Eligibility;
import io.clusterset.discovery.topology.Here;
import io.clusterset.discovery.topology.Places;
import io.clusterset.discovery.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
        throw new AssertionError(thrown);
    });
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger number = new AtomicInteger();

    OneService() {
        Ticker ticker = now::get;
        Scheduler never = (delay, task) -> () -> {};
        Random random = new Random(1);
        EventLog log = new EventLog(ticker, event -> {});
        Prober prober = (address, timeout, done) -> done.accept(new Prober.Refused(number.toString()));
        StaticSource endpoints =
                StaticSource.of(List.of(Endpoint.parse("127.0.0.1:80"), Endpoint.parse("127.0.0.2:80")));
        Stages stages = new Stages(
                new Sources(
                        Map.of(), new CachingSource(endpoints, CacheOptions.defaults(), ticker, never, serial, random)),
                80,
                new Health(HealthOptions.defaults(), prober, ticker, never, serial, random, log),
                Here.UNKNOWN,
                new Places(),
                new Eligibility(Topology.any()),
                FailoverOptions.defaults(),
                Balancer.weightedRoundRobin(),
                Duration.ZERO,
                Optional.empty(),
                new Drills(ticker, never, serial, log),
                BudgetOptions.builder().build(),
                log,
                ticker,
                never,
                time -> {},
                serial,
                Runnable::run,
                random);
        service = new Service(NAME, Selection.ALL, List.of(Tier.of("local", "cluster.local")), stages, used -> {});
        serial.execute(service::start);
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
