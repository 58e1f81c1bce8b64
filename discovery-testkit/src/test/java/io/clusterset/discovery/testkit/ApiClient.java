package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks an API server over HTTP and reads its JSON. */
final class ApiClient {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeApiServer server;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    ApiClient(FakeApiServer server) {
        this.server = server;
    }

    HttpResponse<String> get(String target, String... headers) throws IOException, InterruptedException {
        var request = java.net.http.HttpRequest.newBuilder(server.uri(target)).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    Json.Obj json(String target) throws IOException, InterruptedException {
        return Json.Obj.parse(get(target).body());
    }

    /** The names in a list. */
    List<String> names(String target) throws IOException, InterruptedException {
        return names(json(target));
    }

    static List<String> names(Json.Obj list) {
        List<String> names = new ArrayList<>();
        for (Json item : ((Json.Arr) list.get("items").orElseThrow()).items()) {
            names.add(((Json.Obj) item).string("metadata", "name"));
        }
        return names;
    }

    static String service(String namespace, String name, String... labels) {
        return object("v1", "Service", namespace, name, labels);
    }

    static String slice(String namespace, String name, String... labels) {
        return object("discovery.k8s.io/v1", "EndpointSlice", namespace, name, labels);
    }

    /** An object; labels as {@code k=v}. */
    static String object(String apiVersion, String kind, String namespace, String name, String... labels) {
        Json.Obj all = Json.Obj.EMPTY;
        for (String label : labels) {
            String[] pair = label.split("=", 2);
            all = all.with(pair[0], pair[1]);
        }
        Json.Obj metadata = Json.Obj.EMPTY.with("name", name);
        if (!namespace.isEmpty()) {
            metadata = metadata.with("namespace", namespace);
        }
        return Json.Obj.EMPTY
                .with("apiVersion", apiVersion)
                .with("kind", kind)
                .with("metadata", metadata.with("labels", all))
                .toString();
    }
}
