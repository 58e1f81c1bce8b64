package io.clusterset.benchmarks.peers;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** This library, through its public API: a service whose home tier is a list. */
public final class Ours {

    private static final Duration COALESCED = Duration.ofMillis(100);

    private Ours() {}

    /** {@code Picker.pick()}, all weights alike. */
    public static Supplier<Object> pick(int endpoints) {
        return new Picking(Addresses.each(endpoints, Home::plain), Balancer.weightedRoundRobin());
    }

    /** {@code Picker.pick()}, weights 1 to 4. */
    public static Supplier<Object> weightedPick(int endpoints) {
        return new Picking(Addresses.each(endpoints, Home::weighted), Balancer.weightedRoundRobin());
    }

    /** As {@link #pick}, of another balancer. */
    public static IntFunction<Supplier<Object>> pickBy(Balancer balancer) {
        return endpoints -> new Picking(Addresses.each(endpoints, Home::plain), balancer);
    }

    /** {@code Picker.pick(Affinity)} of a key of 1,000. */
    public static Supplier<Object> keyedPick(int endpoints) {
        Service service = service(Addresses.each(endpoints, Home::plain), Balancer.consistentHash());
        Picker picker = Balancer.consistentHash().build(Home.rebuild(service.decision()));
        Affinity[] keys = IntStream.range(0, 1_000)
                .mapToObj(n -> Affinity.of("customer-" + n))
                .toArray(Affinity[]::new);
        return () -> picker.pick(keys[ThreadLocalRandom.current().nextInt(keys.length)]);
    }

    /** As {@link #attempt}, with the latency measured. */
    public static Supplier<Object> measuredAttempt(int endpoints) {
        return attempts(endpoints, Balancer.peakEwma());
    }

    /** What a user pays in all: {@code next()}, {@code succeeded()}, {@code close()}. */
    public static Supplier<Object> attempt(int endpoints) {
        return attempts(endpoints, Balancer.weightedRoundRobin());
    }

    private static Supplier<Object> attempts(int endpoints, Balancer balancer) {
        Service service = service(Addresses.each(endpoints, Home::plain), balancer);
        return () -> {
            try (Attempt attempt = service.next()) {
                attempt.succeeded();
                return attempt.endpoint();
            }
        };
    }

    private static Service service(List<Endpoint> endpoints, Balancer balancer) {
        Discovery discovery = Home.discovery(StaticSource.of(endpoints))
                .balance(b -> b.balancer(balancer))
                .build();
        Service service = discovery.service("orders.shop");
        if (service.endpoints().size() != endpoints.size()) {
            throw new IllegalStateException("not all of " + endpoints.size() + " endpoints are in use");
        }
        return service;
    }

    /** A picker from a decision made before, one of whose endpoints has changed, and the first pick. */
    public static Supplier<Object> build(int endpoints) {
        Changing changing = new Changing(endpoints);
        changing.publish();
        Decision before = changing.service.decision();
        changing.publish();
        Turns<Decision> decisions = new Turns<>(before, changing.service.decision());
        Balancer balancer = Balancer.weightedRoundRobin();
        return () -> balancer.build(Home.rebuild(decisions.next())).pick();
    }

    /** From the source's word that one endpoint has changed to the first pick that may meet it. */
    public static Supplier<Object> rebuild(int endpoints) {
        Changing changing = new Changing(endpoints);
        changing.mustBeSeen();
        return () -> {
            changing.publish();
            try (Attempt first = changing.service.next()) {
                return first.endpoint();
            }
        };
    }

    /** As the service does it: the picker is replaced now and then, so each pick reads which it is. */
    private static final class Picking implements Supplier<Object> {
        private final Service service; // its endpoints' verdicts live as long
        private volatile Picker picker;

        Picking(List<Endpoint> endpoints, Balancer balancer) {
            service = service(endpoints, balancer);
            picker = balancer.build(Home.rebuild(service.decision()));
        }

        @Override
        public Object get() {
            return picker.pick();
        }
    }

    /** A service one of whose endpoints changes to and fro. Nothing runs but on the caller's thread, and nobody waits. */
    private static final class Changing {
        final Service service;
        private final ManualTime time = new ManualTime();
        private final StaticSource source;
        private final Turns<Resolution> answers;
        private final List<Endpoint> changed;

        Changing(int endpoints) {
            List<Endpoint> first = Addresses.each(endpoints, Home::weighted);
            changed = Addresses.eachButOne(endpoints, Home::weighted);
            answers = new Turns<>(Home.found(first), Home.found(changed));
            source = StaticSource.of(first);
            service = Home.discovery(source)
                    .executor(Runnable::run)
                    .time(time, time)
                    .random(new Random(1))
                    .build()
                    .service("orders.shop");
        }

        /** What is decided at most every so often is decided now. */
        void publish() {
            source.publish(answers.next());
            time.advance(COALESCED);
        }

        void mustBeSeen() {
            publish();
            List<Endpoint> seen = service.endpoints().stream()
                    .map(endpoint -> endpoint.withTier(""))
                    .toList();
            publish();
            if (!seen.containsAll(changed.subList(changed.size() / 2, changed.size() / 2 + 1))) {
                throw new IllegalStateException("the change is not seen");
            }
        }
    }
}
