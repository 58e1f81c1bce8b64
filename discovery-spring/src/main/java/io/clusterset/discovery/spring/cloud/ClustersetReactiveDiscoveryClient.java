package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.DiscoveryException;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** As {@link ClustersetDiscoveryClient}, and never blocks. */
final class ClustersetReactiveDiscoveryClient implements ReactiveDiscoveryClient {

    private final Discovery discovery;
    private final Readiness readiness;

    ClustersetReactiveDiscoveryClient(Discovery discovery, Readiness readiness) {
        this.discovery = discovery;
        this.readiness = readiness;
    }

    @Override
    public String description() {
        return ClustersetDiscoveryClient.DESCRIPTION;
    }

    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return Mono.defer(() -> Mono.justOrEmpty(Callee.of(serviceId).authority(discovery)))
                .flatMap(authority -> readiness.of(authority.service()))
                .flatMapIterable(service -> ClustersetDiscoveryClient.instances(serviceId, service))
                .onErrorResume(DiscoveryException.class, closed -> Flux.empty());
    }

    @Override
    public Flux<String> getServices() {
        return Flux.defer(() -> Flux.fromIterable(discovery.serviceNames()));
    }

    @Override
    public Mono<Void> reactiveProbe() {
        return Mono.defer(() -> discovery.closed()
                ? Mono.error(new DiscoveryException(description() + ": the discovery was closed"))
                : Mono.empty());
    }

    @Override
    public int getOrder() {
        return ClustersetDiscoveryClient.ORDER;
    }
}
