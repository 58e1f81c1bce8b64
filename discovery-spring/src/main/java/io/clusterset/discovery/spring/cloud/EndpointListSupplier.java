package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.model.DiscoveryException;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/**
 * The endpoints of a service for balancers that are not ours, the one to try first first. Asked anew for each request: what is
 * behind it remembers answers, for as long as they may be believed, and a cache in front of it would hide a failover.
 */
final class EndpointListSupplier implements ServiceInstanceListSupplier {

    private final String id;
    private final Steering steering;

    EndpointListSupplier(String id, Steering steering) {
        this.id = id;
        this.steering = steering;
    }

    @Override
    public String getServiceId() {
        return id;
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
        return get(new DefaultRequest<>());
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Flux<List<ServiceInstance>> get(Request request) {
        Request<?> asked = request;
        return Flux.defer(() -> {
            Optional<Authority> authority = Callee.of(id, asked).authority(steering.discovery());
            if (authority.isEmpty()) {
                return steering.stock().list(id, asked);
            }
            return steering.readiness()
                    .of(authority.get().service())
                    .map(service -> ClustersetDiscoveryClient.instances(id, service))
                    .onErrorReturn(DiscoveryException.class, List.of())
                    .flatMapMany(ours -> ours.isEmpty() ? steering.stock().list(id, asked) : Flux.just(ours));
        });
    }
}
