package io.clusterset.discovery.model;

/**
 * A wish for calls with the same key to meet the same endpoint.
 *
 * @param key anything that names the caller or the data, such as a customer number
 */
public record Affinity(String key) {

    /** An affinity to a key. */
    public static Affinity of(String key) {
        return new Affinity(key);
    }
}
