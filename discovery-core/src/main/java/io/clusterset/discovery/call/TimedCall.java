package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Endpoint;
import java.time.Duration;

/**
 * What to do with an endpoint within a time.
 *
 * @param <T> what it returns
 * @param <E> what it throws
 */
@FunctionalInterface
public interface TimedCall<T, E extends Exception> {

    /**
     * Calls the endpoint. Whatever it throws counts as a failed attempt, an interrupt excepted.
     *
     * @param left how long this attempt may take; keeping to it is the function's business
     */
    T on(Endpoint endpoint, Duration left) throws E;
}
