package io.clusterset.discovery;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints of a service are meant.
 *
 * @param what in a word, such as {@code canary}; empty for all
 * @param predicate true for those that are meant
 */
record Selection(String what, Predicate<Endpoint> predicate) {

    static final Selection ALL = new Selection("", endpoint -> true);

    /** What it is called in events: {@code orders.shop}, {@code orders.shop (canary)}. */
    String subject(ServiceName name) {
        return what.isEmpty() ? name.toString() : name + " (" + what + ")";
    }

    /**
     * Those that are meant; what the predicate throws is the caller's to contain.
     *
     * @param others takes the rest
     */
    List<Candidate> of(List<Candidate> candidates, List<Evidence.Dropped> others) {
        if (what.isEmpty()) {
            return candidates;
        }
        List<Candidate> meant = new ArrayList<>();
        List<Evidence.Dropped> rest = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (predicate.test(candidate.endpoint())) {
                meant.add(candidate);
            } else {
                rest.add(new Evidence.Dropped(candidate.endpoint().authority(), "not selected: " + what));
            }
        }
        others.addAll(rest);
        return meant;
    }
}
