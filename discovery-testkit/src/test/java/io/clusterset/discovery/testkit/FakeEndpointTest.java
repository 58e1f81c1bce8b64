package io.clusterset.discovery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What an endpoint does with real connections. */
class FakeEndpointTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeEndpoint local = FakeEndpoint.start("local-a");
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    @AfterEach
    void close() {
        local.close();
    }

    @Test
    void aHealthyEndpointSaysWhoItIs() throws Exception {
        HttpResponse<String> response = get("/list?page=2");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("local-a");
        assertThat(response.headers().firstValue("X-Endpoint")).hasValue("local-a");
        assertThat(local.name()).isEqualTo("local-a");
        assertThat(local.endpoint()).isEqualTo("127.0.0.1:" + local.port());
        assertThat(local).hasToString("FakeEndpoint local-a at 127.0.0.1:" + local.port());
    }

    @Test
    void requestsAndConnectionsAreCounted() throws Exception {
        get("/list?page=2");
        get("/list");
        get("/other");

        assertThat(local.requests()).isEqualTo(3);
        assertThat(local.requestsFor("/list")).isEqualTo(2);
        assertThat(local.connections()).as("kept alive").isEqualTo(1);
        assertThat(local.awaitRequests(3, PATIENCE)).containsExactly("/list", "/list", "/other");

        local.forgetRequests();
        assertThat(local.requests()).isZero();
        assertThatThrownBy(() -> local.awaitRequests(1, Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("local-a requests: 0 within PT0.001S");
    }

    @Test
    void bodiesAreReadAndThrownAway() throws Exception {
        String large = "x".repeat(300_000);
        HttpResponse<String> posted = client.send(
                java.net.http.HttpRequest.newBuilder(local.uri("/orders"))
                        .POST(BodyPublishers.ofString(large))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> expected = client.send(
                java.net.http.HttpRequest.newBuilder(local.uri("/orders"))
                        .expectContinue(true)
                        .PUT(BodyPublishers.ofString("small"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(posted.body()).isEqualTo("local-a");
        assertThat(expected.body()).isEqualTo("local-a");
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(local.requests()).isEqualTo(3);
    }

    @Test
    void anOlderClientIsServedToo() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) local.uri("/list").toURL().openConnection();
        connection.setReadTimeout(10_000);
        try (InputStream body = connection.getInputStream()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("local-a");
        }
    }

    @Test
    void severalRequestsInOneGoAreAnsweredInOrder() throws IOException {
        local.slow(Duration.ofMillis(5));
        String answers = talk(String.join(
                "",
                "GET /a HTTP/1.1\r\nHost: x\r\n\r\n\r\n",
                "HEAD /b HTTP/1.1\r\n\r\n",
                "POST /c HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
                "GET http://x/d HTTP/1.1\r\nConnection: close\r\n\r\n"));

        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(5);
        assertThat(answers).endsWith("Connection: close\r\n\r\nlocal-a");
        assertThat(local.awaitRequests(4, PATIENCE)).containsExactly("/a", "/b", "/c", "/d");
    }

    @Test
    void whatIsNotHttpIsRejected() throws IOException {
        assertThat(talk("hello\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(talk("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(talk("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .startsWith("HTTP/1.1 411 ");
        assertThat(talk("GET / HTTP/1.1\r\nX: " + "x".repeat(16 * 1024 - 18))).startsWith("HTTP/1.1 431 ");
        assertThat(talk("GET / HTTP/1.0\n\n")).endsWith("\r\n\r\nlocal-a");
    }

    @Test
    void aRefusingEndpointRefusesAndComesBackOnItsPort() throws Exception {
        int port = local.port();
        for (int round = 0; round < 50; round++) {
            try (Socket idle = RawClient.connect(local.address())) {
                request(idle);
                assertThat(idle.getInputStream().read()).isEqualTo('H');
                local.refuse();
                assertThatThrownBy(() -> readAll(idle)).isInstanceOf(SocketException.class);
            }
            assertThatThrownBy(() -> RawClient.connect(local.address())).isInstanceOf(ConnectException.class);

            local.restore();
            assertThat(local.port()).isEqualTo(port);
            assertThat(talk("GET / HTTP/1.0\r\n\r\n")).endsWith("local-a");
        }
    }

    @Test
    void aPortInUseIsSaidToBe() {
        assertThatThrownBy(() -> FakeEndpoint.start("second", local.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("second: can't listen on 127.0.0.1:" + local.port());
    }

    @Test
    void restoringKeepsTheModeAndHealthyListensAgain() throws Exception {
        local.fail(503);
        local.refuse();
        local.restore();
        assertThat(get("/").statusCode()).isEqualTo(503);

        local.refuse();
        local.healthy();
        assertThat(get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aFailingEndpointStillSaysWhoItIs() throws Exception {
        local.fail(503);

        assertThat(get("/").statusCode()).isEqualTo(503);
        assertThat(get("/").headers().firstValue("X-Endpoint")).hasValue("local-a");
        assertThatThrownBy(() -> local.fail(200)).hasMessage("status: 200 (expected: 400...599)");
    }

    @Test
    void aHangingEndpointAcceptsAndDoesNotAnswerUntilItsNextMode() throws Exception {
        local.hang();
        try (Socket first = RawClient.connect(local.address());
                Socket second = RawClient.connect(local.address())) {
            request(first);
            request(second);
            local.awaitRequests(2, PATIENCE);
            first.setSoTimeout(50);
            assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            local.healthy();
            first.setSoTimeout(10_000);
            assertThat(first.getInputStream().read()).isEqualTo('H');
            assertThat(second.getInputStream().read()).isEqualTo('H');
        }
    }

    @Test
    void aSlowEndpointHoldsUpNoOtherRequest() throws Exception {
        local.slow(Duration.ofSeconds(2));
        CompletableFuture<HttpResponse<String>> slow = client.sendAsync(
                java.net.http.HttpRequest.newBuilder(local.uri("/slow")).build(), BodyHandlers.ofString());
        local.awaitRequests(1, PATIENCE);
        local.healthy();

        assertThat(talk("GET /fast HTTP/1.0\r\n\r\n")).endsWith("local-a");
        assertThat(slow).isNotDone();
        assertThat(slow.get().body()).isEqualTo("local-a");
        assertThatThrownBy(() -> local.slow(Duration.ofMillis(-1))).hasMessage("delay: PT-0.001S (expected: >= 0)");
    }

    @Test
    void aResettingEndpointResetsBeforeAnyByte() throws Exception {
        local.resetOnRequest();
        try (Socket socket = RawClient.connect(local.address())) {
            request(socket);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(local.requests()).isEqualTo(1);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "refuses what its queue does not hold")
    void aBlackHoleSwallowsConnectsAndRequestsUntilRestored() throws Exception {
        try (Socket pooled = RawClient.connect(local.address())) {
            for (int round = 0; round < 3; round++) {
                local.blackHole();
                local.blackHole();
                try (Socket late = new Socket()) {
                    assertThatThrownBy(() -> late.connect(local.address(), 100))
                            .isInstanceOf(SocketTimeoutException.class);
                }
                if (round == 0) {
                    request(pooled);
                    pooled.setSoTimeout(50);
                    assertThatThrownBy(() -> pooled.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                }
                local.restore();
                assertThat(get("/").statusCode()).isEqualTo(200);
            }
        }
        local.blackHole();
        local.refuse();
        assertThatThrownBy(() -> RawClient.connect(local.address())).isInstanceOf(ConnectException.class);
        local.blackHole();
        local.fail(500);
        assertThat(get("/").statusCode()).isEqualTo(500);
    }

    @Test
    void hangingRequestsMayBeResetByTheNextMode() throws Exception {
        local.hang();
        try (Socket socket = RawClient.connect(local.address())) {
            request(socket);
            local.awaitRequests(1, PATIENCE);
            local.resetOnRequest();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aClosedEndpointFreesItsPortAndStaysClosed() throws Exception {
        local.close();
        local.close();

        assertThatThrownBy(local::restore)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("local-a: closed (expected: refusing)");
        try (FakeEndpoint next = FakeEndpoint.start("next", local.port())) {
            assertThat(next.port()).isEqualTo(local.port());
        }
    }

    @Test
    void manyConnectionsNeedFewThreads() throws Exception {
        local.hang();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = RawClient.connect(local.address());
                sockets.add(socket);
                request(socket);
            }
            local.awaitRequests(200, PATIENCE);
            assertThat(local.connections()).isEqualTo(200);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("fake-endpoint-local-a"))
                    .hasSizeLessThanOrEqualTo(2);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void namesThatWouldBreakAHeaderAreRefused() {
        assertThatThrownBy(() -> FakeEndpoint.start("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FakeEndpoint.start("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FakeEndpoint.start("a", -1)).hasMessage("port: -1 (expected: 0...65535)");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                java.net.http.HttpRequest.newBuilder(local.uri(path))
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString());
    }

    /** Says something and reads to the end. */
    private String talk(String said) throws IOException {
        try (Socket socket = RawClient.connect(local.address())) {
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            return readAll(socket);
        }
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static void request(Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
}
