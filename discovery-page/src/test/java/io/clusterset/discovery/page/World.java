package io.clusterset.discovery.page;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.ManualTime;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A discovery of two tiers in virtual time, and its page: what sources say is said here, endpoints are up or down. */
final class World implements AutoCloseable {

    final ManualTime time = new ManualTime();
    final Script local = new Script();
    final Script clusterset = new Script();
    final Set<InetSocketAddress> down = new HashSet<>();
    final Discovery discovery;
    final DiscoveryPage page;

    World() {
        this(builder -> builder);
    }

    World(UnaryOperator<Discovery.Builder> change) {
        Prober prober = (address, timeout, done) ->
                done.accept(down.contains(address) ? new Prober.Refused("connection refused") : new Prober.Passed());
        discovery = change.apply(Discovery.builder()
                        .settings(Settings.none())
                        .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                        .tier(Tier.of("local", "cluster.local"), local)
                        .tier(Tier.of("clusterset", "clusterset.local"), clusterset)
                        .prober(prober)
                        .time(time, time)
                        .random(new Random(1))
                        .executor(Runnable::run))
                .build();
        page = DiscoveryPage.of(discovery, time);
        local.says(found(Stream.of("10.0.0.1:80", "10.0.0.2:80").map(Endpoint::parse)));
        clusterset.says(found(Stream.of("10.1.0.1:80").map(Endpoint::parse)));
    }

    static Resolution found(Stream<Endpoint> endpoints) {
        return new Resolution.Found(endpoints.toList(), Duration.ofSeconds(5), Evidence.NONE);
    }

    Service orders() {
        return discovery.service("orders.shop");
    }

    Service warm() {
        Service orders = orders();
        call(orders);
        pass(1_000);
        return orders;
    }

    /** Ten calls, one every 100 ms. */
    void calls(Service service) {
        for (int i = 0; i < 10; i++) {
            call(service);
            pass(100);
        }
    }

    /** Home dies and calls find out. */
    void outage(Service service) {
        local.endpoints().forEach(endpoint -> down.add(endpoint.socketAddress()));
        calls(service);
        calls(service);
    }

    private void call(Service service) {
        try {
            service.<String, ConnectException>call(Call.idempotent(), endpoint -> {
                if (down.contains(endpoint.socketAddress())) {
                    throw new ConnectException("Connection refused");
                }
                return endpoint.tier();
            });
        } catch (ConnectException refused) {
            throw new AssertionError(refused);
        }
    }

    void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    @Override
    public void close() {
        discovery.close();
    }

    /** A source that says what it is told to. */
    static final class Script implements EndpointSource {

        private final List<Listener> listeners = new ArrayList<>();
        private Optional<Resolution> answer = Optional.empty();

        void says(Resolution resolution) {
            answer = Optional.of(resolution);
            List.copyOf(listeners).forEach(listener -> listener.resolved(resolution));
        }

        List<Endpoint> endpoints() {
            return answer.map(Resolution::endpoints).orElse(List.of());
        }

        @Override
        public Watch watch(Question question, Listener listener) {
            listeners.add(listener);
            answer.ifPresent(listener::resolved);
            return () -> listeners.remove(listener);
        }

        @Override
        public void refresh(Question question, Effort effort) {
            answer.ifPresent(now -> List.copyOf(listeners).forEach(listener -> listener.resolved(now)));
        }

        @Override
        public void close() {
            listeners.clear();
        }
    }
}
