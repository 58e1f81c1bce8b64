package io.clusterset.discovery.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where objects are.
 *
 * @param group empty for the core group
 * @param namespace empty for all of them, and for what is in none
 * @param name empty for the collection
 */
record ApiPath(String group, String version, String namespace, String plural, String name) {

    /** Reads a path; empty if it is not one of objects. */
    static Optional<ApiPath> parse(String path) {
        List<String> parts = Arrays.asList(path.split("/", -1));
        boolean core = path.startsWith("/api/");
        int start = core ? 2 : 3;
        if (!(core || path.startsWith("/apis/")) || parts.size() < start + 2) {
            return Optional.empty();
        }
        String group = core ? "" : parts.get(2);
        String version = parts.get(start);
        List<String> rest = parts.subList(start + 1, parts.size());
        if (rest.stream().anyMatch(String::isEmpty)) {
            return Optional.empty();
        }
        boolean namespaced = rest.get(0).equals("namespaces") && rest.size() > 2;
        String namespace = namespaced ? rest.get(1) : "";
        List<String> place = namespaced ? rest.subList(2, rest.size()) : rest;
        if (place.size() > 2) {
            return Optional.empty(); // a subresource
        }
        return Optional.of(new ApiPath(group, version, namespace, place.get(0), place.size() == 2 ? place.get(1) : ""));
    }
}
