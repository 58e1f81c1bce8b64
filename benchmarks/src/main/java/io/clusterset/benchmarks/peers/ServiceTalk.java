package io.clusterset.benchmarks.peers;

import static io.servicetalk.concurrent.api.Completable.completed;
import static io.servicetalk.concurrent.api.Completable.never;

import io.servicetalk.client.api.ConnectionFactory;
import io.servicetalk.client.api.DefaultServiceDiscovererEvent;
import io.servicetalk.client.api.LoadBalancedConnection;
import io.servicetalk.client.api.LoadBalancer;
import io.servicetalk.client.api.ServiceDiscovererEvent;
import io.servicetalk.concurrent.api.Completable;
import io.servicetalk.concurrent.api.Publisher;
import io.servicetalk.concurrent.api.Single;
import io.servicetalk.context.api.ContextMap;
import io.servicetalk.loadbalancer.LoadBalancers;
import io.servicetalk.loadbalancer.LoadBalancingPolicies;
import io.servicetalk.transport.api.TransportObserver;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** ServiceTalk's round robin: its pick ends at an open connection. */
public final class ServiceTalk {

    private ServiceTalk() {}

    /** {@code selectConnection}, awaited; every endpoint has a connection. */
    public static Supplier<Object> pick(int endpoints) {
        LoadBalancer<Connection> balancer = balancer(0, endpoints);
        return () -> select(balancer);
    }

    /** A load balancer with a connection to every endpoint. */
    public static Object model(int service, int endpoints) {
        return balancer(service, endpoints);
    }

    private static LoadBalancer<Connection> balancer(int service, int endpoints) {
        List<ServiceDiscovererEvent<InetSocketAddress>> events = Addresses.each(
                service,
                endpoints,
                nth -> new DefaultServiceDiscovererEvent<>(
                        Addresses.socket(nth), ServiceDiscovererEvent.Status.AVAILABLE));
        LoadBalancer<Connection> balancer = LoadBalancers.<InetSocketAddress, Connection>builder("orders")
                .loadBalancingPolicy(LoadBalancingPolicies.roundRobin().build())
                .build()
                .newLoadBalancer(Publisher.from(events).concat(Publisher.never()), new Connections(), "orders");
        for (int i = 0; i < endpoints; i++) {
            select(balancer);
        }
        return balancer;
    }

    private static Object select(LoadBalancer<Connection> balancer) {
        try {
            return balancer.selectConnection(connection -> true, null)
                    .toFuture()
                    .get();
        } catch (InterruptedException | ExecutionException none) {
            throw new IllegalStateException(none);
        }
    }

    private static final class Connection implements LoadBalancedConnection {
        @Override
        public int score() {
            return 1;
        }

        @Override
        public Completable closeAsync() {
            return completed();
        }

        @Override
        public Completable onClose() {
            return never();
        }
    }

    private static final class Connections implements ConnectionFactory<InetSocketAddress, Connection> {
        @Override
        public Single<Connection> newConnection(
                InetSocketAddress address, @Nullable ContextMap context, @Nullable TransportObserver observer) {
            return Single.succeeded(new Connection());
        }

        @Override
        public Completable closeAsync() {
            return completed();
        }

        @Override
        public Completable onClose() {
            return never();
        }
    }
}
