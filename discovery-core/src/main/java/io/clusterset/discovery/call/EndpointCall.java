package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Endpoint;

/**
 * What to do with an endpoint.
 *
 * @param <T> what it returns
 * @param <E> what it throws
 */
@FunctionalInterface
public interface EndpointCall<T, E extends Exception> {

    /** Calls the endpoint. Whatever it throws counts as a failed attempt, an interrupt excepted. */
    T on(Endpoint endpoint) throws E;
}
