package io.clusterset.discovery.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * Which objects are listed and watched.
 *
 * @param groupVersion such as {@code discovery.k8s.io/v1}, or {@code v1}
 * @param namespace empty for all of them
 * @param selector such as {@code labelSelector=kubernetes.io%2Fservice-name%3Dorders}; empty for all objects
 * @param keys what an object is found by
 */
record Selection<T>(
        Kind<T> kind, String groupVersion, String namespace, String selector, Function<Item<T>, List<String>> keys) {

    /** With a selector for one value of a label. */
    static String label(String name, String value) {
        return "labelSelector=" + encoded(name + "=" + value);
    }

    /** With a selector for one object. */
    static String named(String name) {
        return "fieldSelector=" + encoded("metadata.name=" + name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Where leave to see them is given. */
    Turnstile.Place place() {
        return new Turnstile.Place(kind.plural(), namespace);
    }

    /** A path with the selector and further parameters. */
    String path(String parameters) {
        return collection() + "?" + (selector.isEmpty() ? "" : selector + "&") + parameters;
    }

    /** For people: {@code /api/v1/namespaces/shop/services?fieldSelector=metadata.name=orders}. */
    String shown() {
        return collection()
                + (selector.isEmpty() ? "" : "?" + selector.replace("%2F", "/").replace("%3D", "="));
    }

    private String collection() {
        return kind.path(groupVersion, namespace);
    }
}
