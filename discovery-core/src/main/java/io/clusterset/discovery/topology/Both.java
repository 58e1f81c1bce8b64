package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.ArrayList;
import java.util.List;

/** One policy, then another on what it left. */
final class Both implements Topology {

    private final Topology first;
    private final Topology second;

    Both(Topology first, Topology second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public Narrowed narrow(Here here, List<Candidate> candidates) {
        Narrowed left = first.narrow(here, candidates);
        if (left.candidates().isEmpty()) {
            return left;
        }
        Narrowed last = second.narrow(here, left.candidates());
        List<Evidence.Dropped> excluded = new ArrayList<>(left.excluded());
        excluded.addAll(last.excluded());
        List<String> notes = new ArrayList<>(left.notes());
        notes.addAll(last.notes());
        return new Narrowed(last.candidates(), excluded, notes);
    }

    @Override
    public String toString() {
        return first + "+" + second;
    }
}
