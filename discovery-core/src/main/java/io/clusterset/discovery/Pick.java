package io.clusterset.discovery;

import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Verdict;

/**
 * An endpoint that was picked and may be called: for adapters to clients that choose first, and may never call. Nothing is counted
 * before {@link #begin}. Immutable.
 */
public final class Pick {

    private final Candidate candidate;
    private final AttemptSink counts;

    Pick(Candidate candidate, AttemptSink counts) {
        this.candidate = candidate;
        this.counts = counts;
    }

    /** The endpoint to call. */
    public Endpoint endpoint() {
        return candidate.endpoint();
    }

    /** What was thought of the endpoint when it was picked. */
    public Verdict verdict() {
        return candidate.verdict();
    }

    /** An attempt at it begins now; another one each time. */
    public Attempt begin() {
        return new Attempt(candidate, counts);
    }

    /** {@code pick of local 10.0.0.1:80}. */
    @Override
    public String toString() {
        return "pick of " + endpoint();
    }
}
