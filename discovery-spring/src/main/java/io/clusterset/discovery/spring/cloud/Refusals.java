package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.call.Call;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.core.env.Environment;

/**
 * How often a request is tried: as often as Spring does by default, but what was refused is not counted while there is an endpoint that
 * the request has not met; as calls of the library itself do. Where the application says how often there is to be a retry, that holds,
 * whatever it was that failed. Thread-safe.
 */
final class Refusals {

    private static final LoadBalancerProperties.Retry UNSAID = new LoadBalancerProperties.Retry();
    private static final List<String> KEYS =
            List.of("max-retries-on-next-service-instance", "max-retries-on-same-service-instance");

    private final Environment environment;
    private final ReactiveLoadBalancer.Factory<ServiceInstance> factory;

    Refusals(Environment environment, ReactiveLoadBalancer.Factory<ServiceInstance> factory) {
        this.environment = environment;
        this.factory = factory;
    }

    /**
     * Whether there may be another attempt.
     *
     * @param id the service
     * @param attempts how many there were
     * @param last where the last of them was
     * @param refused whether it was refused there
     */
    boolean allow(String id, int attempts, EndpointInstance last, boolean refused) {
        if (refused) {
            last.refuse();
        }
        int most = factory.getProperties(id).getRetry().getMaxRetriesOnNextServiceInstance() + 1;
        return attempts < most
                || (!areCounted(id)
                        && attempts - last.refusals() < most
                        && attempts < Call.MOST_ATTEMPTS
                        && last.mayMeetOthers());
    }

    /** Whether the application says how often: by a setting, of whatever value, or by whoever made the properties. */
    boolean areCounted(String id) {
        LoadBalancerProperties.Retry retry = factory.getProperties(id).getRetry();
        return retry.getMaxRetriesOnNextServiceInstance() != UNSAID.getMaxRetriesOnNextServiceInstance()
                || retry.getMaxRetriesOnSameServiceInstance() != UNSAID.getMaxRetriesOnSameServiceInstance()
                || Stream.of("", "clients." + id + ".", "clients[" + id + "].")
                        .flatMap(whose ->
                                KEYS.stream().map(key -> "spring.cloud.loadbalancer." + whose + "retry." + key))
                        .anyMatch(environment::containsProperty);
    }
}
