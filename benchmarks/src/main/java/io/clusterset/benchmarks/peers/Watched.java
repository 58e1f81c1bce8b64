package io.clusterset.benchmarks.peers;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.call.AttemptLoop;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.RetryBudget;
import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.observe.DiscoveryMetrics;
import io.clusterset.discovery.observe.ServiceCounts;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What it costs that every attempt is counted, and that somebody reads the counts. */
public final class Watched {

    private static final Outcome SUCCEEDED = new Outcome.Succeeded();
    private static final Duration SCRAPES_APART = Duration.ofSeconds(1);

    private Watched() {}

    /** A pick and what health is told of it, with nobody else told. */
    public static Supplier<Object> attemptUncounted(int endpoints) {
        return attempt(endpoints, AttemptSink.NONE);
    }

    /** The same, counted. */
    public static Supplier<Object> attemptCounted(int endpoints) {
        return attempt(endpoints, new ServiceCounts());
    }

    private static Supplier<Object> attempt(int endpoints, AttemptSink counts) {
        Service service = service(endpoints, Home.discovery(source(endpoints)).build());
        Picker picker = Balancer.weightedRoundRobin().build(Home.rebuild(service.decision()));
        return () -> {
            Candidate candidate = picker.pick();
            long mark = candidate.outcomes().began();
            counts.began(candidate.endpoint());
            candidate.outcomes().ended(mark, SUCCEEDED);
            counts.ended(candidate.endpoint(), SUCCEEDED);
            return service; // its endpoints' verdicts live as long
        };
    }

    /** A call whose transport does nothing, with nobody told of its attempts. */
    public static Supplier<Object> callUncounted(int endpoints) {
        return call(endpoints, AttemptSink.NONE);
    }

    /** The same, counted. */
    public static Supplier<Object> callCounted(int endpoints) {
        return call(endpoints, new ServiceCounts());
    }

    private static Supplier<Object> call(int endpoints, AttemptSink counts) {
        Service service = service(endpoints, Home.discovery(source(endpoints)).build());
        Picker picker = Balancer.weightedRoundRobin().build(Home.rebuild(service.decision()));
        Ticker ticker = Ticker.system();
        DaemonScheduler timer = new DaemonScheduler("benchmark");
        CompletableFuture<Boolean> settled = CompletableFuture.completedFuture(true);
        AttemptLoop loop = new AttemptLoop(
                service.toString(),
                () -> picker,
                () -> settled,
                new RetryBudget(BudgetOptions::defaults, ticker),
                counts,
                ticker,
                timer,
                timer,
                timer,
                RandomGenerator.getDefault());
        Call call = Call.idempotent();
        return () -> loop.run(call, (endpoint, left) -> endpoint);
    }

    /** A call as users make it: counted, a listener for events, a registry of meters that is read every second. */
    public static Supplier<Object> callWithEverything(int endpoints) {
        LongAdder events = new LongAdder();
        Discovery discovery = Home.discovery(source(endpoints))
                .listener(event -> events.increment())
                .build();
        Service service = service(endpoints, discovery);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new DiscoveryMetrics(discovery).bindTo(registry);
        scrape(registry, new DaemonScheduler("scraper"));
        return called(service);
    }

    /** As {@link #callWithEverything}, with neither listener nor registry. */
    public static Supplier<Object> callOfDefaults(int endpoints) {
        return called(service(endpoints, Home.discovery(source(endpoints)).build()));
    }

    private static Supplier<Object> called(Service service) {
        Call call = Call.idempotent();
        return () -> service.call(call, endpoint -> endpoint);
    }

    private static void scrape(SimpleMeterRegistry registry, DaemonScheduler timer) {
        registry.getMeters().forEach(meter -> meter.measure().forEach(one -> one.getValue()));
        timer.schedule(SCRAPES_APART, () -> scrape(registry, timer));
    }

    private static StaticSource source(int endpoints) {
        return StaticSource.of(Addresses.each(endpoints, Home::plain));
    }

    private static Service service(int endpoints, Discovery discovery) {
        Service service = discovery.service("orders.shop");
        List<Endpoint> all = service.endpoints();
        if (all.size() != endpoints) {
            throw new IllegalStateException("not all of " + endpoints + " endpoints are in use");
        }
        return service;
    }
}
