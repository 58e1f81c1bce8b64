package io.clusterset.discovery.kubernetes;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An API server in memory: lists in pages, watches with history, and whatever goes wrong on command. Speaks JSON. Versions count all
 * changes.
 */
final class MemoryServer implements ApiServer {

    private static final Map<String, String> KINDS =
            Map.of("endpointslices", "EndpointSlice", "services", "Service", "serviceimports", "ServiceImport");

    // All requests, in order.
    final List<String> requests = new ArrayList<>();

    final List<Stream> streams = new ArrayList<>();
    final Map<String, String> documents = new HashMap<>();

    private final Map<String, Map<String, Stored>> collections = new HashMap<>();
    private final List<Happened> history = new ArrayList<>();
    private Function<String, Optional<Answer>> refusing = path -> Optional.empty();
    private boolean mute;
    private boolean hanging;
    private int pageSize = Integer.MAX_VALUE;
    private long oldest;
    long version = 100;
    int closes;

    private record Stored(String namespace, String name, String labels, String rest, long version) {
        String json() {
            return "{\"metadata\":{\"namespace\":\"" + namespace + "\",\"name\":\"" + name + "\",\"resourceVersion\":\""
                    + version + "\",\"labels\":{" + labels + "}}" + rest + "}";
        }
    }

    private record Happened(String collection, String type, Stored object) {
        String line() {
            return "{\"type\":\"" + type + "\",\"object\":" + object.json() + "}";
        }
    }

    // An open watch.
    static final class Stream {
        final String path;
        final Lines taker;
        boolean open = true;

        Stream(String path, Lines taker) {
            this.path = path;
            this.taker = taker;
        }

        void say(String line) {
            if (open) {
                taker.line(line.getBytes(StandardCharsets.UTF_8));
            }
        }

        void end(Answer why) {
            if (open) {
                open = false;
                taker.ended(why);
            }
        }
    }

    static final Answer CLEAN = new Answer.Document(new byte[0]);
    static final Answer BROKEN = new Answer.Silent("connection reset");

    static Answer refused(int status) {
        return new Answer.Refused(status, "status " + status, Optional.empty());
    }

    static Answer refused(int status, Duration retryAfter) {
        return new Answer.Refused(status, "status " + status, Optional.of(retryAfter));
    }

    static final String GONE_LINE =
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"message\":\"too old resource version\"}}";

    // what tests do

    void refuse(Function<String, Optional<Answer>> which) {
        refusing = which;
    }

    void refuseAll(Answer answer) {
        refusing = path -> Optional.of(answer);
    }

    void refuseNothing() {
        refusing = path -> Optional.empty();
    }

    // Requests are taken and not answered yet.
    void hang() {
        mute = true;
        hanging = true;
    }

    // Requests are never answered.
    void mute(boolean now) {
        mute = now;
    }

    void pages(int size) {
        pageSize = size;
    }

    // A slice of a service with one endpoint.
    void slice(String namespace, String name, String service, String address) {
        put(
                "endpointslices",
                namespace,
                name,
                "\"kubernetes.io/service-name\":\"" + service + "\"",
                ",\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"\",\"port\":8080,\"protocol\":\"TCP\"}],\"endpoints\":[{\"addresses\":[\""
                        + address + "\"],\"conditions\":{\"ready\":true}}]");
    }

    void importedSlice(String namespace, String name, String service, String cluster, String address) {
        put(
                "endpointslices",
                namespace,
                name,
                "\"multicluster.kubernetes.io/service-name\":\"" + service
                        + "\",\"multicluster.kubernetes.io/source-cluster\":\"" + cluster + "\"",
                ",\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"\",\"port\":8080,\"protocol\":\"TCP\"}],\"endpoints\":[{\"addresses\":[\""
                        + address + "\"],\"conditions\":{\"ready\":true}}]");
    }

    void service(String namespace, String name) {
        put(
                "services",
                namespace,
                name,
                "",
                ",\"spec\":{\"clusterIP\":\"10.96.0.9\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":8080}]}");
    }

    // A Service whose endpoints Cilium shares between clusters.
    void globalService(String namespace, String name) {
        put(
                "services",
                namespace,
                name,
                "\"app\":\"orders\"},\"annotations\":{\"service.cilium.io/global\":\"true\"",
                ",\"spec\":{\"clusterIP\":\"10.96.0.9\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":8080}]}");
    }

    // Of another cluster, under the Service's own name.
    void foreignSlice(String namespace, String name, String service, String managedBy, String... addresses) {
        List<String> endpoints = new ArrayList<>();
        for (String address : addresses) {
            endpoints.add("{\"addresses\":[\"" + address + "\"],\"conditions\":{\"ready\":true}}");
        }
        put(
                "endpointslices",
                namespace,
                name,
                "\"kubernetes.io/service-name\":\"" + service + "\",\"endpointslice.kubernetes.io/managed-by\":\""
                        + managedBy + "\"",
                ",\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"\",\"port\":8080,\"protocol\":\"TCP\"}],\"endpoints\":["
                        + String.join(",", endpoints) + "]");
    }

    void serviceImport(String namespace, String name) {
        put(
                "serviceimports",
                namespace,
                name,
                "",
                ",\"spec\":{\"type\":\"ClusterSetIP\",\"ips\":[\"10.97.0.9\"],\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}");
    }

    private void put(String collection, String namespace, String name, String labels, String rest) {
        version++;
        Stored object = new Stored(namespace, name, labels, rest, version);
        boolean known = objects(collection).put(namespace + "/" + name, object) != null;
        happen(new Happened(collection, known ? "MODIFIED" : "ADDED", object));
    }

    void delete(String collection, String namespace, String name) {
        Stored object = objects(collection).remove(namespace + "/" + name);
        if (object != null) {
            version++;
            happen(new Happened(
                    collection, "DELETED", new Stored(namespace, name, object.labels, object.rest, version)));
        }
    }

    // How watches hear of changes; tests replace it to lose, repeat and swap them.
    Function<List<String>, List<String>> delivery = lines -> lines;

    private void happen(Happened happened) {
        history.add(happened);
        for (Stream stream : List.copyOf(streams)) {
            if (stream.open && concerns(stream.path, happened.collection, happened.object)) {
                delivery.apply(List.of(happened.line())).forEach(stream::say);
            }
        }
    }

    // What happened until now is forgotten: older versions are too old.
    void compact() {
        oldest = version;
        history.clear();
    }

    void bookmark() {
        open().forEach(stream -> stream.say(
                "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}}"));
    }

    List<Stream> open() {
        return streams.stream().filter(stream -> stream.open).toList();
    }

    Stream only() {
        List<Stream> open = open();
        if (open.size() != 1) {
            throw new AssertionError(
                    "open watches: " + open.stream().map(one -> one.path).toList());
        }
        return open.get(0);
    }

    void endAll(Answer why) {
        open().forEach(stream -> stream.end(why));
    }

    long asked(String part) {
        return requests.stream().filter(path -> path.contains(part)).count();
    }

    long lists() {
        return requests.stream()
                .filter(path -> path.contains("limit=") && !path.contains("continue="))
                .count();
    }

    long watches() {
        return asked("watch=1");
    }

    String last() {
        return requests.get(requests.size() - 1);
    }

    // Names of a collection with their addresses: what all should know in the end.
    Map<String, Long> truth(String collection) {
        Map<String, Long> all = new TreeMap<>();
        objects(collection).forEach((name, object) -> all.put(name, object.version));
        return all;
    }

    private Map<String, Stored> objects(String collection) {
        return collections.computeIfAbsent(collection, c -> new TreeMap<>());
    }

    // what it does

    @Override
    public String name() {
        return "10.96.0.1:443";
    }

    @Override
    public Running get(String path, Taker taker) {
        requests.add(path);
        if (mute && !hanging) {
            taker.answered(new Answer.Silent("no answer in 10 s")); // as the transport has it
        } else if (!mute) {
            taker.answered(refusing.apply(path).orElseGet(() -> answer(path)));
        }
        return () -> {};
    }

    @Override
    public Running stream(String path, Lines taker) {
        requests.add(path);
        Stream stream = new Stream(path, taker);
        if (mute) {
            return () -> stream.open = false;
        }
        Optional<Answer> refusal = refusing.apply(path);
        long from = Long.parseLong(parameter(path, "resourceVersion").orElse("0"));
        if (refusal.isPresent() || from < oldest) {
            taker.ended(refusal.orElse(refused(410)));
            return () -> {};
        }
        streams.add(stream);
        taker.opened();
        String collection = collection(path);
        for (Happened happened : List.copyOf(history)) {
            if (happened.object.version > from && concerns(path, collection, happened)) {
                stream.say(happened.line());
            }
        }
        return () -> {
            stream.open = false;
            streams.remove(stream);
        };
    }

    private Answer answer(String path) {
        String document = documents.get(path);
        if (document != null) {
            return new Answer.Document(document.getBytes(StandardCharsets.UTF_8));
        }
        if (!path.contains("?")) {
            return refused(404);
        }
        Optional<String> next = parameter(path, "continue");
        int from = next.map(Integer::parseInt).orElse(0);
        boolean paged =
                parameter(path, "limit").filter(limit -> !limit.equals("0")).isPresent();
        String collection = collection(path);
        List<String> all = objects(collection).values().stream()
                .filter(object -> concerns(path, collection, object))
                .map(Stored::json)
                .toList();
        int end = paged ? (int) Math.min(all.size(), (long) from + pageSize) : all.size();
        return new Answer.Document(
                ("{\"kind\":\"" + KINDS.get(collection) + "List\",\"metadata\":{\"resourceVersion\":\"" + version + "\""
                                + (end < all.size() ? ",\"continue\":\"" + end + "\"" : "") + "},\"items\":["
                                + String.join(",", all.subList(from, end)) + "]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static boolean concerns(String path, String collection, Happened happened) {
        return happened.collection.equals(collection) && concerns(path, happened.collection, happened.object);
    }

    private static boolean concerns(String path, String collection, Stored object) {
        if (!collection(path).equals(collection)) {
            return false;
        }
        if (path.contains("/namespaces/") && !path.contains("/namespaces/" + object.namespace + "/")) {
            return false;
        }
        Optional<String> label = parameter(path, "labelSelector");
        Optional<String> field = parameter(path, "fieldSelector");
        return label.map(wanted -> object.labels.contains("\"" + wanted.replace("=", "\":\"") + "\""))
                        .orElse(true)
                && field.map(wanted -> wanted.equals("metadata.name=" + object.name))
                        .orElse(true);
    }

    static Optional<String> parameter(String path, String name) {
        for (String pair : path.substring(path.indexOf('?') + 1).split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    private static String collection(String path) {
        String bare = path.substring(0, path.indexOf('?'));
        return bare.substring(bare.lastIndexOf('/') + 1);
    }

    @Override
    public void close() {
        closes++;
        streams.clear();
    }
}
