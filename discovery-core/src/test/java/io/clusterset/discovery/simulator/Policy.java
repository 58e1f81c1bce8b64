package io.clusterset.discovery.simulator;

/** A way of choosing endpoints: this library, or the model of another. */
public interface Policy {

    /** As the report calls it. */
    String name();

    /** A process that calls, with a seed of its own. It must not call before it is asked to. */
    Caller open(World world, long seed);

    /** A process that calls the service. */
    interface Caller extends AutoCloseable {

        /**
         * Makes one call: {@link World#send} for each attempt, then {@link Done#served} once, or never. All in virtual time.
         */
        void call(Request request, Done done);

        /** Ends timers and watches. */
        @Override
        void close();
    }

    /** Hears what became of a call. */
    @FunctionalInterface
    interface Done {
        /** Whether there was a good answer. */
        void served(boolean good);
    }
}
