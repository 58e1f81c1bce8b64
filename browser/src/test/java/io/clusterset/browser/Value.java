package io.clusterset.browser;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON, which may be absent.
 *
 * @param raw a map, a list, a text, a number, a truth value, or null
 */
record Value(@Nullable Object raw) {

    static Value parse(String json) {
        try {
            return new Value(JSON.std.anyFrom(json));
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    static String write(Map<String, ?> document) {
        try {
            return JSON.std.asString(document);
        } catch (IOException neverOfMaps) {
            throw new UncheckedIOException(neverOfMaps);
        }
    }

    /** What lies below, by name after name. */
    Value at(String... path) {
        @Nullable Object here = raw;
        for (String name : path) {
            here = here instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return new Value(here);
    }

    boolean isAbsent() {
        return raw == null;
    }

    boolean truth() {
        return Boolean.TRUE.equals(raw);
    }

    /** Empty if it is absent. */
    String text() {
        return raw == null ? "" : raw.toString();
    }

    double number() {
        return raw instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** Empty if it is no list. */
    List<Value> list() {
        return raw instanceof List<?> list ? list.stream().map(Value::new).toList() : List.of();
    }

    @Override
    public String toString() {
        return text();
    }
}
