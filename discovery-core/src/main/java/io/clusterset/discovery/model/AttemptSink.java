package io.clusterset.discovery.model;

/** Hears of every attempt of one service. Called on the callers' threads, by many at once; must neither block nor throw. */
public interface AttemptSink {

    /** A sink that keeps nothing. */
    AttemptSink NONE = new AttemptSink() {
        @Override
        public void began(Endpoint endpoint) {}

        @Override
        public void ended(Endpoint endpoint, Outcome outcome) {}
    };

    /** An attempt at the endpoint begins. */
    void began(Endpoint endpoint);

    /** It has ended; said once for each that began, unless nobody ever said how. */
    void ended(Endpoint endpoint, Outcome outcome);
}
