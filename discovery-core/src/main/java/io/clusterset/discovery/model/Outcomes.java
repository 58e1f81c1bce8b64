package io.clusterset.discovery.model;

/** Where the outcomes of one endpoint's attempts go. Called on the caller's thread; never blocks, never throws. */
public interface Outcomes {

    /** An attempt has begun. */
    void began();

    /** The attempt that began has ended. */
    void ended(Outcome outcome);
}
