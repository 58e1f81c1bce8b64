package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.List;

/** A policy that narrows the endpoints of one tier. Implementations are immutable and pure. */
@FunctionalInterface
public interface Topology {

    /** Takes every endpoint with the weight its source gave it. The default. */
    static Topology any() {
        return candidates -> new Eligible(candidates, List.of());
    }

    /** Narrows one tier. */
    Eligible narrow(List<Candidate> candidates);

    /**
     * What a policy decided.
     *
     * @param candidates who may be called, with weights
     * @param excluded who may not, and the rule
     */
    record Eligible(List<Candidate> candidates, List<Evidence.Dropped> excluded) {
        /** Copies the lists. */
        public Eligible {
            candidates = List.copyOf(candidates);
            excluded = List.copyOf(excluded);
        }
    }
}
