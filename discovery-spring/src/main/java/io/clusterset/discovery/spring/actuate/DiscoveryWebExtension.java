package io.clusterset.discovery.spring.actuate;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** The answers of the {@link DiscoveryEndpoint} that may be no success, with their HTTP status. */
@EndpointWebExtension(endpoint = DiscoveryEndpoint.class)
final class DiscoveryWebExtension {

    private final DiscoveryEndpoint endpoint;

    DiscoveryWebExtension(DiscoveryEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @ReadOperation
    WebEndpointResponse<Map<String, Object>> explain(@Selector String service, @Nullable String ago) {
        return response(endpoint.explanation(service, ago));
    }

    @WriteOperation
    WebEndpointResponse<Map<String, Object>> drill(
            @Nullable String tier, @Nullable String percent, @Nullable String time) {
        return response(endpoint.begin(tier, percent, time));
    }

    @DeleteOperation
    WebEndpointResponse<Map<String, Object>> endDrill(@Nullable String tier) {
        return response(endpoint.end(tier));
    }

    private static WebEndpointResponse<Map<String, Object>> response(Answer answer) {
        return new WebEndpointResponse<>(answer.document(), answer.status());
    }
}
