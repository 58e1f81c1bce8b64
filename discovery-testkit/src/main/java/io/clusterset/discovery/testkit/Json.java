package io.clusterset.discovery.testkit;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON value. Immutable; its text is that of {@code toString}, without spaces. */
sealed interface Json {

    /** Members, in the order they were written. */
    record Obj(Map<String, Json> members) implements Json {

        static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** Reads a text that is an object. */
        static Obj parse(String text) {
            if (Json.parse(text) instanceof Obj object) {
                return object;
            }
            throw new IllegalArgumentException("JSON: " + JsonReader.shown(text) + " (expected: an object)");
        }

        /** The value below these names, if there is one. */
        Optional<Json> get(String... path) {
            Json value = this;
            for (String name : path) {
                Json next = value instanceof Obj object ? object.members.get(name) : null;
                if (next == null) {
                    return Optional.empty();
                }
                value = next;
            }
            return Optional.of(value);
        }

        /** The text below these names; empty if there is none. */
        String string(String... path) {
            return get(path)
                    .map(value -> value instanceof Str text ? text.value() : "")
                    .orElse("");
        }

        /** The object below these names; an empty one if there is none. */
        Obj object(String... path) {
            return get(path)
                    .map(value -> value instanceof Obj object ? object : EMPTY)
                    .orElse(EMPTY);
        }

        /** With this member; where it was if there was one, else last. */
        Obj with(String name, Json value) {
            Map<String, Json> changed = new LinkedHashMap<>(members);
            changed.put(name, value);
            return new Obj(changed);
        }

        Obj with(String name, String value) {
            return with(name, new Str(value));
        }

        Obj without(String... names) {
            Map<String, Json> changed = new LinkedHashMap<>(members);
            changed.keySet().removeAll(Arrays.asList(names));
            return new Obj(changed);
        }

        /** These members first. */
        Obj after(Obj first) {
            Map<String, Json> ordered = new LinkedHashMap<>(first.members);
            members.forEach(ordered::putIfAbsent);
            return new Obj(ordered);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** Values in order. */
    record Arr(List<Json> items) implements Json {

        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** A text, without its escapes. */
    record Str(String value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** A number, as it was written. */
    record Num(String text) implements Json {

        static Num of(long value) {
            return new Num(Long.toString(value));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** What is written as a bare word. */
    enum Word implements Json {
        TRUE,
        FALSE,
        NULL;

        static @Nullable Word of(String text) {
            for (Word word : values()) {
                if (word.toString().equals(text)) {
                    return word;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return JsonWriter.word(this);
        }
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if it is not JSON (RFC 8259), says a name twice, or is nested deeper than 64
     */
    static Json parse(String text) {
        return new JsonReader(text).read();
    }
}
