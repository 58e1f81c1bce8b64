package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.ServiceName;
import java.util.Optional;
import okhttp3.Call;

/**
 * An attempt of a call at an endpoint. Each attempt's request carries it as a tag, so the response tells who served it: {@code
 * response.request().tag(CallAttempt.class)}. Immutable.
 *
 * @param service the service, with its port
 * @param endpoint the endpoint; {@link Endpoint#tier()} is its tier
 * @param number 1 for the first attempt at the service, 2 for the next
 */
public record CallAttempt(ServiceName service, Endpoint endpoint, int number) {

    /**
     * The attempt that a call is at, or was at last: for event listeners, which are told of connections before there is a request.
     * Empty before the first, and if the call is not to a service of ours.
     */
    public static Optional<CallAttempt> of(Call call) {
        return Journey.of(call).attempt();
    }

    /** {@code orders.shop:8080 at local 10.0.0.1:8080, attempt 1}. */
    @Override
    public String toString() {
        return service + " at " + endpoint + ", attempt " + number;
    }
}
