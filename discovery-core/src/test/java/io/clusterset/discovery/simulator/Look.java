package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A decision, and what many picks are held against: reckoned once, since a decision outlives hundreds of calls. */
final class Look {

    final Decision decision;
    final Map<Endpoint, Double> shares;
    private final List<Candidate> all = new ArrayList<>();
    private final Map<Endpoint, Candidate> known = new HashMap<>();

    Look(Decision decision) {
        this.decision = decision;
        this.shares = decision.shares();
        decision.tiers().forEach(tier -> all.addAll(tier.candidates()));
        all.forEach(candidate -> known.put(candidate.endpoint(), candidate));
    }

    Stream<Endpoint> endpoints() {
        return all.stream().map(Candidate::endpoint);
    }

    int size() {
        return all.size();
    }

    boolean isInSnapshot(Endpoint endpoint) {
        return known.containsKey(endpoint)
                || decision.snapshot().tiers().stream()
                        .anyMatch(tier -> tier.endpoints().contains(endpoint));
    }

    double share(Endpoint endpoint) {
        return shares.getOrDefault(endpoint, 0.0);
    }

    /** The explanation says so under "next". */
    boolean isOnTrial(Endpoint endpoint) {
        Candidate candidate = known.get(endpoint);
        return candidate != null && candidate.use() == Candidate.Use.ON_TRIAL;
    }

    /**
     * Somebody nothing is held against and whom the call has not met, if something is held against this one.
     *
     * @param met by address: whoever stands in two tiers (law 10) is one
     */
    Optional<Endpoint> better(Endpoint endpoint, Set<InetSocketAddress> met) {
        Candidate candidate = known.get(endpoint);
        if (candidate == null || candidate.isGood()) {
            return Optional.empty();
        }
        return all.stream()
                .filter(other -> other.isGood()
                        && other.weight() > 0
                        && !met.contains(other.endpoint().socketAddress()))
                .map(Candidate::endpoint)
                .findFirst();
    }
}
