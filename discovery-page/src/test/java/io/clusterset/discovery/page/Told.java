package io.clusterset.discovery.page;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a page was told.
 *
 * @param document the JSON
 */
record Told(Map<String, Object> document) {

    static Told of(String json) {
        try {
            return new Told(JSON.std.mapFrom(json));
        } catch (IOException malformed) {
            throw new UncheckedIOException(json, malformed);
        }
    }

    boolean whole() {
        return Boolean.TRUE.equals(document.get("whole"));
    }

    long now() {
        return ((Number) Objects.requireNonNull(document.get("now"))).longValue();
    }

    Map<String, Object> set() {
        return map(document, "set");
    }

    /** A part. */
    Map<String, Object> part(String name) {
        return map(set(), name);
    }

    List<?> gone() {
        return (List<?>) Objects.requireNonNull(document.get("gone"));
    }

    @SuppressWarnings("unchecked") // of a document whose shape the test knows
    static Map<String, Object> map(Map<String, Object> fields, String name) {
        return (Map<String, Object>) Objects.requireNonNull(fields.get(name), name);
    }

    @SuppressWarnings("unchecked") // as above
    static List<Map<String, Object>> list(Map<String, Object> fields, String name) {
        return (List<Map<String, Object>>) Objects.requireNonNull(fields.get(name), name);
    }
}
