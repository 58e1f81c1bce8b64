package io.clusterset.discovery.model;

import java.util.Set;

/**
 * Whom a cluster's control plane would like to use an endpoint: the hints of an EndpointSlice.
 *
 * @param zones the zones it is meant for; empty if it has no such hint
 * @param nodes the nodes it is meant for; empty if it has no such hint
 * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/2433-topology-aware-hints">KEP-2433</a>
 *     and KEP-3015 for nodes
 */
public record Hints(Set<String> zones, Set<String> nodes) {

    /** No hint. */
    public static final Hints NONE = new Hints(Set.of(), Set.of());

    /** Copies the sets. */
    public Hints {
        zones = Set.copyOf(zones);
        nodes = Set.copyOf(nodes);
    }
}
