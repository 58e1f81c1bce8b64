package io.clusterset.discovery.model;

/**
 * An endpoint as the stages hand it on: what it is, what is thought of it, and where its outcomes go.
 *
 * @param endpoint the endpoint
 * @param verdict what health thinks of it; this alone counts for its tier's load
 * @param use whether picks go to it. Not the same as the verdict: the only address of a tier stays in turn while suspect of
 *     refusing (a rolling deploy refuses some connects), and of many endpoints that fail softly only some may be left out
 * @param weight its share relative to its neighbours of the tier, as its source, topology and slow start decided; 0 takes no
 *     traffic
 * @param outcomes where its outcomes go
 */
public record Candidate(Endpoint endpoint, Verdict verdict, Use use, float weight, Outcomes outcomes) {

    /** The same candidate, used like this if not used less already. */
    public Candidate atMost(Use most) {
        return use.compareTo(most) >= 0 ? this : new Candidate(endpoint, verdict, most, weight, outcomes);
    }

    /** The same candidate with another weight. */
    public Candidate withWeight(float share) {
        return new Candidate(endpoint, verdict, use, share, outcomes);
    }

    /** The same candidate, whose outcomes go elsewhere: for a balancer that counts or measures them on their way. */
    public Candidate withOutcomes(Outcomes other) {
        return new Candidate(endpoint, verdict, use, weight, other);
    }

    /** Whether nothing is held against it. */
    public boolean isGood() {
        return use == Use.IN_TURN && verdict.countsAsHealthy();
    }

    /** Whether picks go to an endpoint; from most to least. */
    public enum Use {
        /** Like all others of its tier. */
        IN_TURN,
        /** A few attempts, which decide whether it comes back; all of them if its tier has nothing better. */
        ON_TRIAL,
        /** Not while a better endpoint exists. */
        PASSED_OVER,
        /** Not while any other endpoint exists. */
        LEFT_OUT
    }
}
