package io.clusterset.discovery.model;

import java.util.Optional;

/**
 * Whether an endpoint's cluster would send it traffic: the conditions of an EndpointSlice, as kube-proxy reads them. DNS says
 * nothing of it, so what comes from DNS is {@link #READY}.
 *
 * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/1672-tracking-terminating-endpoints">
 *     KEP-1672</a> and KEP-1669, which has endpoints that are terminating used while none is ready
 */
public enum Condition {
    /** Takes traffic. */
    READY,
    /** Does not take traffic yet, or not at the moment: it counts as one that its tier should have. */
    NOT_READY,
    /** About to end and still answering: takes traffic while none is ready. */
    SERVING_TERMINATING,
    /** About to end: takes none and is missed by nobody. */
    TERMINATING;

    /** Whether it takes traffic, if only while no other is ready. */
    public boolean takesTraffic() {
        return this == READY || this == SERVING_TERMINATING;
    }

    /**
     * What an EndpointSlice's three conditions come to; absent ones mean ready, as ready, and not terminating. One that is
     * ready though it terminates (its Service publishes addresses that are not ready) is ready.
     */
    public static Condition of(Optional<Boolean> ready, Optional<Boolean> serving, Optional<Boolean> terminating) {
        if (ready.orElse(true)) {
            return READY;
        }
        if (!terminating.orElse(false)) {
            return NOT_READY;
        }
        return serving.orElse(false) ? SERVING_TERMINATING : TERMINATING;
    }
}
