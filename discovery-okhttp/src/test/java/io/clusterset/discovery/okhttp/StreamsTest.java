package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that take their time, sockets that stay, and callers that go away. */
@Execution(ExecutionMode.CONCURRENT)
class StreamsTest {

    private static MockResponse stalls() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    /** Headers and a first half at once, the rest later. */
    private static MockResponse slowBody(long millis) {
        return new MockResponse.Builder()
                .body("x".repeat(64))
                .throttleBody(48, millis, TimeUnit.MILLISECONDS)
                .build();
    }

    /** The same by the clock: the server's own delays are made of many short ones, each of which a busy machine makes longer. */
    private static MockResponse lateRest(long millis) {
        return new MockResponse.Builder()
                .body(new MockResponseBody() {
                    @Override
                    public long getContentLength() {
                        return 64;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        sink.writeUtf8("x".repeat(48)).flush();
                        sink.writeUtf8(Pod.after(millis, "x".repeat(16))).flush();
                    }
                })
                .build();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void aBodyMayTakeMoreThanAnAttemptsShare(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client(b -> b.callTimeout(Duration.ofSeconds(10)));
            clusters.home.does(lateRest(5_400)); // an attempt has 5 s to get its headers
            assertThat(clusters.get(client).body()).hasSize(64);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().failedSoft()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadTimeoutWithinABodyIsItsReaders(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient patient = clusters.client();
            assertThat(clusters.get(patient).body()).isEqualTo("home"); // with its handshake, however long that takes
            OkHttpClient client =
                    patient.newBuilder().readTimeout(Duration.ofSeconds(2)).build();
            clusters.home.does(slowBody(5_000));
            assertThatThrownBy(() -> clusters.get(client)).isInstanceOf(IOException.class);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.home.count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void aPooledConnectionHasTheNextCallsPatience(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient hasty = clusters.client(b -> b.callTimeout(Duration.ofSeconds(4)));
            assertTier(clusters.get(hasty), "home", "local", 1);
            OkHttpClient patient =
                    hasty.newBuilder().callTimeout(Duration.ofSeconds(20)).build();
            clusters.home.does(lateRest(4_300));
            assertThat(clusters.get(patient).body()).hasSize(64);
            assertThat(clusters.home.seen().get(1).getConnectionIndex()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallTimeoutChargesTheEndpoint(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            assertThat(clusters.get(client).body()).isEqualTo("home"); // the connection is no part of the timeout
            clusters.home.does(stalls());
            clusters.remote.does(stalls());
            OkHttpClient hasty =
                    client.newBuilder().callTimeout(Duration.ofSeconds(2)).build();
            assertThatThrownBy(() -> clusters.get(hasty)).isInstanceOf(InterruptedIOException.class);
            assertThat(clusters.atHome().failedSoft()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledCallChargesNobody(Wire wire) throws Exception {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(stalls());
            OkHttpClient client = clusters.client();
            Call call = client.newCall(clusters.request("/list").build());
            BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
            call.enqueue(new Callback() {
                @Override
                public void onFailure(Call failed, IOException thrown) {
                    failures.add(thrown);
                }

                @Override
                public void onResponse(Call answered, Response response) {
                    response.close();
                    failures.add(new IOException("answered"));
                }
            });
            TwoClusters.await("the request is there", () -> clusters.home.count() == 1);
            call.cancel();
            IOException failure = failures.poll(30, TimeUnit.SECONDS);
            assertThat(failure).isNotNull();
            assertThat(clusters.atHome().abandoned()).isEqualTo(1);
            assertThat(clusters.atHome().picked()).isEqualTo(1);
            assertThat(clusters.remote.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsCancelledChargesNobody(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(new MockResponse.Builder()
                    .body("x".repeat(1 << 20))
                    .throttleBody(1_024, 1, TimeUnit.SECONDS)
                    .build());
            OkHttpClient client = clusters.client();
            Call call = client.newCall(clusters.request("/list").build());
            try (Response response = call.execute()) {
                call.cancel();
                assertThatThrownBy(() -> response.body().bytes()).isInstanceOf(IOException.class);
            }
            assertThat(clusters.atHome().succeeded()).isEqualTo(1);
            assertThat(clusters.atHome().picked()).isEqualTo(1);
        }
    }

    @Test
    void aCallCancelledBeforeItBeginsAsksNobody() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client();
            Call call = client.newCall(clusters.request("/list").build());
            call.cancel();
            assertThatThrownBy(call::execute).isInstanceOf(IOException.class).hasMessage("Canceled");
            assertThat(clusters.home.count()).isZero();
            assertThat(clusters.atHome().failedSoft() + clusters.atHome().failedHard())
                    .isZero();
        }
    }

    @Test
    void anInterruptedCallerChargesNobody() throws Exception {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client();
            assertTier(clusters.get(client), "home", "local", 1);
            clusters.home.does(stalls());
            ExecutorService callers = Executors.newSingleThreadExecutor();
            try {
                CountDownLatch ended = new CountDownLatch(1);
                Future<?> caller = callers.submit(() -> {
                    try {
                        return clusters.get(client);
                    } finally {
                        ended.countDown();
                    }
                });
                TwoClusters.await("the request is there", () -> clusters.home.count() == 2);
                caller.cancel(true);
                // a thread in a blocking read hears of it when that returns
                clusters.home.close();
                assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(clusters.remote.count()).isZero();
            } finally {
                callers.shutdownNow();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWebSocketOpensAtHomeOrElsewhere(boolean killed) throws Exception {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.home.does(echoes("home"));
            clusters.remote.does(echoes("remote"));
            if (killed) {
                clusters.home.kill();
            }
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            OkHttpClient client = clusters.client(b -> b.callTimeout(Duration.ofSeconds(3)));
            WebSocket socket = client.newWebSocket(clusters.request("/feed").build(), new WebSocketListener() {
                @Override
                public void onMessage(WebSocket from, String text) {
                    heard.add(text);
                }

                @Override
                public void onClosed(WebSocket from, int code, String reason) {
                    heard.add("closed");
                }

                @Override
                public void onFailure(WebSocket failed, Throwable thrown, @Nullable Response response) {
                    heard.add("failed: " + thrown);
                }
            });
            socket.send("one");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo((killed ? "remote" : "home") + " heard one");
            socket.send("two");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo((killed ? "remote" : "home") + " heard two");
            String later = heard.poll(3_200, TimeUnit.MILLISECONDS); // after the call timeout, it is still open
            assertThat(later).isNull();
            socket.send("three");
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo((killed ? "remote" : "home") + " heard three");
            socket.close(1_000, null);
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("closed");
        }
    }

    private static MockResponse echoes(String name) {
        return new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onMessage(WebSocket from, String text) {
                        from.send(name + " heard " + text);
                    }

                    @Override
                    public void onClosing(WebSocket from, int code, String reason) {
                        from.close(code, reason);
                    }
                })
                .build();
    }
}
