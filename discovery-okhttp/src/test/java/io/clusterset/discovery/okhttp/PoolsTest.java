package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.okhttp.TwoClusters.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are kept, and when they are left. */
class PoolsTest {

    private static final RequestBody BODY = RequestBody.create("shoes", MediaType.get("text/plain"));

    /** Asks until the answer comes from somebody else. */
    private static void untilLeft(TwoClusters clusters, OkHttpClient client, String body) {
        TwoClusters.await("calls go to " + body, () -> body.equals(said(clusters, client)));
    }

    private static String said(TwoClusters clusters, OkHttpClient client) {
        try {
            return clusters.get(client).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneConnectionServesManyCalls(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            for (int i = 0; i < 10; i++) {
                clusters.get(client);
            }
            assertThat(clusters.home.seen())
                    .extracting(RecordedRequest::getConnectionIndex)
                    .containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theConnectionThatServedInsteadIsKept(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            clusters.home.does(Pod.code(503));
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            clusters.home.works();
            assertTier(clusters.get(client), "home", "local", 1);
            assertThat(clusters.remote.seen())
                    .extracting(RecordedRequest::getConnectionIndex)
                    .containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void anEndpointThatDnsHasNoMoreIsLeftAndDrained(Wire wire) throws Exception {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod next = new Pod("next", wire, "127.0.0.3", clusters.port())) {
            UsersSockets sockets = new UsersSockets();
            OkHttpClient client = clusters.client(b -> b.socketFactory(sockets));
            clusters.get(client);
            assertThat(sockets.open(TwoClusters.HOME)).isEqualTo(1);
            clusters.home.does(new MockResponse.Builder()
                    .body("x".repeat(64))
                    .throttleBody(32, 1_500, TimeUnit.MILLISECONDS)
                    .build());
            try (Response slow =
                    client.newCall(clusters.request("/long").build()).execute()) {
                clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
                clusters.home.works();
                clusters.discovery.service("orders.shop:" + clusters.port()).invalidate();
                untilLeft(clusters, client, "next");
                int before = clusters.home.count();
                long begun = System.nanoTime();
                TwoClusters.await("calls for more than a second", () -> {
                    assertThat(said(clusters, client)).isEqualTo("next");
                    return System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(1_300);
                });
                assertThat(clusters.home.count()).isEqualTo(before);
                assertThat(slow.body().string()).hasSize(64); // it was not cut
            }
            TwoClusters.await("nothing is kept to who is gone", () -> {
                said(clusters, client);
                return sockets.open(TwoClusters.HOME) == 0;
            });
            assertThat(next.count()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP2"})
    void twoNamesDoNotShareConnections(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod other = new Pod("other", wire, "127.0.0.3", clusters.port())) {
            clusters.publish("stock");
            clusters.dns.service("stock.shop.svc.cluster.local", TwoClusters.HOME, "127.0.0.3");
            OkHttpClient client = clusters.client();
            clusters.get(client); // a connection to home, whose certificate is good for both names
            for (int i = 0; i < 20; i++) {
                Request request = new Request.Builder()
                        .url(clusters.url("stock.shop", "/shoes"))
                        .build();
                Reply reply = TwoClusters.call(client, request);
                String picked = reply.attempt().endpoint().address().getHostAddress();
                assertThat(reply.body()).isEqualTo(picked.equals("127.0.0.3") ? "other" : "home");
            }
            assertThat(other.count()).isPositive();
            for (RecordedRequest request : clusters.home.seen()) {
                String authority = String.valueOf(request.getHeaders().get(":authority"));
                assertThat(request.getHandshakeServerNames()).containsExactly(authority.replaceAll(":.*", ""));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPostOverAConnectionThatTheServerHadClosedIsNotDoneTwice(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod first = new Pod("first", wire, "127.0.0.3", clusters.port())) {
            clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
            OkHttpClient client = clusters.client();
            Request post = clusters.request("/order").post(BODY).build();
            assertTier(TwoClusters.call(client, post), "first", "local", 1);
            first.kill();
            try (Pod reborn = new Pod("reborn", wire, "127.0.0.3", clusters.port())) {
                boolean failed = false;
                try {
                    assertThat(TwoClusters.call(client, post).body()).isIn("reborn", "remote");
                } catch (IOException sentIntoAClosedConnection) {
                    failed = true; // OkHttp would have sent it again, and cannot know either who saw it
                }
                assertThat(reborn.count() + clusters.remote.count()).isEqualTo(failed ? 0 : 1);
                assertThat(first.count()).isEqualTo(1);
                assertThat(clusters.get(client).body()).isIn("reborn", "remote");
                assertThat(clusters.atHome().failedHard()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGetOverAConnectionThatTheServerHadClosedChargesNobody(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            SocketEffect end =
                    wire.isHttp2() ? SocketEffect.ShutdownConnection.INSTANCE : new SocketEffect.CloseSocket();
            clusters.home.does(
                    new MockResponse.Builder().body("home").onResponseEnd(end).build());
            for (int i = 0; i < 20; i++) {
                assertThat(clusters.get(client).body()).isIn("home", "remote");
            }
            assertThat(clusters.atHome().failedHard()).isZero();
            assertThat(clusters.atHome().failedSoft()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAListenerAttemptsGoWhereTheyShould(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = wire.client()
                    .addInterceptor(new DiscoveryInterceptor(clusters.discovery))
                    .eventListener(EventListener.NONE)
                    .readTimeout(Duration.ofSeconds(5))
                    .build();
            clusters.home.does(Pod.code(503));
            for (int i = 0; i < 3; i++) {
                assertTier(clusters.get(client), "remote", "clusterset", 2);
            }
            clusters.home.kill();
            for (int i = 0; i < 10; i++) {
                assertThat(clusters.get(client).body()).isEqualTo("remote");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRetryOfTheUsersOwnIsPickedAnew(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod second = new Pod("home", wire, "127.0.0.3", clusters.port())) {
            clusters.dns.service("orders.shop.svc.cluster.local", TwoClusters.HOME, "127.0.0.3");
            OkHttpClient client = clusters.client(b -> b.addInterceptor(chain -> {
                for (int i = 0; i < 9; i++) {
                    chain.proceed(chain.request()).close();
                }
                return chain.proceed(chain.request());
            }));
            for (int i = 0; i < 3; i++) {
                clusters.get(client);
            }
            assertThat(clusters.home.count()).isPositive();
            assertThat(second.count()).isPositive();
            assertThat(clusters.home.count() + second.count()).isEqualTo(30);
        }
    }
}
