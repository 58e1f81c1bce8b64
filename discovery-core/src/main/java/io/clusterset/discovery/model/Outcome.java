package io.clusterset.discovery.model;

/** How an attempt ended. */
public sealed interface Outcome
        permits Outcome.Succeeded, Outcome.FailedHard, Outcome.FailedSoft, Outcome.FailedOtherwise, Outcome.Abandoned {

    /** The endpoint answered. */
    record Succeeded() implements Outcome {}

    /**
     * Nothing was sent or nothing listens: refused, reset before a byte, unreachable, connect timeout.
     *
     * @param reason in words, such as {@code connection refused}
     * @param timedOut whether the attempt learned it only by waiting (connect timeout)
     */
    record FailedHard(String reason, boolean timedOut) implements Outcome {}

    /**
     * The endpoint was reached and did not do its work: 5xx, 429, read timeout, or what the user calls a failure.
     *
     * @param reason in words
     * @param timedOut whether no answer came for as long as the attempt waited: attempts that end like that, one after the
     *     other, tell of an endpoint that is silent, however soon each was given up
     */
    record FailedSoft(String reason, boolean timedOut) implements Outcome {
        /** Of an endpoint that did something, be it wrong. */
        public FailedSoft(String reason) {
            this(reason, false);
        }
    }

    /**
     * It failed, and that says nothing of the endpoint: an exception of the application's own, such as one for an order that
     * does not exist.
     *
     * @param reason in words
     */
    record FailedOtherwise(String reason) implements Outcome {}

    /** The caller went away; says nothing of the endpoint. */
    record Abandoned() implements Outcome {}
}
