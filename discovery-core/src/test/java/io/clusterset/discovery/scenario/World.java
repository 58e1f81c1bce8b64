package io.clusterset.discovery.scenario;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.ManualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Two clusters in virtual time: scripted sources, endpoints that are up or down, everything on one thread. */
public final class World implements AutoCloseable {

    public final ManualTime time = new ManualTime();
    public final Script local = new Script();
    public final Script clusterset = new Script();
    public final Set<InetSocketAddress> down = new HashSet<>();
    public final List<String> events = new ArrayList<>();
    public final Discovery discovery;

    public World() {
        this(builder -> builder);
    }

    public World(Tier first, Tier second) {
        this(builder -> builder, first, second);
    }

    public World(UnaryOperator<Discovery.Builder> change) {
        this(change, Tier.of("local", "cluster.local"), Tier.of("clusterset", "clusterset.local"));
    }

    private World(UnaryOperator<Discovery.Builder> change, Tier first, Tier second) {
        Prober prober = (address, timeout, done) ->
                done.accept(down.contains(address) ? new Prober.Refused("connection refused") : new Prober.Passed());
        Discovery.Builder builder = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(first, local)
                .tier(second, clusterset)
                .prober(prober)
                .time(time, time)
                .random(new Random(1))
                .executor(Runnable::run)
                .listener(event -> events.add(time.nanos() / 1_000_000 + " " + describe(event)));
        discovery = change.apply(builder).build();
    }

    private static String describe(Event event) {
        return event.toString();
    }

    public static Resolution found(String... endpoints) {
        List<Endpoint> list = Stream.of(endpoints).map(Endpoint::parse).toList();
        return new Resolution.Found(list, Duration.ofSeconds(5), Evidence.NONE);
    }

    public static Resolution noSuchName() {
        return new Resolution.NoSuchName(Duration.ofSeconds(5), Evidence.NONE);
    }

    public static Resolution empty() {
        return new Resolution.Empty(Duration.ofSeconds(5), Evidence.NONE);
    }

    public static Resolution servfail() {
        return new Resolution.Unknown(
                List.of(),
                Duration.ZERO,
                new Evidence(List.of(), "10.96.0.10", "SERVFAIL", "SERVFAIL from 10.96.0.10", List.of()));
    }

    public Service orders() {
        return discovery.service("orders.shop");
    }

    /** One call that is refused by endpoints that are down; where it was served, or why not. */
    public String call(Service service) {
        try {
            return service.<String, java.net.ConnectException>call(
                    io.clusterset.discovery.call.Call.idempotent(), endpoint -> {
                        if (down.contains(endpoint.socketAddress())) {
                            throw new java.net.ConnectException("Connection refused");
                        }
                        return endpoint.tier();
                    });
        } catch (java.net.ConnectException | RuntimeException failed) {
            return "failed: " + failed.getMessage();
        }
    }

    public void kill(String... endpoints) {
        Stream.of(endpoints).map(text -> Endpoint.parse(text).socketAddress()).forEach(down::add);
    }

    public void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    @Override
    public void close() {
        discovery.close();
    }

    /** A source that says what it is told to, when it is told to; silent until then. */
    public static final class Script implements EndpointSource {
        private final Map<Question, List<Listener>> watches = new java.util.LinkedHashMap<>();
        private Optional<Resolution> answer = Optional.empty();
        public int asked;
        public int askedForNames;
        public Set<String> names = Set.of();

        /** From now on, and to whoever waits. */
        public Script says(Resolution resolution) {
            answer = Optional.of(resolution);
            watches.values().stream().flatMap(List::stream).toList().forEach(l -> l.resolved(resolution));
            return this;
        }

        public void fallsSilent() {
            answer = Optional.empty();
        }

        public int watches() {
            return watches.values().stream().mapToInt(List::size).sum();
        }

        @Override
        public Watch watch(Question question, Listener listener) {
            asked++;
            watches.computeIfAbsent(question, q -> new ArrayList<>()).add(listener);
            answer.ifPresent(listener::resolved);
            return () -> watches.getOrDefault(question, new ArrayList<>()).remove(listener);
        }

        @Override
        public void refresh(Question question, Effort effort) {
            asked++;
            answer.ifPresent(now ->
                    List.copyOf(watches.getOrDefault(question, List.of())).forEach(listener -> listener.resolved(now)));
        }

        @Override
        public Set<String> serviceNames() {
            askedForNames++;
            return names;
        }

        @Override
        public void close() {
            watches.clear();
        }
    }
}
