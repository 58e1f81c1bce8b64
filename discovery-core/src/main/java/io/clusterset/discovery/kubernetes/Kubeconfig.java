package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kubeconfig file.
 *
 * @param file where it is: files it names are found from there
 * @param content as YAML has it
 */
record Kubeconfig(Path file, Map<?, ?> content) {

    /** Part of it, with a name. */
    record Entry(Path file, String what, Map<?, ?> content) {

        /** A text, a number or a flag; empty text if absent. */
        String text(String key) {
            Object value = content.get(key);
            return value == null || value instanceof Map || value instanceof List
                    ? ""
                    : value.toString().strip();
        }

        /** What a relative path means. */
        Path path(String text) {
            Path folder = file.toAbsolutePath().getParent();
            return folder == null ? Path.of(text) : folder.resolve(text);
        }

        /** What it says in place, or in a file. */
        Optional<String> pem(String key) throws IOException {
            String data = text(key + "-data");
            if (!data.isEmpty()) {
                return Optional.of(Login.decoded(data, this + " " + key + "-data"));
            }
            String named = text(key);
            return named.isEmpty() ? Optional.empty() : Optional.of(Login.file(path(named), this + " " + key));
        }

        /** It must not say this. */
        void refuse(String key, String expected) throws IOException {
            Object value = content.get(key);
            if (value != null) {
                throw new IOException(this + ": " + key + " (expected: " + expected + ")");
            }
        }

        @Override
        public String toString() {
            return "kubeconfig " + Text.path(file) + ": " + what;
        }
    }

    /** The current context. */
    Entry context() throws IOException {
        Object name = content.get("current-context");
        if (!(name instanceof String current) || current.isBlank()) {
            throw new IOException(
                    "kubeconfig " + Text.path(file) + ": no current-context (expected: the name of a context)");
        }
        return entry("contexts", "context", current);
    }

    /** A user of whom nothing is known. */
    Entry nobody() {
        return new Entry(file, "no user", Map.of());
    }

    /** One of a list of named things. */
    Entry entry(String list, String key, String name) throws IOException {
        if (content.get(list) instanceof List<?> all) {
            for (Object one : all) {
                if (one instanceof Map<?, ?> named && name.equals(named.get("name"))) {
                    Map<?, ?> found = named.get(key) instanceof Map<?, ?> map ? map : Map.of();
                    return new Entry(file, key + " " + Text.safe(name), found);
                }
            }
        }
        throw new IOException("kubeconfig " + Text.path(file) + ": no " + key + " " + Text.quote(name) + " in " + list);
    }
}
