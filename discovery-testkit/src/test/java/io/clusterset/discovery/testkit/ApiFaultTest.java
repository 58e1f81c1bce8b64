package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.ApiClient.PATIENCE;
import static io.clusterset.discovery.testkit.ApiClient.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server does on command instead of answering. */
@Timeout(30)
class ApiFaultTest {

    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
    private static final String FORBIDDEN = "User \"system:serviceaccount:shop:orders\" cannot ";

    private final FakeApiServer server = FakeApiServer.start();
    private final ApiClient client = new ApiClient(server);

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "400 | BadRequest | the server rejected our request for an unknown reason",
                "401 | Unauthorized | Unauthorized",
                "404 | NotFound | the server could not find the requested resource",
                "410 | Expired | The resourceVersion for the provided list is too old.",
                "429 | TooManyRequests | Too many requests, please try again later.",
                "500 | InternalError | Internal error occurred: etcdserver: request timed out",
                "503 | ServiceUnavailable | the server is currently unable to handle the request",
                "504 | Timeout | Timeout: request did not complete within the allotted duration",
            })
    void itRefusesInTheWordsOfAnApiServer(int status, String reason, String message) throws Exception {
        server.refuse(status);

        HttpResponse<String> response = client.get(SLICES);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        Json.Obj body = Json.Obj.parse(response.body());
        assertThat(body.string("kind")).isEqualTo("Status");
        assertThat(body.string("reason")).isEqualTo(reason);
        assertThat(body.string("message")).isEqualTo(message);
        assertThat(body.get("code")).hasToString("Optional[" + status + "]");

        server.healthy();
        assertThat(client.get(SLICES).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices | endpointslices.discovery.k8s.io is forbidden: USER list resource \"endpointslices\" in API group \"discovery.k8s.io\" in the namespace \"shop\"",
                "/apis/discovery.k8s.io/v1/endpointslices?watch=1 | endpointslices.discovery.k8s.io is forbidden: USER watch resource \"endpointslices\" in API group \"discovery.k8s.io\" at the cluster scope",
                "/api/v1/namespaces/shop/services/orders | services \"orders\" is forbidden: USER get resource \"services\" in API group \"\" in the namespace \"shop\"",
                "/apis/multicluster.x-k8s.io | forbidden: USER get path \"/apis/multicluster.x-k8s.io\"",
            })
    void whoIsForbiddenIsToldWhat(String target, String message) throws Exception {
        server.refuse(403);

        HttpResponse<String> response = client.get(target);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(Json.Obj.parse(response.body()).string("message")).isEqualTo(message.replace("USER ", FORBIDDEN));
    }

    @Test
    void aStatusHasDetails() throws Exception {
        server.refuse(403);
        assertThat(client.json(SLICES).object("details"))
                .hasToString("{\"group\":\"discovery.k8s.io\",\"kind\":\"endpointslices\"}");

        server.fail(ApiFault.status(429).retryAfter(Duration.ofSeconds(7)));
        HttpResponse<String> response = client.get(SLICES);
        assertThat(response.statusCode()).as("the newest fault decides").isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(response.body()).contains("\"details\":{\"retryAfterSeconds\":7}");
    }

    @Test
    void aFaultIsForSomeRequests() throws Exception {
        server.fail(ApiFault.status(403).on(ApiVerb.WATCH, ApiVerb.GET).of("endpointslices"));
        assertThat(client.get(SLICES).statusCode()).isEqualTo(200);
        assertThat(client.get(SLICES + "?watch=1").statusCode()).isEqualTo(403);
        assertThat(client.get("/api/v1/services").statusCode()).isEqualTo(200);

        server.fail(ApiFault.status(500).matching(request -> request.namespace().equals("bank")));
        assertThat(client.get("/api/v1/namespaces/bank/services").statusCode()).isEqualTo(500);
        assertThat(client.get("/api/v1/namespaces/shop/services").statusCode()).isEqualTo(200);
        assertThat(client.get(SLICES + "/x").statusCode()).isEqualTo(403);
    }

    @Test
    void aFaultCanBeForSomePageOnly() throws Exception {
        for (int i = 1; i <= 3; i++) {
            server.apply(slice("shop", "s" + i));
        }
        server.fail(ApiFault.status(500).on(ApiVerb.LIST).after(2).times(1));

        String second = next(client.json(SLICES + "?limit=1"));
        String third = next(client.json(SLICES + "?limit=1&continue=" + second));
        String target = SLICES + "?limit=1&continue=" + third;
        assertThat(client.get(target).statusCode()).isEqualTo(500);
        assertThat(client.names(target)).containsExactly("s3");
    }

    private static String next(Json.Obj list) {
        return list.string("metadata", "continue");
    }

    @Test
    void itStallsAndAnswersLater() throws Exception {
        server.stall();
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(this::slices);
        server.awaitRequests(1, PATIENCE);
        server.apply(slice("shop", "s1"));
        try (RawWatch watch = new RawWatch(server)) {
            watch.write("GET " + SLICES + "?watch=1 HTTP/1.1\r\n\r\n");
            assertThat(watch.hearsNothing()).isTrue();
        }
        assertThat(answer).isNotDone();
        server.healthy();

        assertThat(answer.get().body()).as("as things are then").contains("\"name\":\"s1\"");
    }

    @Test
    void itIsSilentToSomeRequestsOnly() throws Exception {
        server.fail(ApiFault.silence().on(ApiVerb.LIST).of("endpointslices").times(1));
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(this::slices);
        server.awaitRequests(1, PATIENCE);

        assertThat(client.get("/api/v1/services").statusCode()).isEqualTo(200);
        assertThat(answer).isNotDone();
        server.healthy();
        assertThat(answer.get().statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> slices() {
        try {
            return client.get(SLICES);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itCutsAnAnswerInTheMiddle() throws Exception {
        server.apply(slice("shop", "s1"));
        String whole = client.get(SLICES).body();
        server.fail(ApiFault.cut());
        try (RawWatch raw = new RawWatch(server)) {
            raw.write("GET " + SLICES + " HTTP/1.1\r\n\r\n");
            assertThat(raw.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(raw.line()).isEqualTo("Content-Length: " + whole.length());
            assertThat(raw.line()).startsWith("Content-Type");
            assertThat(raw.line()).isEmpty();
            assertThat(raw.rest()).hasSize((whole.length() + 1) / 2).isSubstringOf(whole);
        }
        try (RawWatch watch = new RawWatch(server, SLICES + "?watch=1")) {
            assertThat(watch.event()).as("not cut").isEqualTo("ADDED s1 1001");
            server.dropWatches();
            assertThat(watch.next()).isEmpty();
            server.healthy();
            watch.write("GET /version HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(watch.rest())
                    .as("nor is what comes next")
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("}\n");
        }
    }

    @Test
    void itResetsTheConnection() {
        server.fail(ApiFault.reset());

        assertThatThrownBy(() -> client.get(SLICES)).isInstanceOf(IOException.class);
        assertThat(server.requests(ApiVerb.LIST, "endpointslices")).isPositive();
    }

    @Test
    void itRefusesConnectionsAndListensAgain() throws Exception {
        int port = server.port();
        server.apply(slice("shop", "s1"));
        server.refuse(503);
        server.refuseConnections();
        assertThatThrownBy(() -> client.get(SLICES)).isInstanceOf(ConnectException.class);

        server.restore();
        assertThat(client.get(SLICES).statusCode()).as("in the mode it was in").isEqualTo(503);
        server.refuseConnections();
        server.healthy();
        assertThat(client.names(SLICES)).containsExactly("s1");
        assertThat(server.port()).isEqualTo(port);
        assertThat(server).hasToString("FakeApiServer at 127.0.0.1:" + port);

        server.close();
        assertThatThrownBy(server::restore)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fake-api-server: closed (expected: refusing)");
    }

    @Test
    void tokensAreRotated() throws Exception {
        server.requireToken("t1");
        assertThat(client.get(SLICES).statusCode()).isEqualTo(401);
        assertThat(client.get(SLICES, "Authorization", "Bearer t1").statusCode())
                .isEqualTo(200);

        server.requireToken("t2");
        assertThat(client.get(SLICES, "Authorization", "Bearer t1").body())
                .isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\",\"code\":401}\n");
        assertThat(client.get(SLICES, "Authorization", "Bearer t2").statusCode())
                .isEqualTo(200);

        server.requireToken("");
        assertThat(client.get(SLICES).statusCode()).isEqualTo(200);
    }

    @Test
    void writingIsNotAllowed() throws Exception {
        try (RawWatch raw = new RawWatch(server)) {
            raw.write("POST " + SLICES + " HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(raw.line()).isEqualTo("HTTP/1.1 405 Method Not Allowed");
        }
        assertThat(server.requests(ApiVerb.OTHER, "endpointslices")).isEqualTo(1);
    }

    @Test
    void faultsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> ApiFault.status(200)).hasMessage("status: 200 (expected: 400...599)");
        assertThatThrownBy(() -> server.refuse(600)).hasMessage("status: 600 (expected: 400...599)");
        assertThatThrownBy(() -> ApiFault.reset().times(-1)).hasMessage("times: -1 (expected: >= 0)");
        assertThatThrownBy(() -> ApiFault.reset().after(-1)).hasMessage("after: -1 (expected: >= 0)");
        assertThatThrownBy(() -> ApiFault.reset().retryAfter(Duration.ofSeconds(-1)))
                .hasMessage("retryAfter: PT-1S (expected: >= 0)");
    }
}
