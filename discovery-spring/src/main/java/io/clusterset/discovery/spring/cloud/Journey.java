package io.clusterset.discovery.spring.cloud;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.loadbalancer.Request;

/**
 * Where a request has been, told by the balancer to {@link RepeatingFilter}, and what became of its body, told by {@link WatchedBody}:
 * an attribute of the request.
 */
final class Journey {

    static final String ATTRIBUTE = Journey.class.getName();

    private volatile @Nullable EndpointInstance last;
    private volatile boolean streamBegun;
    private volatile boolean ownFailure;

    static Optional<Journey> of(Request<?> request) {
        return Callee.data(request)
                .map(data -> data.getAttributes().get(ATTRIBUTE))
                .filter(Journey.class::isInstance)
                .map(Journey.class::cast);
    }

    void at(EndpointInstance instance) {
        last = instance;
    }

    Optional<EndpointInstance> last() {
        return Optional.ofNullable(last);
    }

    /** The body is a stream, and was begun: whether it can be had again, nobody knows. */
    void beginStream() {
        streamBegun = true;
    }

    /** The body failed, or its encoder: no endpoint's fault. */
    void failByItself() {
        ownFailure = true;
    }

    boolean isOwnFailure() {
        return ownFailure;
    }

    /** Whether all of the request can be had once more. */
    boolean isRepeatable() {
        return !streamBegun && !ownFailure;
    }
}
