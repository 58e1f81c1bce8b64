package io.clusterset.discovery.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The objects and how they came to be what they are: the newest {@value #KEPT} changes, under one counter of versions.
 * Thread-safe; calls nobody.
 */
final class ApiStore {

    static final int KEPT = 10_000;

    private final List<ApiResource> resources = new ArrayList<>(ApiResource.BUILT_IN);
    private final Map<ApiResource, SortedMap<ApiObject.Key, ApiObject>> objects = new HashMap<>();
    private final Deque<ApiChange> history = new ArrayDeque<>();
    private long version = 1_000;
    private long oldest = version;
    private long forgotten;

    /**
     * The objects of one kind at one version.
     *
     * @param version of them all
     */
    record State(long version, SortedMap<ApiObject.Key, ApiObject> objects) {}

    /**
     * Changes of one kind.
     *
     * @param upTo there are no others up to this version
     */
    record Changes(long upTo, List<ApiChange> changes) {}

    synchronized void install(ApiResource resource) {
        for (ApiResource other : resources) {
            if (other.group().equals(resource.group()) && other.plural().equals(resource.plural())) {
                throw new IllegalArgumentException("kind: " + resource + " (expected: one that is not installed)");
            }
        }
        resources.add(resource);
    }

    /** Deletes all of its objects and serves the kind no more. */
    synchronized ApiResource uninstall(String kind) {
        ApiResource resource = kind(kind);
        List.copyOf(all(resource).keySet()).forEach(key -> record(resource, key, null));
        resources.remove(resource);
        objects.remove(resource);
        return resource;
    }

    synchronized List<ApiResource> resources() {
        return List.copyOf(resources);
    }

    synchronized Optional<ApiResource> at(ApiPath path) {
        return resources.stream().filter(resource -> resource.isAt(path)).findFirst();
    }

    synchronized long version() {
        return version;
    }

    /** Puts an object, unless it is there as it is; the version it has then. */
    synchronized String apply(Json.Obj content) {
        ApiResource resource = resource(content);
        String name = content.string("metadata", "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("metadata.name: none (expected: a name)");
        }
        String namespace = content.string("metadata", "namespace");
        if (namespace.isEmpty() == resource.namespaced()) {
            throw new IllegalArgumentException("metadata.namespace: " + (namespace.isEmpty() ? "none" : namespace)
                    + " (expected: " + (resource.namespaced() ? "a namespace" : "none") + " for a " + resource + ")");
        }
        ApiObject.Key key = new ApiObject.Key(namespace, name);
        ApiObject before = all(resource).get(key);
        ApiObject after = new ApiObject(key, identified(resource, key, content, before));
        if (before != null && !after.differsFrom(before)) {
            return before.content().string("metadata", "resourceVersion");
        }
        record(resource, key, after);
        return Long.toString(version);
    }

    /** Deletes an object; the version of that. */
    synchronized String delete(String kind, String namespace, String name) {
        ApiResource resource = kind(kind);
        ApiObject.Key key = new ApiObject.Key(namespace, name);
        if (!all(resource).containsKey(key)) {
            throw new IllegalArgumentException(
                    "object: " + resource + ' ' + namespace + '/' + name + " (expected: one that is there)");
        }
        record(resource, key, null);
        return Long.toString(version);
    }

    /** Forgets how things came to be: every version that anybody knows is too old from now on. */
    synchronized void compact() {
        forgotten = version;
        version++;
        oldest = version;
        history.clear();
    }

    synchronized Optional<ApiObject> get(ApiResource resource, ApiObject.Key key) {
        return Optional.ofNullable(all(resource).get(key));
    }

    synchronized State now(ApiResource resource) {
        return new State(version, new TreeMap<>(all(resource)));
    }

    /** The objects as they were; nothing if that is forgotten. */
    synchronized Optional<State> then(ApiResource resource, long past) {
        if (past < oldest) {
            return Optional.empty();
        }
        SortedMap<ApiObject.Key, ApiObject> state = new TreeMap<>(all(resource));
        for (ApiChange change : since(resource, past, true)) {
            ApiObject before = change.before();
            if (before == null) {
                state.remove(key(change));
            } else {
                state.put(key(change), before);
            }
        }
        return Optional.of(new State(past, state));
    }

    /**
     * That a watch may begin after a version.
     *
     * @throws ApiRefused if what came next is forgotten
     */
    synchronized void requireKept(long past) throws ApiRefused {
        if (past < oldest) {
            throw tooOld(past, oldest);
        }
    }

    /**
     * What came after a version that was seen.
     *
     * @throws ApiRefused if some of it is forgotten
     */
    synchronized Changes changes(ApiResource resource, long seen) throws ApiRefused {
        if (seen < forgotten) {
            throw tooOld(seen, oldest);
        }
        return new Changes(Math.max(seen, version), since(resource, seen, false));
    }

    private static ApiRefused tooOld(long version, long oldest) {
        return new ApiRefused(ApiStatus.expired("too old resource version: " + version + " (" + oldest + ")"));
    }

    private List<ApiChange> since(ApiResource resource, long past, boolean newestFirst) {
        List<ApiChange> found = new ArrayList<>();
        for (Iterator<ApiChange> newest = history.descendingIterator(); newest.hasNext(); ) {
            ApiChange change = newest.next();
            if (change.version() <= past) {
                break;
            }
            if (change.resource().equals(resource)) {
                found.add(change);
            }
        }
        if (!newestFirst) {
            Collections.reverse(found);
        }
        return found;
    }

    private static ApiObject.Key key(ApiChange change) {
        ApiObject before = change.before();
        ApiObject after = change.after();
        if (before != null) {
            return before.key();
        }
        if (after != null) {
            return after.key();
        }
        throw new IllegalStateException("a change of nothing to nothing");
    }

    private void record(ApiResource resource, ApiObject.Key key, @Nullable ApiObject content) {
        version++;
        SortedMap<ApiObject.Key, ApiObject> all = all(resource);
        ApiObject before = all.get(key);
        ApiObject after = content == null ? null : content.at(version);
        if (after == null) {
            all.remove(key);
        } else {
            all.put(key, after);
        }
        history.addLast(new ApiChange(version, resource, before, after));
        if (history.size() > KEPT) {
            forgotten = history.removeFirst().version();
            oldest = Math.max(oldest, forgotten);
        }
    }

    private SortedMap<ApiObject.Key, ApiObject> all(ApiResource resource) {
        return objects.computeIfAbsent(resource, kind -> new TreeMap<>());
    }

    /** With a uid, which it keeps until it is deleted. */
    private Json.Obj identified(ApiResource resource, ApiObject.Key key, Json.Obj content, @Nullable ApiObject before) {
        Json.Obj metadata = content.object("metadata");
        if (metadata.get("uid").isEmpty()) {
            String seed = resource + "/" + key + "/" + version;
            String fresh = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8))
                    .toString();
            metadata = metadata.with(
                    "uid", before == null ? fresh : before.content().string("metadata", "uid"));
        }
        return content.with("metadata", metadata);
    }

    private ApiResource resource(Json.Obj content) {
        String kind = content.string("kind");
        String apiVersion = content.string("apiVersion");
        for (ApiResource resource : resources) {
            boolean served = resource.versions().stream()
                    .anyMatch(one -> resource.apiVersion(one).equals(apiVersion));
            if (served && resource.kind().equals(kind)) {
                return resource;
            }
        }
        throw new IllegalArgumentException(
                "kind: " + kind + ", apiVersion: " + apiVersion + " (expected: " + served() + ")");
    }

    private ApiResource kind(String kind) {
        for (ApiResource resource : resources) {
            if (resource.kind().equals(kind) || resource.toString().equals(kind)) {
                return resource;
            }
        }
        throw new IllegalArgumentException("kind: " + kind + " (expected: " + served() + ")");
    }

    private String served() {
        return "one of " + resources + ", or one that was installed";
    }
}
