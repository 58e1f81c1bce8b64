package io.clusterset.discovery.testkit;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** An object, at one version. */
final class ApiObject {

    private final Key key;
    private final Json.Obj content;

    /**
     * Whose name is whose.
     *
     * @param namespace empty if it is in none
     */
    record Key(String namespace, String name) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::namespace).thenComparing(Key::name);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    ApiObject(Key key, Json.Obj content) {
        this.key = key;
        this.content = content;
    }

    Key key() {
        return key;
    }

    Json.Obj content() {
        return content;
    }

    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        content.object("metadata", "labels").members().forEach((name, value) -> {
            if (value instanceof Json.Str text) {
                labels.put(name, text.value());
            }
        });
        return labels;
    }

    /** The same at another version. */
    ApiObject at(long version) {
        Json.Obj metadata = content.object("metadata").with("resourceVersion", Long.toString(version));
        return new ApiObject(key, content.with("metadata", metadata));
    }

    /** Whether they differ in more than the version. */
    boolean differsFrom(ApiObject other) {
        return !at(0).content.equals(other.at(0).content);
    }
}
