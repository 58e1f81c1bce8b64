package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Home says nothing at all, or resets what it was sent. */
@Isolated("each call has its time, and it is short")
class BlackHolesTest {

    /** A connect that is not answered ends by itself, long before half of it, when it would be given up. */
    private static final Duration LONG = Duration.ofSeconds(10);

    /** Half of it is waited out, and the other half is for remote. */
    private static final Duration SHORT = Duration.ofSeconds(6);

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final FakeEndpoint home = FakeEndpoint.start("home", "127.0.0.1", 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote", "127.0.0.2", home.port());
    private final Discovery discovery = TwoClusters.discovery(dns, building -> building);

    BlackHolesTest() {
        dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");
    }

    @AfterEach
    void close() {
        discovery.close();
        dns.close();
        home.close();
        remote.close();
    }

    private OkHttpClient client(UnaryOperator<OkHttpClient.Builder> change) {
        return DiscoveryOkHttp.install(change.apply(new OkHttpClient.Builder()), discovery)
                .build();
    }

    private Request.Builder request() {
        return new Request.Builder().url("http://orders.shop:" + home.port() + "/list");
    }

    private String get(OkHttpClient client) throws IOException {
        return TwoClusters.call(client, request().build()).body();
    }

    private Request post() {
        return request()
                .post(RequestBody.create("shoes", MediaType.get("text/plain")))
                .build();
    }

    private Figures.Attempts atHome() {
        return discovery.figures().services().stream()
                .flatMap(service -> service.tiers().stream())
                .filter(tier -> tier.tier().equals("local"))
                .map(Figures.OfTier::attempts)
                .reduce(Figures.Attempts.NONE, Figures.Attempts::plus);
    }

    @Test
    void coldWithACallTimeout() throws IOException {
        home.blackHole();
        OkHttpClient client = client(b -> b.callTimeout(LONG));
        for (int i = 0; i < 10; i++) {
            assertThat(get(client)).isEqualTo("remote");
        }
        assertThat(atHome().failedHard()).isPositive();
    }

    @Test
    void warmWithACallTimeout() throws IOException {
        OkHttpClient client = client(b -> b.callTimeout(SHORT));
        assertThat(get(client)).isEqualTo("home");
        home.blackHole();
        for (int i = 0; i < 10; i++) {
            assertThat(get(client)).isEqualTo("remote");
        }
    }

    @Test
    void warmWithAReadTimeoutOnly() throws IOException {
        OkHttpClient client = client(b -> b.readTimeout(Duration.ofSeconds(3)));
        assertThat(get(client)).isEqualTo("home");
        home.blackHole();
        for (int i = 0; i < 10; i++) {
            assertThat(get(client)).isEqualTo("remote");
        }
    }

    @Test
    void aPostThatCannotConnectGoesOn() throws IOException {
        home.blackHole();
        OkHttpClient client = client(b -> b.callTimeout(LONG));
        assertThat(TwoClusters.call(client, post()).body()).isEqualTo("remote");
    }

    @Test
    void aHandshakeThatIsNeverAnswered() throws IOException {
        try (FakeEndpoint silent = FakeEndpoint.start("silent", "127.0.0.3", 0);
                Pod other = new Pod("other", Wire.HTTP2, "127.0.0.4", silent.port())) {
            silent.hang();
            dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
            dns.service("orders.shop.svc.clusterset.local", "127.0.0.4");
            OkHttpClient client = DiscoveryOkHttp.install(Wire.HTTP2.client().callTimeout(SHORT), discovery)
                    .build();
            Request request = new Request.Builder()
                    .url("https://orders.shop:" + silent.port() + "/list")
                    .build();
            for (int i = 0; i < 3; i++) {
                assertThat(TwoClusters.call(client, request).body()).isEqualTo("other");
            }
            Request post = request.newBuilder()
                    .post(RequestBody.create("shoes", MediaType.get("text/plain")))
                    .build();
            assertThat(TwoClusters.call(client, post).body()).isEqualTo("other");
            assertThat(other.count()).isEqualTo(4);
        }
    }

    @Test
    void aResetBeforeHeaders() throws IOException {
        OkHttpClient client = client(b -> b);
        assertThat(get(client)).isEqualTo("home");
        home.resetOnRequest();
        for (int i = 0; i < 10; i++) {
            assertThat(get(client)).isEqualTo("remote");
        }
        assertThat(atHome().failedHard()).isPositive();
    }

    @Test
    void aPostThatIsResetIsSeenOnce() throws IOException {
        OkHttpClient client = client(b -> b);
        assertThat(get(client)).isEqualTo("home");
        home.forgetRequests();
        home.resetOnRequest();
        assertThatThrownBy(() -> TwoClusters.call(client, post())).isInstanceOf(IOException.class);
        assertThat(home.requests()).isEqualTo(1);
        assertThat(remote.requests()).isZero();
    }
}
