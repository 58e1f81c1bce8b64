package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.DiscoveryException;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * The endpoints of all tiers, the one to try first first; none of what is somebody else's, so that the next client is asked. Fails
 * for no reason of DNS. Waits for a service's very first answer alone, 2.5 s at most.
 */
final class ClustersetDiscoveryClient implements DiscoveryClient {

    static final String DESCRIPTION = "Clusterset Discovery Client";

    /** Before the others, as the balancer does it: they are asked for what no tier knows. */
    static final int ORDER = DEFAULT_ORDER - 1;

    private final Discovery discovery;

    ClustersetDiscoveryClient(Discovery discovery) {
        this.discovery = discovery;
    }

    static List<ServiceInstance> instances(String id, Service service) {
        return service.endpoints().stream()
                .<ServiceInstance>map(endpoint -> EndpointInstance.listed(id, service, endpoint))
                .toList();
    }

    @Override
    public String description() {
        return DESCRIPTION;
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        Optional<Authority> authority = Callee.of(serviceId).authority(discovery);
        try {
            return authority.map(found -> instances(serviceId, found.service())).orElse(List.of());
        } catch (DiscoveryException closedOrInterrupted) {
            return List.of();
        }
    }

    /** Those in use and those configured: DNS lists none. */
    @Override
    public List<String> getServices() {
        return List.copyOf(discovery.serviceNames());
    }

    /**
     * That a name server is down does not put this client out of service, which answers from what it knows.
     *
     * @throws DiscoveryException if the discovery was closed
     */
    @Override
    public void probe() {
        if (discovery.closed()) {
            throw new DiscoveryException(description() + ": the discovery was closed");
        }
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}
