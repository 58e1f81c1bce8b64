package io.clusterset.discovery.testkit;

import java.util.List;
import java.util.Locale;

/**
 * A kind of objects that is served.
 *
 * @param group empty for the core group
 * @param versions the preferred one first; each object is served in all of them
 * @param custom whether a CustomResourceDefinition made it, which shows in the order of the members of a list
 */
record ApiResource(String group, String kind, List<String> versions, boolean namespaced, boolean custom) {

    /** Those that are there without anybody's doing. */
    static final List<ApiResource> BUILT_IN = List.of(
            new ApiResource("", "Service", List.of("v1"), true, false),
            new ApiResource("", "Endpoints", List.of("v1"), true, false),
            new ApiResource("", "Pod", List.of("v1"), true, false),
            new ApiResource("", "ConfigMap", List.of("v1"), true, false),
            new ApiResource("", "Namespace", List.of("v1"), false, false),
            new ApiResource("", "Node", List.of("v1"), false, false),
            new ApiResource("discovery.k8s.io", "EndpointSlice", List.of("v1"), true, false));

    ApiResource {
        versions = List.copyOf(versions);
    }

    /** The name in paths. */
    String plural() {
        String name = kind.toLowerCase(Locale.ROOT);
        if (name.endsWith("y")) {
            return name.substring(0, name.length() - 1) + "ies";
        }
        return name.endsWith("s") ? name : name + 's';
    }

    boolean isAt(ApiPath path) {
        boolean inNamespace = !path.namespace().isEmpty();
        boolean placed = path.name().isEmpty() ? namespaced || !inNamespace : namespaced == inNamespace;
        return placed
                && group.equals(path.group())
                && plural().equals(path.plural())
                && versions.contains(path.version());
    }

    String apiVersion(String version) {
        return group.isEmpty() ? version : group + '/' + version;
    }

    /** An object as it is served in a version. */
    Json.Obj served(Json.Obj content, String version) {
        Json.Obj type = Json.Obj.EMPTY.with("kind", kind).with("apiVersion", apiVersion(version));
        return content.without("kind", "apiVersion").after(type);
    }

    /** What a bookmark has for an object: Go's empty value where the type is one of Go's. */
    Json.Obj bookmark(String version, long resourceVersion) {
        Json.Obj content = Json.Obj.EMPTY.with(
                "metadata",
                Json.Obj.EMPTY
                        .with("resourceVersion", Long.toString(resourceVersion))
                        .with("creationTimestamp", Json.Word.NULL));
        return served(empty().after(content), version);
    }

    private Json.Obj empty() {
        return switch (kind) {
            case "EndpointSlice" ->
                Json.Obj.EMPTY
                        .with("addressType", "")
                        .with("endpoints", Json.Word.NULL)
                        .with("ports", Json.Word.NULL);
            case "Service" ->
                Json.Obj.EMPTY
                        .with("spec", Json.Obj.EMPTY)
                        .with("status", Json.Obj.EMPTY.with("loadBalancer", Json.Obj.EMPTY));
            default -> Json.Obj.EMPTY;
        };
    }

    @Override
    public String toString() {
        return group.isEmpty() ? kind : kind + '.' + group;
    }
}
