package io.clusterset.discovery.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the API says of itself: groups, their versions, and what is in those. */
final class ApiDiscovery {

    private final List<ApiResource> resources;

    ApiDiscovery(List<ApiResource> resources) {
        this.resources = resources;
    }

    /** The document at a path; nothing where there is none. */
    Optional<Json.Obj> document(String path) {
        String[] parts = path.split("/", -1);
        if (path.equals("/version")) {
            return Optional.of(
                    Json.Obj.EMPTY.with("major", "1").with("minor", "35").with("gitVersion", "v1.35.0"));
        }
        if (path.equals("/api")) {
            return Optional.of(Json.Obj.EMPTY.with("kind", "APIVersions").with("versions", texts(List.of("v1"))));
        }
        if (path.equals("/api/v1")) {
            return list("", "v1");
        }
        if (path.equals("/apis")) {
            return Optional.of(typed("APIGroupList").with("groups", groups()));
        }
        if (!path.startsWith("/apis/") || parts.length > 4 || parts[2].isEmpty()) {
            return Optional.empty();
        }
        return parts.length == 3 ? group(parts[2]) : list(parts[2], parts[3]);
    }

    private Json.Arr groups() {
        Set<String> names = new TreeSet<>();
        resources.forEach(resource -> names.add(resource.group()));
        names.remove("");
        List<Json> groups = new ArrayList<>();
        names.forEach(name -> group(name).ifPresent(group -> groups.add(group.without("kind", "apiVersion"))));
        return new Json.Arr(groups);
    }

    private Optional<Json.Obj> group(String name) {
        List<Json> versions = new ArrayList<>();
        for (ApiResource resource : resources) {
            if (resource.group().equals(name)) {
                for (String version : resource.versions()) {
                    Json.Obj entry = Json.Obj.EMPTY
                            .with("groupVersion", resource.apiVersion(version))
                            .with("version", version);
                    if (!versions.contains(entry)) {
                        versions.add(entry);
                    }
                }
            }
        }
        return versions.isEmpty()
                ? Optional.empty()
                : Optional.of(typed("APIGroup")
                        .with("name", name)
                        .with("versions", new Json.Arr(versions))
                        .with("preferredVersion", versions.get(0)));
    }

    private Optional<Json.Obj> list(String group, String version) {
        List<Json> entries = new ArrayList<>();
        for (ApiResource resource : resources) {
            if (resource.group().equals(group) && resource.versions().contains(version)) {
                entries.add(Json.Obj.EMPTY
                        .with("name", resource.plural())
                        .with("singularName", singular(resource))
                        .with("namespaced", resource.namespaced() ? Json.Word.TRUE : Json.Word.FALSE)
                        .with("kind", resource.kind())
                        .with("verbs", texts(List.of("get", "list", "watch"))));
            }
        }
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(typed("APIResourceList")
                        .with("groupVersion", group.isEmpty() ? version : group + '/' + version)
                        .with("resources", new Json.Arr(entries)));
    }

    private static String singular(ApiResource resource) {
        return resource.kind().toLowerCase(Locale.ROOT);
    }

    private static Json.Obj typed(String kind) {
        return Json.Obj.EMPTY.with("kind", kind).with("apiVersion", "v1");
    }

    private static Json.Arr texts(List<String> values) {
        return new Json.Arr(values.stream().<Json>map(Json.Str::new).toList());
    }
}
