package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.List;

/** A policy that narrows the endpoints of one tier, or weights them. Implementations are immutable and pure. */
@FunctionalInterface
public interface Topology {

    /** Takes every endpoint with the weight its source gave it. */
    static Topology any() {
        return (here, candidates) -> new Narrowed(candidates, List.of());
    }

    /**
     * Narrows one tier.
     *
     * @param here where this process runs
     * @param candidates those that are ready; if none is, those that serve although they terminate
     */
    Narrowed narrow(Here here, List<Candidate> candidates);

    /**
     * What a policy decided.
     *
     * @param candidates who may be called, with weights
     * @param excluded who may not, and the rule
     */
    record Narrowed(List<Candidate> candidates, List<Evidence.Dropped> excluded) {
        /** Copies the lists. */
        public Narrowed {
            candidates = List.copyOf(candidates);
            excluded = List.copyOf(excluded);
        }
    }
}
