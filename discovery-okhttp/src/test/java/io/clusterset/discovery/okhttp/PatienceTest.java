package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Home stalls or is late: how long it is waited for. */
@Execution(ExecutionMode.CONCURRENT)
class PatienceTest {

    private static final RequestBody BODY = RequestBody.create("one pair of shoes", MediaType.get("text/plain"));

    private static MockResponse stalls() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void aStalledHomeWithACallTimeoutFailsNoGet(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client(b -> b.callTimeout(Duration.ofSeconds(5)));
            for (int i = 0; i < 100; i++) { // then it is known how long it takes
                assertTier(clusters.get(client), "home", "local", 1);
            }
            clusters.home.does(stalls());
            for (int i = 0; i < 3; i++) {
                assertThat(clusters.get(client).body()).isEqualTo("remote");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS1", "PRIOR_KNOWLEDGE"})
    void aStalledHomeWithAReadTimeoutFailsNoGet(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient patient = clusters.client();
            assertTier(clusters.get(patient), "home", "local", 1); // with its handshake, however long that takes
            clusters.home.does(stalls());
            OkHttpClient client =
                    patient.newBuilder().readTimeout(Duration.ofSeconds(3)).build();
            for (int i = 0; i < 3; i++) {
                assertThat(clusters.get(client).body()).isEqualTo("remote");
            }
            assertThat(clusters.atHome().failedSoft()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPostThatTimesOutIsSeenOnce(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            Request post = clusters.request("/order").post(BODY).build();
            assertTier(TwoClusters.call(client, post), "home", "local", 1);
            clusters.home.does(stalls());
            OkHttpClient hasty = client.newBuilder() // the first call, with its handshake, had all the time it took
                    .readTimeout(Duration.ofSeconds(1))
                    .build();
            assertThatThrownBy(() -> TwoClusters.call(hasty, post)).isInstanceOf(IOException.class);
            TwoClusters.await("the post is there", () -> clusters.home.count() == 2);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atHome().failedSoft()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void slowHeadersAreWaitedFor(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(new MockResponse.Builder()
                    .headersDelay(400, TimeUnit.MILLISECONDS)
                    .body("late")
                    .build());
            OkHttpClient client = clusters.client(b -> b.callTimeout(Duration.ofSeconds(10)));
            assertTier(clusters.get(client), "late", "local", 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void headersThatComeMuchLaterThanUsualAreGivenUp(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client(b -> b.callTimeout(Duration.ofSeconds(5)));
            for (int i = 0; i < 100; i++) { // then it is known how long it takes
                assertTier(clusters.get(client), "home", "local", 1);
            }
            clusters.home.does(late(6_000));
            assertTier(clusters.get(client), "remote", "clusterset", 2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void whoIsOnlySlowIsWaitedFor(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            clusters.home.does(request -> Pod.says(Pod.after(5_400, "late")));
            OkHttpClient client = clusters.client(b -> b.callTimeout(Duration.ofSeconds(10)));
            assertTier(clusters.get(client), "late", "local", 1);
            assertThat(clusters.remote.count()).isZero();
        }
    }

    private static MockResponse late(long millis) {
        return new MockResponse.Builder()
                .headersDelay(millis, TimeUnit.MILLISECONDS)
                .body("late")
                .build();
    }
}
