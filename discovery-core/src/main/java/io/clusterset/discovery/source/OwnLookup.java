package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How one service is looked up, where that is not as for all. Immutable.
 *
 * @param tiers where, in order; empty for the discovery's tiers
 * @param port the port of a caller who says none
 * @param name the service looked up in its place, in the same tiers
 * @param staticList its endpoints, which replace any lookup; empty to look it up
 */
public record OwnLookup(List<Tier> tiers, Port port, Optional<String> name, List<Endpoint> staticList) {

    /** As every other service. */
    public static final OwnLookup NONE = new OwnLookup(List.of(), Port.unspecified(), Optional.empty(), List.of());

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is a list and something to look up besides
     */
    public OwnLookup {
        tiers = List.copyOf(tiers);
        staticList = List.copyOf(staticList);
        if (!staticList.isEmpty() && !(tiers.isEmpty() && name.isEmpty())) {
            throw new IllegalArgumentException("static: " + staticList
                    + " (expected: neither tiers nor name beside it, for nothing is looked up)");
        }
    }

    /** The same with its tiers changed. */
    public OwnLookup withTiers(UnaryOperator<List<Tier>> change) {
        return tiers.isEmpty() ? this : new OwnLookup(change.apply(tiers), port, name, staticList);
    }
}
