package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.Pod.code;
import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.okhttp.TwoClusters.Reply;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Home fails in every way; what is done again elsewhere, and what must not be. */
class FailuresTest {

    private static final RequestBody BODY = RequestBody.create("one pair of shoes", MediaType.get("text/plain"));

    private static MockResponse closes() {
        return new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
    }

    private static RequestBody oneShot() {
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return MediaType.get("text/plain");
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("one pair of shoes");
            }
        };
    }

    private static Request post(TwoClusters clusters) {
        return clusters.request("/order").post(BODY).build();
    }

    @ParameterizedTest
    @EnumSource
    void killedWithWarmConnections(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            for (int i = 0; i < 5; i++) {
                assertTier(clusters.get(client), "home", "local", 1);
            }
            clusters.home.kill();
            for (int i = 0; i < 50; i++) {
                assertThat(clusters.get(client).body()).isEqualTo("remote");
            }
            assertThat(clusters.home.count()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedBeforeTheFirstCall(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.kill();
            OkHttpClient client = clusters.client();
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            for (int i = 0; i < 50; i++) {
                assertThat(clusters.get(client).body()).isEqualTo("remote");
            }
            assertThat(clusters.atHome().failedHard()).isPositive();
            assertThat(clusters.atHome().picked()).isEqualTo(clusters.atHome().failedHard()); // each attempt once
            assertThat(clusters.atRemote().succeeded()).isEqualTo(51);
            assertThat(clusters.atRemote().picked()).isEqualTo(51);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 429})
    void aBusyHomeIsAskedOnceAndThenTheOther(int status) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(status));
            Reply reply = clusters.get(clusters.client());
            assertTier(reply, "remote", "clusterset", 2);
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(clusters.atHome().failedSoft()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 410, 418, 422, 501, 505})
    void theCallersFaultIsNoFailure(int status) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(status));
            Reply reply = clusters.get(clusters.client());
            assertThat(reply.code()).isEqualTo(status);
            assertThat(reply.body()).isEqualTo("code " + status);
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().succeeded()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastAnswerIsHandedOnAsItIs(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(code(503));
            clusters.remote.does(code(500));
            Reply reply = clusters.get(clusters.client());
            assertThat(reply.code()).isIn(500, 503);
            assertThat(reply.body()).isEqualTo("code " + reply.code());
            assertThat(reply.attempt().number()).isEqualTo(3);
            assertThat(clusters.home.count() + clusters.remote.count()).isEqualTo(3);
        }
    }

    private static MockResponse busy(String retryAfter, @Nullable String date) {
        MockResponse.Builder busy = new MockResponse.Builder().code(503).addHeader("Retry-After", retryAfter);
        return (date == null ? busy : busy.addHeader("Date", date)).build();
    }

    @ParameterizedTest
    @CsvSource({
        "5,",
        "0,",
        "garbage,",
        "-1,",
        "2147483647,",
        "'Wed, 21 Oct 2099 07:30:00 GMT', 'Wed, 21 Oct 2099 07:28:00 GMT'",
        "'Wed, 21 Oct 2099 07:30:00 GMT',"
    })
    void retryAfterSendsToTheOtherAtOnce(String when, @Nullable String date) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(busy(when, date));
            long began = System.nanoTime();
            assertTier(clusters.get(clusters.client()), "remote", "clusterset", 2);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(clusters.home.count()).isEqualTo(when.equals("0") ? 2 : 1); // OkHttp itself asks again
        }
    }

    /** A date is read by the clock of the one who says it; one that can't be, or has passed, is no wish. */
    @ParameterizedTest
    @CsvSource({
        "5, , 2",
        "5, 'Wed, 21 Oct 2099 07:28:00 GMT', 2",
        "'Wed, 21 Oct 2099 07:30:00 GMT', 'Wed, 21 Oct 2099 07:28:00 GMT', 2",
        "'Wed, 21 Oct 2015 07:30:00 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT', 2",
        "'Wed, 21 Oct 2099 07:30:00 GMT', , 3",
        "'Wed, 21 Oct 2099 07:28:00 GMT', 'Wed, 21 Oct 2099 07:30:00 GMT', 3"
    })
    void whoeverWishesToBeLeftAloneIsNotAskedAgain(String when, @Nullable String date, int asked) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            MockResponse later = busy(when, date);
            clusters.home.does(later);
            clusters.remote.does(later);
            Reply reply = clusters.get(clusters.client());
            assertThat(reply.code()).isEqualTo(503);
            assertThat(clusters.home.count()).isPositive();
            assertThat(clusters.remote.count()).isPositive();
            assertThat(clusters.home.count() + clusters.remote.count()).isEqualTo(asked);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closedBeforeHeaders(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(closes());
            OkHttpClient client = clusters.client();
            for (int i = 0; i < 10; i++) {
                assertThat(clusters.get(client).body()).isEqualTo("remote");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closedInTheMiddleOfABodyFailsItsReaderAndChargesHome(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            // more than the client lets a server send ahead over HTTP/2, or all of it may be there before the end
            clusters.home.does(new MockResponse.Builder()
                    .body("x".repeat(1 << 25))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());
            assertThatThrownBy(() -> clusters.get(client)).isInstanceOf(IOException.class);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(clusters.atHome().failedSoft()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPostGoesOnWhenNothingWasSent(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.kill();
            Reply reply = TwoClusters.call(clusters.client(), post(clusters));
            assertTier(reply, "remote", "clusterset", 2);
            assertThat(clusters.remote.seen().get(0).getBodySize()).isEqualTo(BODY.contentLength());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aOneShotBodyGoesOnWhenNothingWasSent(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.kill();
            Request put = clusters.request("/order").put(oneShot()).build();
            assertTier(TwoClusters.call(clusters.client(), put), "remote", "clusterset", 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPostThatWasSentIsSeenOnce(Wire wire) {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(closes());
            OkHttpClient client = clusters.client();
            assertThatThrownBy(() -> TwoClusters.call(client, post(clusters))).isInstanceOf(IOException.class);
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(clusters.remote.count()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void aPostIsNotDoneAgainAfterAnAnswer(int status) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(status));
            Reply reply = TwoClusters.call(clusters.client(), post(clusters));
            assertThat(reply.code()).isEqualTo(status);
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().failedSoft()).isEqualTo(1);
        }
    }

    @Test
    void aOneShotBodyIsNotSentTwice() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(503));
            Request put = clusters.request("/order").put(oneShot()).build();
            assertThat(TwoClusters.call(clusters.client(), put).code()).isEqualTo(503);
            assertThat(clusters.remote.count()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"PUT,true", "DELETE,true", "HEAD,false", "OPTIONS,false", "GET,false"})
    void othersThatMayBeDoneTwiceAre(String method, boolean body) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(503));
            Request request = clusters.request("/order")
                    .method(method, body ? BODY : null)
                    .build();
            Reply reply = TwoClusters.call(clusters.client(), request);
            assertThat(reply.code()).isEqualTo(200);
            assertThat(reply.attempt().number()).isEqualTo(2);
            if (body) {
                assertThat(clusters.remote.seen().get(0).getBodySize()).isEqualTo(BODY.contentLength());
            }
        }
    }

    @Test
    void aPatchIsNot() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(503));
            Request request = clusters.request("/order").patch(BODY).build();
            assertThat(TwoClusters.call(clusters.client(), request).code()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPostThatMayBeDoneTwiceIs(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(code(503));
            Request request = clusters.request("/order")
                    .post(BODY)
                    .tag(Call.class, Call.idempotent())
                    .build();
            assertTier(TwoClusters.call(clusters.client(), request), "remote", "clusterset", 2);
        }
    }

    @Test
    void aGetThatMustNotBeDoneTwiceIsNot() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(503));
            Request request =
                    clusters.request("/order").tag(Call.class, Call.once()).build();
            assertThat(TwoClusters.call(clusters.client(), request).code()).isEqualTo(503);
            assertThat(clusters.remote.count()).isZero();
        }
    }

    @Test
    void aTagSaysHowOften() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(503));
            Request request = clusters.request("/order")
                    .tag(Call.class, Call.idempotent().attempts(1))
                    .build();
            assertThat(TwoClusters.call(clusters.client(), request).code()).isEqualTo(503);
            assertThat(clusters.remote.count()).isZero();
        }
    }

    @Test
    void aKeyHasItsEndpoint() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                TwoClusters.Pod second = new TwoClusters.Pod("home-b", Wire.HTTP1, "127.0.0.3", clusters.port())) {
            clusters.dns.service("orders.shop.svc.cluster.local", TwoClusters.HOME, "127.0.0.3");
            OkHttpClient client = clusters.client();
            for (int key = 0; key < 20; key++) {
                Request request = clusters.request("/cart")
                        .tag(Affinity.class, Affinity.of("key " + key))
                        .build();
                String first = TwoClusters.call(client, request).body();
                for (int i = 0; i < 4; i++) {
                    assertThat(TwoClusters.call(client, request).body()).isEqualTo(first);
                }
            }
            assertThat(clusters.home.count()).isPositive();
            assertThat(second.count()).isPositive();
        }
    }

    @Test
    void withoutRetriesOfOkHttpsNothingIsDoneTwice() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(code(503));
            OkHttpClient client = clusters.client(b -> b.retryOnConnectionFailure(false));
            assertThat(clusters.get(client).code()).isEqualTo(503);
            assertThat(clusters.remote.count()).isZero();
            clusters.home.kill();
            OkHttpClient cold = clusters.client(b -> b.retryOnConnectionFailure(false));
            assertThat(clusters.get(cold).body()).isEqualTo("remote"); // nothing was sent
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPostThatWasSentOverAPooledConnectionIsSeenOnce(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            assertTier(clusters.get(client), "home", "local", 1);
            clusters.home.does(closes());
            assertThatThrownBy(() -> TwoClusters.call(client, post(clusters))).isInstanceOf(IOException.class);
            assertThat(clusters.home.count()).isEqualTo(2); // OkHttp by itself would send it again
            assertThat(clusters.remote.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP2", "PRIOR_KNOWLEDGE"})
    void aRefusedStreamWasNotSent(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseStream(7))
                    .build());
            assertTier(TwoClusters.call(clusters.client(), post(clusters)), "remote", "clusterset", 2);
            assertThat(clusters.home.count()).isEqualTo(1); // OkHttp would do it again by itself
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP2", "PRIOR_KNOWLEDGE"})
    void aStreamThatIsResetFailsItsGetOver(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseStream(2))
                    .build());
            OkHttpClient client = clusters.client();
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            assertThatThrownBy(() -> TwoClusters.call(client, post(clusters))).isInstanceOf(IOException.class);
            assertThat(clusters.remote.count()).isEqualTo(1);
        }
    }

    @Test
    void aCallThatFailsSaysWhatWasTried() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.kill();
            clusters.remote.kill();
            OkHttpClient client = clusters.client();
            assertThatThrownBy(() -> {
                        try (Response never = client.newCall(
                                        clusters.request("/list").build())
                                .execute()) {
                            throw new AssertionError(never.toString());
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .anySatisfy(told -> assertThat(told)
                                    .hasMessageContaining("attempts failed")
                                    .hasMessageContaining("local 127.0.0.1")
                                    .hasMessageContaining("clusterset 127.0.0.2")));
        }
    }
}
