package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** As {@link Topology#ladder}: ServiceTopology's rules (KEP-536). */
final class Ladder implements Topology {

    private static final int MOST_KEYS = 16;
    private static final String ALL = "*";
    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private final List<String> keys;

    Ladder(List<String> keys) {
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException("ladder: " + keys.size() + " keys (expected: 1 to " + MOST_KEYS + ")");
        }
        Policies.checkUnique("ladder", keys);
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            boolean last = i == keys.size() - 1;
            if (key.equals(ALL) ? !last : !KEY.matcher(key).matches()) {
                throw new IllegalArgumentException(
                        "ladder: " + Text.quote(key) + " (expected: a label key, or * as the last)");
            }
        }
        this.keys = List.copyOf(keys);
    }

    @Override
    public Narrowed narrow(Here here, List<Candidate> candidates) {
        for (String key : keys) {
            if (key.equals(ALL)) {
                return Narrowed.none(candidates);
            }
            String mine = Labels.of(here, key);
            if (!mine.isEmpty()) {
                List<Candidate> same = new ArrayList<>();
                List<Candidate> others = new ArrayList<>();
                for (Candidate candidate : candidates) {
                    (mine.equals(Labels.of(candidate.endpoint(), key)) ? same : others).add(candidate);
                }
                if (!same.isEmpty()) {
                    return others.isEmpty()
                            ? Narrowed.none(candidates)
                            : new Narrowed(same, Left.out(others, "ladder: not at " + key + "=" + Text.safe(mine)));
                }
            }
        }
        List<Evidence.Dropped> excluded = Left.out(candidates, "ladder: matches none of " + String.join(", ", keys));
        boolean lost = keys.stream().allMatch(key -> Labels.of(here, key).isEmpty());
        return new Narrowed(
                List.of(),
                excluded,
                lost
                        ? List.of("ladder: nothing is known of the own place that it asks for, so it takes nobody"
                                + " (topology.zone and others say it; * as the last key takes all)")
                        : List.of());
    }

    @Override
    public String toString() {
        return Policies.LADDER + ":" + String.join(",", keys);
    }
}
