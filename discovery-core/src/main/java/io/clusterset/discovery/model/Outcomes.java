package io.clusterset.discovery.model;

/** Where the outcomes of one endpoint's attempts go. Called on the callers' threads; never blocks, never throws. */
public interface Outcomes {

    /** Nobody judges: for endpoints of which nothing is learned. Admits no trials. */
    Outcomes NOBODY = new Outcomes() {
        @Override
        public long began() {
            return 0;
        }

        @Override
        public void ended(long mark, Outcome outcome) {}

        @Override
        public boolean admits() {
            return false;
        }
    };

    /**
     * An attempt begins.
     *
     * @return a mark, to be handed back with the outcome: roughly when it began, on no clock of the caller's
     */
    long began();

    /**
     * The attempt that began has ended. To be said once for each {@link #began}.
     *
     * @param mark what {@code began} returned
     */
    void ended(long mark, Outcome outcome);

    /** Whether an endpoint that is {@link Candidate.Use#ON_TRIAL} takes one more attempt now; true uses up a permit. */
    boolean admits();
}
