package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.okhttp.TwoClusters.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An endpoint sends the call elsewhere. */
class RedirectsTest {

    private static final String ELSEWHERE = "127.0.0.9";
    private static final Dns FOREIGN = hostname -> {
        if (hostname.equals("www.foreign.example")) {
            return List.of(InetAddress.getByName(ELSEWHERE));
        }
        throw new UnknownHostException(hostname);
    };

    private static MockResponse to(int code, Object location) {
        return new MockResponse.Builder()
                .code(code)
                .addHeader("Location", location)
                .body("moved")
                .build();
    }

    private static MockResponse to(Object location) {
        return to(302, location);
    }

    private static String path(RecordedRequest request) {
        return request.getUrl().encodedPath();
    }

    private static String host(RecordedRequest request) {
        String host = request.getHeaders().get("Host");
        return String.valueOf(host == null ? request.getHeaders().get(":authority") : host);
    }

    @ParameterizedTest
    @EnumSource
    void withinTheServiceTheEndpointStays(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(request -> switch (path(request)) {
                case "/list" -> to("/second");
                case "/second" -> to(clusters.url("/third"));
                default -> Pod.says("home " + path(request));
            });
            Reply reply = clusters.get(clusters.client());
            assertTier(reply, "home /third", "local", 1);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().picked()).isEqualTo(1);
            assertThat(urls(reply.response())).containsExactly("/third", "/second", "/list");
        }
    }

    private static List<String> urls(Response response) {
        return Stream.iterate(response, r -> r != null, Response::priorResponse)
                .map(r -> r.request().url().encodedPath())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void anInterceptorThatChangesTheHostTooLateIsToldSoAndNoEndpointIsBlamed(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client()
                    .newBuilder()
                    .addInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .url(clusters.url("stock.shop", "/shoes"))
                            .build()))
                    .build();
            assertThatThrownBy(() -> clusters.get(client))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage(
                            "stock.shop: not to be reached by a call that was picked for orders.shop"
                                    + " (expected: interceptors that change a URL's host are added before DiscoveryOkHttp.install)")
                    .hasNoSuppressedExceptions();
            assertThat(clusters.atHome().picked()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherServiceIsPickedAnew(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.publish("stock");
            clusters.home.does(request ->
                    host(request).startsWith("stock") ? Pod.code(503) : to(clusters.url("stock.shop", "/shoes")));
            clusters.remote.does(request -> Pod.says("remote " + host(request)));
            Reply reply = clusters.get(clusters.client());
            assertTier(reply, "remote stock.shop:" + clusters.port(), "clusterset", 2);
            assertThat(reply.attempt().service().toString()).startsWith("stock.shop");
            assertThat(urls(reply.response())).containsExactly("/shoes", "/list");
            assertThat(clusters.home.seen()).extracting(RedirectsTest::path).containsExactly("/list", "/shoes");
            assertThat(clusters.atHome().succeeded()).isEqualTo(1); // the redirect
            assertThat(clusters.atHome().failedSoft()).isEqualTo(1); // the 503 of the other service
            assertThat(clusters.atRemote().succeeded()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void backAgainToTheFirst(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.publish("stock");
            clusters.home.does(request -> switch (path(request)) {
                case "/list" -> to(clusters.url("stock.shop", "/shoes"));
                case "/shoes" -> to(clusters.url("/again"));
                default -> Pod.says("home " + host(request));
            });
            Reply reply = clusters.get(clusters.client());
            assertTier(reply, "home orders.shop:" + clusters.port(), "local", 1);
            assertThat(urls(reply.response())).containsExactly("/again", "/shoes", "/list");
            assertThat(clusters.atHome().succeeded()).isEqualTo(3);
        }
    }

    @Test
    void aCircleEnds() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.publish("stock");
            clusters.home.does(request ->
                    to(clusters.url(host(request).startsWith("stock") ? "orders.shop" : "stock.shop", "/x")));
            OkHttpClient client = clusters.client();
            assertThatThrownBy(() -> clusters.get(client))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("Too many follow-up requests: 21");
            assertThat(clusters.home.count()).isEqualTo(21);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().failedSoft() + clusters.atHome().failedHard())
                    .isZero();
        }
    }

    @Test
    void aCircleWithinTheServiceEndsAndIsNoFailureOfItsEndpoint() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(to("/list"));
            OkHttpClient client = clusters.client();
            assertThatThrownBy(() -> clusters.get(client))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("Too many follow-up requests: 21");
            assertThat(clusters.home.count()).isEqualTo(21);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().failedSoft()).isZero();
        }
    }

    @Test
    void aNameThatIsNotOursIsNobodysBusiness() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod foreign = new Pod("foreign", Wire.HTTP1, ELSEWHERE, clusters.port())) {
            clusters.home.does(to(clusters.url("www.foreign.example", "/there")));
            foreign.does(Pod.code(503));
            OkHttpClient client = clusters.client(b -> b.dns(FOREIGN));
            assertThat(clusters.get(client).body()).isEqualTo("code 503");
            foreign.works();
            assertThat(clusters.get(client).body()).isEqualTo("foreign");
            foreign.kill();
            assertThatThrownBy(() -> clusters.get(client)).isInstanceOf(IOException.class);
            assertThat(clusters.home.count()).isEqualTo(3);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().succeeded()).isEqualTo(3);
            assertThat(clusters.atHome().picked()).isEqualTo(3);
            assertThat(clusters.dns.questions())
                    .noneMatch(question -> question.name().contains("foreign"));
        }
    }

    @Test
    void fromANameThatIsNotOurs() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod foreign = new Pod("foreign", Wire.HTTP1, ELSEWHERE, clusters.port())) {
            foreign.does(to(clusters.url("/list")));
            OkHttpClient client = clusters.client(b -> b.dns(FOREIGN));
            Request request = new Request.Builder()
                    .url(clusters.url("www.foreign.example", "/there"))
                    .build();
            assertThat(TwoClusters.call(client, request).body()).isEqualTo("home");
            Service service = clusters.discovery.service(TwoClusters.HOST + ":" + clusters.port());
            TwoClusters.await(
                    "the other tier is known, too", () -> service.endpoints().size() == 2);
            clusters.home.kill();
            for (int i = 0; i < 10; i++) { // OkHttp's own way, over the addresses there are
                assertThat(TwoClusters.call(client, request).body()).isEqualTo("remote");
            }
        }
    }

    @Test
    void aPostBecomesAGetOrStaysWhatItIs() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.publish("stock");
            RequestBody body = RequestBody.create("shoes", MediaType.get("text/plain"));
            clusters.home.does(request -> switch (path(request)) {
                case "/302" -> to(302, clusters.url("stock.shop", "/there"));
                case "/307" -> to(307, clusters.url("stock.shop", "/there"));
                default -> Pod.says(request.getMethod() + " " + request.getBodySize());
            });
            OkHttpClient client = clusters.client();
            Request.Builder post = clusters.request("/302").post(body);
            assertThat(TwoClusters.call(client, post.build()).body()).isEqualTo("GET 0");
            post.url(clusters.url("/307"));
            assertThat(TwoClusters.call(client, post.build()).body()).isEqualTo("POST 5");
        }
    }

    @Test
    void theOtherServiceClosesAndTheCallGoesOnThere() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.publish("stock");
            clusters.home.does(request -> host(request).startsWith("stock")
                    ? new MockResponse.Builder()
                            .onResponseStart(new SocketEffect.CloseSocket())
                            .build()
                    : to(clusters.url("stock.shop", "/shoes")));
            Reply reply = clusters.get(clusters.client());
            assertThat(reply.body()).isEqualTo("remote");
            assertThat(clusters.home.seen()).extracting(RedirectsTest::path).containsOnlyOnce("/list");
        }
    }

    @Test
    void whoeverWantsNoRedirectGetsTheAnswer() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(to(clusters.url("stock.shop", "/shoes")));
            Reply reply = clusters.get(clusters.client(b -> b.followRedirects(false)));
            assertThat(reply.code()).isEqualTo(302);
            assertThat(clusters.atHome().succeeded()).isEqualTo(1);
        }
    }

    @Test
    void credentialsAreAskedForAtTheSameEndpoint() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(
                    request -> request.getHeaders().get("Authorization") == null ? Pod.code(401) : Pod.says("home"));
            OkHttpClient client = clusters.client(b -> b.authenticator((route, response) -> response.request()
                    .newBuilder()
                    .header("Authorization", "let me in")
                    .build()));
            assertTier(clusters.get(client), "home", "local", 1);
            assertThat(clusters.home.count()).isEqualTo(2);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().picked()).isEqualTo(1);
        }
    }
}
