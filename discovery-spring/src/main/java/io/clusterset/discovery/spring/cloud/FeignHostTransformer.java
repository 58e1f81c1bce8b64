package io.clusterset.discovery.spring.cloud;

import feign.Request;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.openfeign.loadbalancer.LoadBalancerFeignRequestTransformer;
import org.springframework.http.HttpHeaders;

/** As {@link HostTransformer}, for Feign. */
final class FeignHostTransformer implements LoadBalancerFeignRequestTransformer {

    @Override
    public Request transformRequest(Request request, ServiceInstance instance) {
        Map<String, Collection<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        if (!(instance instanceof EndpointInstance ours)
                || ours.host().isEmpty()
                || headers.containsKey(HttpHeaders.HOST)) {
            return request;
        }
        headers.put(HttpHeaders.HOST, List.of(ours.host().get()));
        return Request.create(
                request.httpMethod(),
                request.url(),
                headers,
                request.body(),
                request.charset(),
                request.requestTemplate());
    }
}
