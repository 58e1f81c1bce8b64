package io.clusterset.discovery.faults;

import io.clusterset.discovery.model.Endpoint;
import java.util.List;

/**
 * A call that was made.
 *
 * @param due when it was to begin, in nanoseconds
 * @param begun when it did
 * @param ended when it was over
 * @param attempts where it was sent, one after the other
 * @param failure why it failed; empty if it did not
 */
record Made(long due, long begun, long ended, List<Tried> attempts, String failure) {

    /** The tier that was picked; empty if there was nothing to pick. */
    String picked() {
        return attempts.isEmpty() ? "" : attempts.get(0).endpoint().tier();
    }

    /** The tier of the last attempt; empty if there was none. */
    String servedBy() {
        return attempts.isEmpty()
                ? ""
                : attempts.get(attempts.size() - 1).endpoint().tier();
    }

    boolean failed() {
        return !failure.isEmpty();
    }

    /**
     * One attempt.
     *
     * @param endpoint where
     * @param at when it began, in nanoseconds
     */
    record Tried(Endpoint endpoint, long at) {}
}
