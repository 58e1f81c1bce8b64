package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.ApiClient.object;
import static io.clusterset.discovery.testkit.ApiClient.service;
import static io.clusterset.discovery.testkit.ApiClient.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server says of the objects it was given. */
@Timeout(30)
class FakeApiServerTest {

    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
    private static final String IMPORTS = "multicluster.x-k8s.io";

    private final FakeApiServer server = FakeApiServer.start();
    private final ApiClient client = new ApiClient(server);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void anObjectIsServedAsItIsWithAVersionAndUid() throws Exception {
        String version = server.apply("""
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "orders", "namespace": "shop", "uid": "u-1"},
                 "spec": {"ports": [{"port": 80, "name": "grüße \\ud83d\\ude00"}], "weight": 1e2, "none": null}}""");

        HttpResponse<String> response = client.get("/api/v1/namespaces/shop/services/orders");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo("""
                {"kind":"Service","apiVersion":"v1","metadata":{"name":"orders","namespace":"shop","uid":"u-1",\
                "resourceVersion":"1001"},"spec":{"ports":[{"port":80,"name":"grüße \\ud83d\\ude00"}],"weight":1e2,\
                "none":null}}
                """);
        assertThat(version).isEqualTo("1001").isEqualTo(server.version());
    }

    @Test
    void everyChangeHasAVersionOfItsOwn() throws Exception {
        assertThat(server.apply(service("shop", "orders"))).isEqualTo("1001");
        assertThat(server.apply(slice("shop", "orders-1"))).isEqualTo("1002");
        assertThat(server.apply(service("shop", "orders"))).as("no change").isEqualTo("1001");
        String uid = uid();
        assertThat(server.apply(service("shop", "orders", "a=b"))).isEqualTo("1003");
        assertThat(uid()).isEqualTo(uid).isNotEmpty();
        assertThat(server.delete("Service", "shop", "orders")).isEqualTo("1004");
        assertThat(server.apply(service("shop", "orders"))).isEqualTo("1005");
        assertThat(uid()).as("another of that name").isNotEqualTo(uid);
        assertThat(client.json("/api/v1/services").string("metadata", "resourceVersion"))
                .isEqualTo("1005");
    }

    private String uid() throws Exception {
        return client.json("/api/v1/namespaces/shop/services/orders").string("metadata", "uid");
    }

    @Test
    void aListOfABuiltInKindLeavesOutWhatItsItemsAre() throws Exception {
        server.apply(slice("shop", "orders-1"));

        assertThat(client.get(SLICES).body()).matches("""
                \\{"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":\\{"resourceVersion":"1001"},\
                "items":\\[\\{"metadata":\\{"name":"orders-1","namespace":"shop","labels":\\{},"uid":"[0-9a-f-]{36}",\
                "resourceVersion":"1001"}}]}
                """);
    }

    @Test
    void aListOfCustomResourcesIsInTheOrderOfNamesAndInTheVersionThatIsAskedFor() throws Exception {
        server.install(IMPORTS, "ServiceImport", "v1beta1", "v1alpha1");
        server.apply(object(IMPORTS + "/v1alpha1", "ServiceImport", "shop", "orders"));

        for (String version : new String[] {"v1alpha1", "v1beta1"}) {
            String path = "/apis/" + IMPORTS + '/' + version;
            assertThat(client.get(path + "/serviceimports").body())
                    .startsWith("{\"apiVersion\":\"" + IMPORTS + '/' + version
                            + "\",\"items\":[{\"kind\":\"ServiceImport\",\"apiVersion\":\"" + IMPORTS + '/' + version)
                    .endsWith("],\"kind\":\"ServiceImportList\",\"metadata\":{\"continue\":\"\","
                            + "\"resourceVersion\":\"1001\"}}\n");
            assertThat(client.json(path + "/namespaces/shop/serviceimports/orders")
                            .string("apiVersion"))
                    .isEqualTo(IMPORTS + '/' + version);
        }
    }

    @Test
    void aListIsOfOneNamespaceOrOfAllInOrder() throws Exception {
        server.apply(service("shop", "orders"));
        server.apply(service("default", "web"));
        server.apply(service("shop", "carts"));
        server.apply(object("v1", "Node", "", "n-1"));

        assertThat(client.names("/api/v1/namespaces/shop/services")).containsExactly("carts", "orders");
        assertThat(client.names("/api/v1/services")).containsExactly("web", "carts", "orders");
        assertThat(client.names("/api/v1/namespaces/none/services")).isEmpty();
        assertThat(client.names("/api/v1/nodes")).containsExactly("n-1");
        assertThat(client.json("/api/v1/nodes/n-1").string("kind")).isEqualTo("Node");
        assertThat(client.get("/api/v1/namespaces/shop/nodes").statusCode()).isEqualTo(404);
        assertThat(client.get("/api/v1/services/orders").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "labelSelector=app%3Da | a1, a2",
                "labelSelector=app==a | a1, a2",
                "labelSelector=app!=a | b1, none",
                "labelSelector=app | a1, a2, b1",
                "labelSelector=!app | none",
                "labelSelector=app+in+(a,b) | a1, a2, b1",
                "labelSelector=app%20in%20(b) | b1",
                "labelSelector=app+notin+(b) | a1, a2, none",
                "labelSelector=app%3Da,v%3D2 | a2",
                "labelSelector=kubernetes.io/service-name=x,app+in+(a,b) | a1",
                "fieldSelector=metadata.name%3Db1 | b1",
                "fieldSelector=metadata.name!=b1&labelSelector=app | a1, a2",
                "fieldSelector=metadata.namespace=shop&labelSelector=v=2 | a2",
            })
    void selectorsSelect(String query, String names) throws Exception {
        server.apply(slice("shop", "a1", "app=a", "v=1", "kubernetes.io/service-name=x"));
        server.apply(slice("shop", "a2", "app=a", "v=2"));
        server.apply(slice("shop", "b1", "app=b", "v=1"));
        server.apply(slice("shop", "none"));

        assertThat(client.names(SLICES + '?' + query)).containsExactly(names.split(", "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "labelSelector=app%3E1 | unable to parse requirement: found 'app>1'",
                "fieldSelector=spec.type%3DX | field label not supported: spec.type",
                "fieldSelector=x | invalid selector: 'x'",
                "limit=many | limit: Invalid value: \"many\"",
                "continue=x | continue key is not valid: x",
                "continue=x&resourceVersion=7 | specifying resource version is not allowed when using continue",
            })
    void whatMakesNoSenseIsABadRequest(String query, String message) throws Exception {
        HttpResponse<String> response = client.get(SLICES + '?' + query);

        assertThat(response.statusCode()).isEqualTo(400);
        Json.Obj status = Json.Obj.parse(response.body());
        assertThat(status.string("message")).startsWith(message);
        assertThat(status.string("reason")).isEqualTo("BadRequest");
    }

    @Test
    void pagesAreThoseOfTheFirstOnesVersion() throws Exception {
        for (int i = 1; i <= 5; i++) {
            server.apply(slice("shop", "s" + i));
        }
        Json.Obj first = client.json(SLICES + "?limit=2");
        server.apply(slice("shop", "s3", "changed=yes"));
        server.delete("EndpointSlice", "shop", "s4");
        server.apply(slice("shop", "s9"));
        Json.Obj second = client.json(SLICES + "?limit=2&continue=" + next(first));
        Json.Obj third = client.json(SLICES + "?limit=2&continue=" + next(second));

        assertThat(ApiClient.names(first)).containsExactly("s1", "s2");
        assertThat(first.object("metadata").get("remainingItemCount")).hasToString("Optional[3]");
        assertThat(ApiClient.names(second)).containsExactly("s3", "s4");
        assertThat(second.toString()).doesNotContain("changed");
        assertThat(ApiClient.names(third)).containsExactly("s5");
        assertThat(next(third)).isEmpty();
        assertThat(third.string("metadata", "resourceVersion")).isEqualTo("1005");
        assertThat(client.names(SLICES)).containsExactly("s1", "s2", "s3", "s5", "s9");
        assertThat(client.json(SLICES + "?limit=1&labelSelector=!x")
                        .object("metadata")
                        .members())
                .as("not counted where labels select")
                .containsKey("continue")
                .doesNotContainKey("remainingItemCount");
    }

    @Test
    void aPageThatIsTooOldSaysHowToGoOnAllTheSame() throws Exception {
        for (int i = 1; i <= 3; i++) {
            server.apply(slice("shop", "s" + i));
        }
        Json.Obj first = client.json(SLICES + "?limit=1");
        server.compact();
        server.delete("EndpointSlice", "shop", "s2");
        HttpResponse<String> gone = client.get(SLICES + "?limit=1&continue=" + next(first));

        assertThat(gone.statusCode()).isEqualTo(410);
        Json.Obj status = Json.Obj.parse(gone.body());
        assertThat(status.string("reason")).isEqualTo("Expired");
        assertThat(status.string("message"))
                .startsWith("The provided continue parameter is too old to display a consistent list result.");
        assertThat(client.names(SLICES + "?continue=" + next(status))).containsExactly("s3");
    }

    private static String next(Json.Obj list) {
        return list.string("metadata", "continue");
    }

    @Test
    void theCacheKnowsNoPagesAndTheFutureIsNotKnown() throws Exception {
        server.apply(slice("shop", "s1"));
        server.apply(slice("shop", "s2"));

        assertThat(client.names(SLICES + "?limit=1&resourceVersion=0")).containsExactly("s1", "s2");
        assertThat(client.names(SLICES + "?limit=1&resourceVersion=1001")).containsExactly("s1");
        HttpResponse<String> early = client.get(SLICES + "?resourceVersion=2000");
        assertThat(early.statusCode()).isEqualTo(504);
        assertThat(early.body()).contains("Too large resource version: 2000, current: 1002");
    }

    @Test
    void theApiSaysWhatItHas() throws Exception {
        assertThat(client.get("/apis/" + IMPORTS).statusCode()).isEqualTo(404);
        assertThat(client.get("/apis/" + IMPORTS + "/v1alpha1/serviceimports").body())
                .isEqualTo("404 page not found\n");

        server.install(IMPORTS, "ServiceImport", "v1beta1", "v1alpha1");

        assertThat(client.get("/apis/" + IMPORTS).body()).isEqualTo("""
                {"kind":"APIGroup","apiVersion":"v1","name":"multicluster.x-k8s.io","versions":[\
                {"groupVersion":"multicluster.x-k8s.io/v1beta1","version":"v1beta1"},\
                {"groupVersion":"multicluster.x-k8s.io/v1alpha1","version":"v1alpha1"}],\
                "preferredVersion":{"groupVersion":"multicluster.x-k8s.io/v1beta1","version":"v1beta1"}}
                """);
        assertThat(client.get("/apis").body()).contains("\"discovery.k8s.io\"", "\"multicluster.x-k8s.io\"");
        assertThat(client.get("/apis/" + IMPORTS + "/v1alpha1").body())
                .contains("\"name\":\"serviceimports\"", "\"namespaced\":true");
        assertThat(client.get("/api/v1").body()).contains("\"name\":\"endpoints\"", "\"namespaced\":false");
        assertThat(client.get("/version").body()).contains("\"major\":\"1\"");
        assertThat(client.get("/healthz/unknown").statusCode()).isEqualTo(404);
        assertThat(client.names("/apis/" + IMPORTS + "/v1beta1/serviceimports")).isEmpty();
        assertThat(client.get("/apis/" + IMPORTS + "/v2/serviceimports").statusCode())
                .isEqualTo(404);

        server.uninstall("ServiceImport");

        assertThat(client.get("/apis/" + IMPORTS).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        HttpResponse<String> response = client.get(SLICES + "/orders-1");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
                "message":"endpointslices.discovery.k8s.io \\"orders-1\\" not found","reason":"NotFound",\
                "details":{"name":"orders-1","group":"discovery.k8s.io","kind":"endpointslices"},"code":404}
                """);
    }

    @Test
    void requestsAreCountedByWhatTheyWant() throws Exception {
        client.get(SLICES + "?limit=5");
        client.get(SLICES + "/orders-1");
        client.get("/api/v1/services");
        client.get("/apis");

        assertThat(server.requests()).isEqualTo(4);
        assertThat(server.requests(ApiVerb.LIST, "endpointslices")).isEqualTo(1);
        assertThat(server.requests(ApiVerb.GET, "endpointslices")).isEqualTo(1);
        assertThat(server.requestsFor(SLICES + "?limit=5")).isEqualTo(1);
        assertThat(server.requestsFor(SLICES)).isZero();
        assertThat(server.awaitRequests(ApiVerb.LIST, "services", 1, ApiClient.PATIENCE))
                .containsExactly(new ApiRequest(ApiVerb.LIST, "services", "", "/api/v1/services", ""));
        assertThat(server.awaitRequests(4, ApiClient.PATIENCE).toString())
                .isEqualTo(
                        "[LIST " + SLICES + "?limit=5, GET " + SLICES + "/orders-1, LIST /api/v1/services, GET /apis]");
        server.forgetRequests();
        assertThat(server.requests()).isZero();
    }

    @Test
    void objectsThatMakeNoSenseAreRefusedByName() {
        assertThatThrownBy(() -> server.apply("[]")).hasMessage("JSON: [] (expected: an object)");
        assertThatThrownBy(() -> server.apply(object("v1", "EndpointSlice", "shop", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("kind: EndpointSlice, apiVersion: v1 (expected: one of [Service, ");
        assertThatThrownBy(() -> server.apply(service("shop", "")))
                .hasMessage("metadata.name: none (expected: a name)");
        assertThatThrownBy(() -> server.apply(service("", "orders")))
                .hasMessage("metadata.namespace: none (expected: a namespace for a Service)");
        assertThatThrownBy(() -> server.apply(object("v1", "Node", "shop", "n-1")))
                .hasMessage("metadata.namespace: shop (expected: none for a Node)");
        assertThatThrownBy(() -> server.delete("Service", "shop", "orders"))
                .hasMessage("object: Service shop/orders (expected: one that is there)");
        assertThatThrownBy(() -> server.delete("Servus", "shop", "orders")).hasMessageStartingWith("kind: Servus (");
        assertThatThrownBy(() -> server.install("", "Service", "v2")).hasMessageStartingWith("kind: Service (");
        assertThatThrownBy(() -> server.install("x.y", "Z")).hasMessage("versions: none (expected: at least one)");
        assertThat(server.version()).isEqualTo("1000");
    }
}
