package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.topology.Topology.Narrowed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The stage: which endpoints of a tier are eligible, and with what weight. First their conditions, then what the owner of the
 * Service wants, then the policy. Immutable and pure; where there is nothing to decide, the list comes back as it is.
 *
 * <p>Without a policy of the user's: what the owner prefers ({@code trafficDistribution}), else {@link Topology#preferNear} if
 * the own zone or region is known, else {@link Topology#any}.
 */
public final class Eligibility {

    static final String LOST = "own zone and region are not known, so places make no difference"
            + " (topology.zone and topology.region say them)";

    private static final Topology NEAR = new PreferNear(false);
    private static final Topology NODE_THEN_ZONE = new PreferNear(true);

    private final Optional<Topology> policy;

    /** With a policy, which goes before what owners prefer. */
    public Eligibility(Topology policy) {
        this(Optional.of(policy));
    }

    /** With a policy, or as owners prefer. */
    public Eligibility(Optional<Topology> policy) {
        this.policy = policy;
    }

    /** As {@link #of}, for endpoints of which it is known that they say nothing of conditions, places and owners' wishes. */
    public Eligible ofPlain(Here here, List<Candidate> all) {
        return policy.isPresent() ? of(here, all) : new Eligible(all, List.of(), 0);
    }

    /** The policy, as settings say it. */
    @Override
    public String toString() {
        return policy.map(Object::toString).orElse("prefer-near unless the service's owner prefers otherwise");
    }

    /** Decides for one tier. */
    public Eligible of(Here here, List<Candidate> all) {
        Traffic traffic = Traffic.ANY;
        boolean allReady = true;
        for (int i = 0; i < all.size(); i++) { // no iterator: there may be thousands
            Endpoint endpoint = all.get(i).endpoint();
            allReady &= endpoint.condition() == Condition.READY;
            if (endpoint.traffic().compareTo(traffic) > 0) {
                traffic = endpoint.traffic(); // all say the same, or the strictest counts
            }
        }
        if (traffic == Traffic.NODE_LOCAL && !here.isNodeUnknown()) {
            return nodeLocal(here.locality().node(), all);
        }
        Conditions conditions = allReady ? Conditions.ready(all) : Conditions.of(all);
        Narrowed narrowed = conditions.fallback() || conditions.usable().isEmpty()
                ? Narrowed.none(conditions.usable())
                : narrow(here, traffic, conditions.usable());
        List<String> notes = traffic == Traffic.NODE_LOCAL ? noted(narrowed.notes()) : narrowed.notes();
        if (allReady) {
            return new Eligible(narrowed.candidates(), narrowed.excluded(), 0, notes);
        }
        List<Evidence.Dropped> excluded = new ArrayList<>(conditions.excluded());
        excluded.addAll(narrowed.excluded());
        int missing = narrowed.excluded().isEmpty()
                ? conditions.notReady().size()
                : near(here, narrowed.candidates(), conditions.notReady());
        return new Eligible(narrowed.candidates(), excluded, missing, notes);
    }

    private static List<String> noted(List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        all.add("its owner keeps the service's traffic on the caller's node (internalTrafficPolicy: Local), and the own"
                + " node is not known (topology.node says it): endpoints of all nodes are taken");
        return all;
    }

    private Narrowed narrow(Here here, Traffic traffic, List<Candidate> ready) {
        if (policy.isPresent()) {
            return policy.get().narrow(here, ready);
        }
        boolean preferred = traffic == Traffic.PREFER_SAME_ZONE || traffic == Traffic.PREFER_SAME_NODE;
        return preferred ? preferred(here, traffic, ready) : byDefault(here, ready);
    }

    /**
     * What {@code trafficDistribution} asks for is a preference: those that kube-proxy would take come first, and what they
     * can't carry spills on to the others of the tier, rather than to another cluster. Where hints are of no use, by place.
     */
    private static Narrowed preferred(Here here, Traffic traffic, List<Candidate> ready) {
        ByHints.Choice hinted = ByHints.choose(here, ready);
        if (hinted.taken().isEmpty()) {
            boolean onNode = traffic == Traffic.PREFER_SAME_NODE && !here.isNodeUnknown();
            return onNode ? NODE_THEN_ZONE.narrow(here, ready) : byDefault(here, ready);
        }
        return Narrowed.none(hinted.first(ready));
    }

    private static Narrowed byDefault(Here here, List<Candidate> ready) {
        if (!here.isZoneUnknown() || !here.isRegionUnknown()) {
            return Narrowed.none(NEAR.narrow(here, ready).candidates()); // nobody asked, so nobody need know why not
        }
        for (Candidate candidate : ready) {
            Locality there = candidate.endpoint().locality();
            if (!there.zone().isEmpty() || !there.region().isEmpty()) {
                return Narrowed.none(ready, LOST);
            }
        }
        return Narrowed.none(ready);
    }

    /**
     * {@code internalTrafficPolicy: Local}, as kube-proxy: ready ones on this node, else those that end, else none. Other clusters'
     * endpoints, which do not say so, are on nobody's node and stay.
     */
    private static Eligible nodeLocal(String node, List<Candidate> all) {
        List<Candidate> here = new ArrayList<>();
        List<Candidate> elsewhere = new ArrayList<>();
        for (Candidate candidate : all) {
            Endpoint endpoint = candidate.endpoint();
            boolean local = endpoint.traffic() != Traffic.NODE_LOCAL // another cluster's
                    || endpoint.locality().node().equals(node);
            (local ? here : elsewhere).add(candidate);
        }
        Conditions conditions = Conditions.of(here);
        List<Evidence.Dropped> excluded = new ArrayList<>(conditions.excluded());
        excluded.addAll(Left.out(elsewhere, "not on node " + Text.safe(node) + " (internalTrafficPolicy: Local)"));
        boolean same = here.size() == all.size() && excluded.isEmpty();
        return new Eligible(
                same ? all : conditions.usable(),
                excluded,
                conditions.notReady().size(),
                List.of());
    }

    /**
     * How many of those that are not ready would be eligible where topology has left some out. Policies are not asked, for
     * what is not ready has no hints: it is where the eligible ones are that one is missed.
     */
    private static int near(Here here, List<Candidate> eligible, List<Candidate> notReady) {
        boolean onNode = !here.isNodeUnknown();
        for (Candidate candidate : eligible) {
            onNode &= candidate
                    .endpoint()
                    .locality()
                    .node()
                    .equals(here.locality().node());
        }
        Set<Locality> places = new HashSet<>();
        for (Candidate candidate : eligible) {
            places.add(place(candidate, onNode));
        }
        int near = 0;
        for (Candidate candidate : notReady) {
            near += places.contains(place(candidate, onNode)) ? 1 : 0;
        }
        return near;
    }

    private static Locality place(Candidate candidate, boolean toTheNode) {
        Locality place = candidate.endpoint().locality();
        return toTheNode ? place : new Locality(place.region(), place.zone(), "");
    }

    /**
     * What was decided.
     *
     * @param candidates who may be called, with weights; not copied, since there may be thousands: leave it alone
     * @param excluded who may not, and the rule
     * @param missing how many would be eligible besides, were they ready
     * @param notes sentences about what could not be done as wished; the same situation gives the same sentence
     */
    public record Eligible(
            List<Candidate> candidates, List<Evidence.Dropped> excluded, int missing, List<String> notes) {
        /** Copies the short lists. */
        public Eligible {
            excluded = List.copyOf(excluded);
            notes = List.copyOf(notes);
        }

        /** The same, with one more note. */
        public Eligible with(String note) {
            return new Eligible(
                    candidates,
                    excluded,
                    missing,
                    Stream.concat(notes.stream(), Stream.of(note)).toList());
        }

        /** With nothing to note. */
        public Eligible(List<Candidate> candidates, List<Evidence.Dropped> excluded, int missing) {
            this(candidates, excluded, missing, List.of());
        }
    }
}
