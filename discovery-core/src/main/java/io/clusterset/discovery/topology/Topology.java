package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.List;

/**
 * A policy that narrows the endpoints of one tier, or weights them. Implementations are immutable and pure, and hand on the
 * very list they were given if they change nothing.
 */
@FunctionalInterface
public interface Topology {

    /** Takes every endpoint with the weight its source gave it. */
    static Topology any() {
        return new Any();
    }

    /**
     * Takes the endpoints that match the first of these labels that matches any: Kubernetes's former {@code topologyKeys}, to
     * the letter. A label the own node lacks is skipped, one an endpoint lacks does not match; with no match <em>none</em> is
     * eligible, unless {@code *} is the last key. {@code kubernetes.io/hostname} and {@code topology.kubernetes.io/zone} and
     * {@code …/region} are node, zone and region; others are looked up in the labels.
     *
     * @throws IllegalArgumentException unless these are 1 to 16 label keys, each once, {@code *} last if at all
     */
    static Topology ladder(String... keys) {
        return new Ladder(List.of(keys));
    }

    /**
     * Takes the endpoints of the own cluster that its control plane hints for this node, else those hinted for this zone, else
     * all: kube-proxy's rule to the letter, all or nothing. It knows nothing of health: should the only endpoint of the zone
     * be sick, its tier is. {@link #preferNear} spills instead.
     *
     * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/2433-topology-aware-hints">
     *     KEP-2433</a>, KEP-4444 and KEP-3015
     */
    static Topology hints() {
        return new ByHints();
    }

    /**
     * Prefers the own zone, then the own region, then all others, then those whose place is unknown. Each takes what its
     * health carries, as tiers do (nothing spills above 71 % health), and no more than its part of all endpoints makes good
     * for: a zone with one endpoint of thirty does not get a third of all clients' calls. Excludes nobody.
     */
    static Topology preferNear() {
        return new PreferNear(false);
    }

    /**
     * As {@link #preferNear}, with the own node before the own zone. For services that have an endpoint on most nodes: one on
     * my node gets all my calls.
     */
    static Topology preferNode() {
        return new PreferNear(true);
    }

    /**
     * Prefers the endpoints of these clusters in this order, then those of others; each takes what its health carries.
     * Excludes nobody; a tier of which no cluster is known stays as it is.
     *
     * @throws IllegalArgumentException unless these are cluster ids, at least one, each once
     */
    static Topology clusters(String... inOrder) {
        return new ByCluster(List.of(inOrder));
    }

    /**
     * Reads {@code any}, {@code hints}, {@code prefer-near}, {@code prefer-node}, {@code ladder:KEY,KEY,*} or {@code
     * clusters:ID,ID}, or several joined by {@code +}, narrowing one after the other.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Topology parse(String text) {
        return Policies.parse(text);
    }

    /** Narrows by this, then by the next; weights multiply. */
    default Topology then(Topology next) {
        return new Both(this, next);
    }

    /**
     * Narrows one tier.
     *
     * @param here where this process runs
     * @param candidates those that are ready, at least one; those of other clusters without locality and hints
     */
    Narrowed narrow(Here here, List<Candidate> candidates);

    /**
     * What a policy decided.
     *
     * @param candidates who may be called, with weights; not copied, since there may be thousands: leave it alone
     * @param excluded who may not, and the rule
     * @param notes sentences about what could not be done as wished; the same situation gives the same sentence
     */
    record Narrowed(List<Candidate> candidates, List<Evidence.Dropped> excluded, List<String> notes) {
        /** Copies the short lists. */
        public Narrowed {
            excluded = List.copyOf(excluded);
            notes = List.copyOf(notes);
        }

        /** With nothing to note. */
        public Narrowed(List<Candidate> candidates, List<Evidence.Dropped> excluded) {
            this(candidates, excluded, List.of());
        }

        /** All of them, as they are. */
        static Narrowed none(List<Candidate> all, String... notes) {
            return new Narrowed(all, List.of(), List.of(notes));
        }
    }
}
