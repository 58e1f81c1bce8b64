package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.ArrayList;
import java.util.List;

/** Says who was left out. */
final class Left {

    private Left() {}

    static List<Evidence.Dropped> out(List<Candidate> candidates, String rule) {
        List<Evidence.Dropped> dropped = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            dropped.add(new Evidence.Dropped(candidate.endpoint().authority(), rule));
        }
        return dropped;
    }
}
