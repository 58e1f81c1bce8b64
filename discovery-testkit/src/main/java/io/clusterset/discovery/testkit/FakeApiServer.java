package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A Kubernetes API server for tests, as a client meets it that gets, lists and watches: a real HTTP/1.1 server on loopback,
 * with objects that the test puts there, and faults on command.
 *
 * <pre>{@code
 * try (FakeApiServer api = FakeApiServer.start()) {
 *     api.install("multicluster.x-k8s.io", "ServiceImport", "v1beta1", "v1alpha1");
 *     api.apply("""
 *             {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "shop", "name": "orders"},
 *              "spec": {"ports": [{"port": 80}]}}""");
 *     ...                                                // the client under test lists and watches api.url()
 *     api.delete("Service", "shop", "orders");           // its watches are told before this returns
 *     api.compact();                                     // 410: its version is too old
 *     api.refuse(403);                                   // forbidden: User "system:serviceaccount:shop:orders" cannot list...
 *     api.healthy();
 * }
 * }</pre>
 *
 * <p>Served are Services, Endpoints, EndpointSlices, Pods, ConfigMaps, Namespaces and Nodes, and what {@link #install} adds;
 * single, in collections of one or all namespaces, with {@code labelSelector}, {@code fieldSelector} (name and namespace),
 * {@code limit} and {@code continue}; watches with {@code resourceVersion}, {@code allowWatchBookmarks} and
 * {@code timeoutSeconds}; what the API says of itself, below {@code /api} and {@code /apis}. The newest 10,000 changes are
 * kept. Not here: writing (405), WebSockets, TLS, protobuf, tables, {@code sendInitialEvents}.
 *
 * <p>Thread-safe. Owns at most two daemon threads ({@code fake-api-server…}), which end with {@link #close()}.
 */
public final class FakeApiServer implements AutoCloseable {

    private static final String NAME = "fake-api-server";

    private final ApiStore store = new ApiStore();
    private final ApiTraffic traffic;
    private final TcpServer server;
    private final InetSocketAddress address;

    FakeApiServer(InetSocketAddress wanted, Later later) throws IOException {
        this.traffic = new ApiTraffic(store, later);
        this.server = new TcpServer(NAME, traffic::opened);
        this.address = server.listen(wanted);
    }

    /**
     * Starts a server on 127.0.0.1 and a free port.
     *
     * @throws UncheckedIOException if no port is free
     */
    public static FakeApiServer start() {
        return start(0);
    }

    /**
     * Starts a server on 127.0.0.1 and the given port, 0 for a free one.
     *
     * @throws IllegalArgumentException if the port is not in 0 to 65535
     * @throws UncheckedIOException if the port is in use
     */
    public static FakeApiServer start(int port) {
        InetSocketAddress wanted = Addresses.socket(Addresses.LOOPBACK, port);
        try {
            return new FakeApiServer(wanted, new Delays(NAME + "-delays"));
        } catch (IOException e) {
            throw cannotListen(wanted, e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** The port it listens on, also while it refuses connections. */
    public int port() {
        return address.getPort();
    }

    /** Where it listens, as {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://" + Addresses.text(address);
    }

    /**
     * The URI of something on it, such as {@code http://127.0.0.1:PORT/api/v1/services}.
     *
     * @param target path and query, begins with a slash
     * @throws IllegalArgumentException if that makes no URI
     */
    public URI uri(String target) {
        return URI.create(url() + target);
    }

    /**
     * Serves a kind of objects in namespaces, as a CustomResourceDefinition does.
     *
     * @param group such as {@code multicluster.x-k8s.io}
     * @param kind such as {@code ServiceImport}
     * @param versions at least one, the preferred one first; each object is served in all of them
     * @throws IllegalArgumentException if there is none, or the kind is served already
     */
    public void install(String group, String kind, String... versions) {
        install(group, kind, true, versions);
    }

    /**
     * Serves a kind of objects that are in no namespace, as a CustomResourceDefinition of cluster scope does.
     *
     * @throws IllegalArgumentException if there is no version, or the kind is served already
     */
    public void installClusterWide(String group, String kind, String... versions) {
        install(group, kind, false, versions);
    }

    private void install(String group, String kind, boolean namespaced, String... versions) {
        if (versions.length == 0) {
            throw new IllegalArgumentException("versions: none (expected: at least one)");
        }
        store.install(new ApiResource(group, kind, Arrays.asList(versions), namespaced, true));
    }

    /**
     * Deletes all objects of a kind, ends its watches and knows it no more, as if its definition was deleted.
     *
     * @param kind such as {@code ServiceImport}
     * @throws IllegalArgumentException if it is not served
     */
    public void uninstall(String kind) {
        ApiResource gone = store.uninstall(kind);
        traffic.goOn();
        traffic.end(watch -> watch.watches(gone));
    }

    /**
     * Puts an object there, or another in its place; nothing if it is there as it is. Open watches are told before this
     * returns.
     *
     * @param json with {@code apiVersion}, {@code kind}, {@code metadata.name} and, unless the kind is in none,
     *     {@code metadata.namespace}; its {@code resourceVersion} is not heeded
     * @return its resourceVersion
     * @throws IllegalArgumentException if it is no JSON object, its kind is not served, or one of these is missing
     */
    public String apply(String json) {
        String version = store.apply(Json.Obj.parse(json));
        traffic.goOn();
        return version;
    }

    /**
     * Deletes an object. Open watches are told before this returns.
     *
     * @param kind such as {@code EndpointSlice}, or {@code Service.serving.knative.dev} if there are several
     * @param namespace empty if it is in none
     * @return the resourceVersion of that
     * @throws IllegalArgumentException if it is not there
     */
    public String delete(String kind, String namespace, String name) {
        String version = store.delete(kind, namespace, name);
        traffic.goOn();
        return version;
    }

    /** The newest resourceVersion. */
    public String version() {
        return Long.toString(store.version());
    }

    /**
     * Forgets its history: to watch from any version known so far, or to go on with a list, is answered 410. Open watches
     * stay, unless they are stalled and have missed something.
     */
    public void compact() {
        store.compact();
        traffic.goOn();
    }

    /**
     * How it says that a watch begins too far back: with the HTTP status 410, or, which is how API servers do it and how this
     * one starts, with 200 and an ERROR event.
     */
    public void tooOldAsStatus(boolean asStatus) {
        traffic.tooOldAsStatus(asStatus);
    }

    /**
     * Demands a bearer token from now on, or another one; 401 for whoever has none. Watches that are open stay.
     *
     * @param token empty for none
     */
    public void requireToken(String token) {
        traffic.requireToken(token);
    }

    /** Does this with some requests, until {@link #healthy()}. The newest fault that is for a request decides. */
    public void fail(ApiFault fault) {
        traffic.fail(fault);
    }

    /**
     * Answers all requests with a status, until {@link #healthy()}. Watches that are open stay.
     *
     * @param status 400 to 599
     * @throws IllegalArgumentException if it is not in that range
     */
    public void refuse(int status) {
        fail(ApiFault.status(status));
    }

    /** Keeps connections and says nothing, neither to requests nor to watches, until {@link #healthy()}. */
    public void stall() {
        traffic.stall(true);
    }

    /** Says nothing to watches, those that are open and those to come, until {@link #healthy()}. The rest as ever. */
    public void stallWatches() {
        traffic.stall(false);
    }

    /**
     * Answers as it should: ends all faults and stalls, and listens again if it refused connections. Requests that wait are
     * answered, watches told what they missed. Objects, versions and the token stay.
     *
     * @throws IllegalStateException if it is closed
     * @throws UncheckedIOException if it refused connections and the port is gone
     */
    public void healthy() {
        traffic.healthy();
        restore();
    }

    /** Ends all open watches as agreed, as an API server does when their time is up. */
    public void dropWatches() {
        traffic.end(watch -> true);
    }

    /** Resets the connections of all open watches. */
    public void resetWatches() {
        traffic.reset();
    }

    /**
     * Sends all open watches an ERROR event with a Status object, and ends them.
     *
     * @param status such as 410 or 403
     */
    public void failWatches(int status) {
        traffic.error(status);
    }

    /** Sends a BOOKMARK with the newest resourceVersion to the open watches that allow it. */
    public void bookmark() {
        traffic.bookmark();
    }

    /** Sends all open watches a line, whatever it is. */
    public void sendRaw(String line) {
        traffic.send(watch -> true, line);
    }

    /**
     * Sends the open watches of one resource a line, whatever it is.
     *
     * @param resource such as {@code endpointslices}
     */
    public void sendRaw(String resource, String line) {
        traffic.send(watch -> watch.plural().equals(resource), line);
    }

    /** Closes the listening socket and resets all connections: connects are refused from the moment this returns. */
    public void refuseConnections() {
        server.refuse(address);
        traffic.forget();
    }

    /**
     * Listens again on the same port after {@link #refuseConnections()}; faults and stalls stay.
     *
     * @throws IllegalStateException if it is closed
     * @throws UncheckedIOException if the port is gone
     */
    public void restore() {
        if (traffic.isClosed()) {
            throw new IllegalStateException(NAME + ": closed (expected: refusing)");
        }
        try {
            server.listen(address);
        } catch (IOException e) {
            throw cannotListen(address, e);
        }
    }

    /** How many watches are open. */
    public int watches() {
        return traffic.watches();
    }

    /**
     * Waits until exactly so many watches are open.
     *
     * @throws AssertionError if that is not so within the time
     * @throws IllegalStateException if interrupted while waiting; the interrupt flag stays set
     */
    public void awaitWatches(int count, Duration within) {
        traffic.awaitWatches(count, within);
    }

    /** How many requests have arrived since the start or {@link #forgetRequests()}, answered or not. */
    public long requests() {
        return traffic.requests().total();
    }

    /** How many requests wanted this of a resource. Counts the newest 100,000 requests. */
    public int requests(ApiVerb verb, String resource) {
        return traffic.requests().matching(wanted(verb, resource)).size();
    }

    /**
     * How many requests had this path and query. Counts the newest 100,000 requests.
     *
     * @param target such as {@code /api/v1/services?limit=500}
     */
    public int requestsFor(String target) {
        return traffic.requests()
                .matching(request -> request.target().equals(target))
                .size();
    }

    /** Forgets the requests so far. */
    public void forgetRequests() {
        traffic.requests().forget();
    }

    /**
     * Waits until at least {@code count} requests have arrived since the start or {@link #forgetRequests()}.
     *
     * @param count at most 100,000
     * @return them, in the order they arrived
     * @throws AssertionError if they have not arrived within the time
     * @throws IllegalStateException if interrupted while waiting; the interrupt flag stays set
     */
    public List<ApiRequest> awaitRequests(int count, Duration within) {
        return traffic.requests().await(NAME + " requests", request -> true, count, within);
    }

    /**
     * Waits until at least {@code count} requests of one kind have arrived since the start or {@link #forgetRequests()}.
     *
     * @return them, in the order they arrived
     * @throws AssertionError if they have not arrived within the time
     * @throws IllegalStateException if interrupted while waiting; the interrupt flag stays set
     */
    public List<ApiRequest> awaitRequests(ApiVerb verb, String resource, int count, Duration within) {
        String what = NAME + " requests " + verb + ' ' + resource;
        return traffic.requests().await(what, wanted(verb, resource), count, within);
    }

    /** Resets all connections, frees the port, and ends the threads. Idempotent. */
    @Override
    public void close() {
        traffic.close();
        server.close();
    }

    @Override
    public String toString() {
        return "FakeApiServer at " + Addresses.text(address);
    }

    private static Predicate<ApiRequest> wanted(ApiVerb verb, String resource) {
        return request -> request.verb() == verb && request.resource().equals(resource);
    }

    private static UncheckedIOException cannotListen(InetSocketAddress address, IOException cause) {
        return new UncheckedIOException(
                NAME + ": can't listen on " + Addresses.text(address) + " (" + cause.getMessage() + ")", cause);
    }
}
