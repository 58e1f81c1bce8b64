package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.List;

/** The stage: which endpoints of a tier are eligible, and with what weight. Immutable and pure. */
public final class Eligibility {

    private final Topology policy;

    /** With a policy. */
    public Eligibility(Topology policy) {
        this.policy = policy;
    }

    /** Decides for one tier. */
    public Eligible of(Here here, List<Candidate> all) {
        Topology.Narrowed narrowed = policy.narrow(here, all);
        return new Eligible(narrowed.candidates(), narrowed.excluded(), 0);
    }

    /**
     * What was decided.
     *
     * @param candidates who may be called, with weights
     * @param excluded who may not, and the rule
     * @param missing how many would be eligible besides, were they ready
     */
    public record Eligible(List<Candidate> candidates, List<Evidence.Dropped> excluded, int missing) {
        /** Copies the lists. */
        public Eligible {
            candidates = List.copyOf(candidates);
            excluded = List.copyOf(excluded);
        }
    }
}
