package io.clusterset.discovery.kubernetes;

/**
 * An object of the API server, trimmed.
 *
 * @param key the name of what it belongs to: of the Service for its EndpointSlices, else its own
 * @param version its resourceVersion
 */
record Item<T>(String namespace, String name, String key, String version, T object) {}
