package io.clusterset.benchmarks.peers;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What this library keeps: bare endpoints, what a pick needs, and all of it. */
public final class OursInMemory {

    private static final Duration REST = Duration.ofMinutes(30);
    private static final Balancer BALANCER = Balancer.weightedRoundRobin();

    private OursInMemory() {}

    /** A list of endpoints. */
    public static Object model(int service, int endpoints) {
        return Addresses.each(service, endpoints, Home::weighted);
    }

    /** Endpoints, the decision about them and the picker built from it; nothing is learned of them. */
    public static Object picker(int service, int endpoints) {
        Resolution found = Home.found(Addresses.each(service, endpoints, Home::weighted));
        TierView view = new TierView(Home.TIER, found, 0, 0, found.endpoints(), List.of());
        List<Candidate> candidates = found.endpoints().stream()
                .map(endpoint -> new Candidate(
                        endpoint, Verdict.UNKNOWN, Candidate.Use.IN_TURN, endpoint.weight(), Outcomes.NOBODY))
                .toList();
        TierLoad load = new TierLoad(Home.TIER, 100, 100, 100, false, "");
        Snapshot snapshot = new Snapshot(ServiceName.of("orders", "shop"), 0, List.of(view));
        Decision decision = new Decision(
                snapshot, List.of(new Decision.Tier(view, load, candidates, List.of())), List.of(), List.of());
        return List.of(decision, BALANCER.build(Home.rebuild(decision)));
    }

    /** So many services of one discovery, each endpoint of which has been called. */
    public static Object live(int services, int endpoints) {
        return new Called(services, endpoints);
    }

    /** The same when nobody has called them for so long that they rest, the application still holding them. */
    public static Object idle(int services, int endpoints) {
        Called called = new Called(services, endpoints);
        called.time.advance(REST);
        return called;
    }

    /** Services that have been called; answers are made up when they are asked for, and only the library keeps them. */
    private static final class Called implements EndpointSource {
        private final ManualTime time = new ManualTime();
        private final int endpoints;
        private final Discovery discovery = Home.discovery(this)
                .executor(Runnable::run)
                .time(time, time)
                .random(new Random(1))
                .build();
        private final List<Service> services;

        Called(int howMany, int endpoints) {
            this.endpoints = endpoints;
            services = IntStream.range(0, howMany)
                    .mapToObj(nth -> discovery.service("s" + nth + ".shop"))
                    .toList();
            services.forEach(this::call);
        }

        private void call(Service service) {
            for (int i = 0; i < endpoints; i++) {
                try (Attempt attempt = service.next()) {
                    attempt.succeeded();
                }
            }
        }

        @Override
        public Watch watch(Question question, Listener listener) {
            String service = question.name().substring(1, question.name().indexOf('.'));
            listener.resolved(Home.found(Addresses.each(Integer.parseInt(service), endpoints, Home::weighted)));
            return () -> {};
        }

        @Override
        public void refresh(Question question, Effort effort) {}

        @Override
        public void close() {}
    }
}
