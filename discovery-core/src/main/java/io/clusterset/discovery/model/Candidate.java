package io.clusterset.discovery.model;

/**
 * An endpoint as the stages hand it on: what it is, what is thought of it, and where its outcomes go.
 *
 * @param endpoint the endpoint
 * @param verdict what health thinks of it
 * @param passedOver whether it is left out of picks while a better endpoint exists. Not the same as suspect: the only
 *     address of a tier stays in use while suspect of refusing (a rolling deploy refuses some connects), because a refused
 *     call costs a retry and nothing more
 * @param weight its share within its tier, as topology decided; 0 takes no traffic
 * @param outcomes where its outcomes go
 */
public record Candidate(Endpoint endpoint, Verdict verdict, boolean passedOver, int weight, Outcomes outcomes) {

    /** The same candidate, left out of picks while a better one exists, or not. */
    public Candidate passedOver(boolean leftOut) {
        return new Candidate(endpoint, verdict, leftOut, weight, outcomes);
    }

    /** The same candidate with another weight. */
    public Candidate withWeight(int share) {
        return new Candidate(endpoint, verdict, passedOver, share, outcomes);
    }
}
