package io.clusterset.benchmarks.failover;

import io.servicetalk.client.api.DefaultServiceDiscovererEvent;
import io.servicetalk.client.api.ServiceDiscoverer;
import io.servicetalk.client.api.ServiceDiscovererEvent;
import io.servicetalk.concurrent.api.AsyncCloseables;
import io.servicetalk.concurrent.api.Completable;
import io.servicetalk.concurrent.api.ListenableAsyncCloseable;
import io.servicetalk.concurrent.api.Publisher;
import io.servicetalk.http.api.BlockingHttpClient;
import io.servicetalk.http.api.FilterableStreamingHttpLoadBalancedConnection;
import io.servicetalk.http.api.HttpResponse;
import io.servicetalk.http.api.SingleAddressHttpClientBuilder;
import io.servicetalk.http.netty.DefaultHttpLoadBalancerFactory;
import io.servicetalk.http.netty.HttpClients;
import io.servicetalk.http.utils.TimeoutHttpRequesterFilter;
import io.servicetalk.loadbalancer.LoadBalancers;
import io.servicetalk.loadbalancer.OutlierDetectorConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** ServiceTalk and a discoverer that knows both addresses. What it says of a host has no public priority. */
final class ServiceTalk implements Client {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final BlockingHttpClient http;

    private ServiceTalk(SingleAddressHttpClientBuilder<String, InetSocketAddress> builder) {
        http = builder.buildBlocking();
    }

    /** As it comes: round robin, and who can't be connected to is left out. */
    static ServiceTalk asItComes(Served local, Served remote) {
        return new ServiceTalk(of(local, remote));
    }

    /** With outlier detection, which is a balancer of its own, and a timeout, without which it has little to detect. */
    @SuppressWarnings("deprecation") // the door to it has been, without another one
    static ServiceTalk ofOutliers(Served local, Served remote) {
        return new ServiceTalk(of(local, remote)
                .appendClientFilter(new TimeoutHttpRequesterFilter(TIMEOUT, true))
                .loadBalancerFactory(DefaultHttpLoadBalancerFactory.Builder.from(
                                LoadBalancers.<InetSocketAddress, FilterableStreamingHttpLoadBalancedConnection>builder(
                                                "orders")
                                        .outlierDetectorConfig(new OutlierDetectorConfig.Builder().build())
                                        .build())
                        .build()));
    }

    private static SingleAddressHttpClientBuilder<String, InetSocketAddress> of(Served local, Served remote) {
        return HttpClients.forSingleAddress(new Both(address(local), address(remote)), "orders");
    }

    private static InetSocketAddress address(Served endpoint) {
        return new InetSocketAddress(endpoint.inet(), endpoint.port());
    }

    @Override
    public void call() throws Exception {
        HttpResponse response = http.request(http.get("/list"));
        if (response.status().code() != 200) {
            throw new IOException(response.status().toString());
        }
    }

    /** Both are there, and stay. */
    private static final class Both
            implements ServiceDiscoverer<String, InetSocketAddress, ServiceDiscovererEvent<InetSocketAddress>> {

        private final List<ServiceDiscovererEvent<InetSocketAddress>> both;
        private final ListenableAsyncCloseable nothing = AsyncCloseables.emptyAsyncCloseable();

        Both(InetSocketAddress local, InetSocketAddress remote) {
            both = List.of(there(local), there(remote));
        }

        private static ServiceDiscovererEvent<InetSocketAddress> there(InetSocketAddress address) {
            return new DefaultServiceDiscovererEvent<>(address, ServiceDiscovererEvent.Status.AVAILABLE);
        }

        @Override
        public Publisher<Collection<ServiceDiscovererEvent<InetSocketAddress>>> discover(String name) {
            return Publisher.<Collection<ServiceDiscovererEvent<InetSocketAddress>>>from(both)
                    .concat(Publisher.never());
        }

        @Override
        public Completable onClose() {
            return nothing.onClose();
        }

        @Override
        public Completable closeAsync() {
            return nothing.closeAsync();
        }
    }
}
