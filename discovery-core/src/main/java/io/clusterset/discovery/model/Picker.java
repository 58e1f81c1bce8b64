package io.clusterset.discovery.model;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Picks the endpoint to call now. Immutable and built from one decision; safe to use from any thread; never blocks. */
public interface Picker {

    /**
     * The endpoint for the next call. O(1).
     *
     * @throws DiscoveryException if no tier has any endpoint; the text says what each tier answered
     */
    Candidate pick();

    /**
     * The endpoint for this key: the same one while the set stays the same. O(endpoints).
     *
     * @throws DiscoveryException as {@link #pick()}
     */
    Candidate pick(Affinity affinity);

    /**
     * Where to try after others failed: better verdicts first, tiers in order, near ones before those that are too far, and among these
     * whoever has answered before those that were never tried.
     *
     * @param tried what this call has tried already; never returned again
     * @param leaving a tier to leave if any other has an endpoint worth trying
     */
    Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving);

    /** Every endpoint, the one to try first first. Starts with a {@link #pick()}; empty if there is none. */
    List<Candidate> ordered();
}
