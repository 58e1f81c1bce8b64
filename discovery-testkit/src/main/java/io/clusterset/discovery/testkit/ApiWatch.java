package io.clusterset.discovery.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * One open watch: a place in the history, which goes on when it is told to. Its monitor guards that place, and the order of
 * what is sent.
 */
final class ApiWatch {

    private final ApiStore store;
    private final ApiResource resource;
    private final ApiRequest request;
    private final String version;
    private final ApiSelector selector;
    private final boolean bookmarks;
    private final HttpStream stream;
    private final List<String> first = new ArrayList<>();
    private long seen;
    private boolean ended;

    /**
     * Begins where the request says; sends nothing yet.
     *
     * @throws ApiRefused if the request makes no sense, or what came next is forgotten
     */
    ApiWatch(ApiStore store, ApiResource resource, ApiRequest request, String version, HttpStream stream)
            throws ApiRefused {
        ApiQuery query = new ApiQuery(request.query());
        this.store = store;
        this.resource = resource;
        this.request = request;
        this.version = version;
        this.selector = new ApiSelector(request.namespace(), query);
        this.bookmarks = query.isSet("allowWatchBookmarks");
        this.seen = query.number("resourceVersion");
        if (seen == 0) {
            ApiStore.State state = store.now(resource);
            state.objects().values().stream()
                    .filter(selector::matches)
                    .forEach(object -> first.add(ApiChange.event("ADDED", object, resource, version)));
            seen = state.version();
        } else {
            store.requireKept(seen);
        }
        this.stream = stream;
    }

    ApiRequest request() {
        return request;
    }

    String plural() {
        return resource.plural();
    }

    boolean watches(ApiResource kind) {
        return resource.equals(kind);
    }

    synchronized boolean isOpen() {
        return !ended && stream.isOpen();
    }

    /** Says that it is open: to be called once everybody can find it, or a client that knows would be missed. */
    synchronized void open() {
        stream.send(List.of());
    }

    /** Sends what has happened since; false if it ended with that. */
    synchronized boolean goOn() {
        if (ended) {
            return true;
        }
        List<String> lines = new ArrayList<>(first);
        first.clear();
        try {
            ApiStore.Changes changes = store.changes(resource, seen);
            changes.changes().forEach(change -> change.event(selector, version).ifPresent(lines::add));
            seen = changes.upTo();
        } catch (ApiRefused e) {
            lines.add(ApiChange.event("ERROR", e.status().document()));
            ended = true;
        }
        stream.send(lines);
        return !ended;
    }

    /** Sends how far it is, if that was asked for. */
    synchronized void bookmark() {
        if (bookmarks && !ended) {
            stream.send(List.of(ApiChange.event("BOOKMARK", resource.bookmark(version, seen))));
        }
    }

    /** Sends a line, whatever it is. */
    synchronized void send(String line) {
        if (!ended) {
            stream.send(List.of(line));
        }
    }

    /** Says nothing more. */
    synchronized void stop() {
        ended = true;
    }

    HttpStream stream() {
        return stream;
    }
}
