package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.util.List;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.web.client.RestTemplate;

/** Spring Cloud LoadBalancer with two instances; it knows of no order between them. */
final class Spring implements Client {

    private final RestTemplate http;

    Spring(FakeEndpoint local, FakeEndpoint remote) {
        http = io.clusterset.benchmarks.peers.Spring.restTemplate(List.of(instance(local), instance(remote)));
    }

    private static ServiceInstance instance(FakeEndpoint endpoint) {
        return new DefaultServiceInstance(
                endpoint.name(), "orders", endpoint.address().getAddress().getHostAddress(), endpoint.port(), false);
    }

    @Override
    public void call() {
        http.getForObject("http://orders/list", String.class);
    }
}
