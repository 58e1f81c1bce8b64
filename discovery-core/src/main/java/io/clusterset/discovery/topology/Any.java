package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import java.util.List;

/** As {@link Topology#any}. */
final class Any implements Topology {

    @Override
    public Narrowed narrow(Here here, List<Candidate> candidates) {
        return Narrowed.none(candidates);
    }

    @Override
    public String toString() {
        return Policies.ANY;
    }
}
