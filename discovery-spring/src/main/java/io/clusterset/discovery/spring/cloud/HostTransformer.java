package io.clusterset.discovery.spring.cloud;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequestTransformer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.support.HttpRequestWrapper;

/** Says in {@code Host} what the URL said, before Spring put the endpoint's address there. */
final class HostTransformer implements LoadBalancerRequestTransformer {

    @Override
    public HttpRequest transformRequest(HttpRequest request, @Nullable ServiceInstance instance) {
        if (!(instance instanceof EndpointInstance ours)
                || ours.host().isEmpty()
                || request.getHeaders().containsHeader(HttpHeaders.HOST)) {
            return request;
        }
        HttpHeaders headers = new HttpHeaders(); // not the request's own: that one may go elsewhere next
        headers.putAll(request.getHeaders());
        headers.set(HttpHeaders.HOST, ours.host().get());
        return new HttpRequestWrapper(request) {
            @Override
            public HttpHeaders getHeaders() {
                return headers;
            }
        };
    }
}
