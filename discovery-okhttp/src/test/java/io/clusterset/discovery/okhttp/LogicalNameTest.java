package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.HOST;
import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.okhttp.TwoClusters.Reply;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.io.IOException;
import java.util.Map;
import javax.net.ssl.SSLException;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The endpoint is one, the name another: what is sent, shown and checked is the name. */
class LogicalNameTest {

    private static void assertMeans(RecordedRequest request, Wire wire, String authority) {
        String sent = request.getHeaders().get(wire.isHttp2() ? ":authority" : "Host");
        assertThat(sent).isEqualTo(authority);
        if (wire.isTls()) {
            assertThat(request.getHandshakeServerNames()).containsExactly(HOST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNameIsSentToBothTiers(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            assertTier(clusters.get(client), "home", "local", 1);
            assertMeans(clusters.home.seen().get(0), wire, HOST + ":" + clusters.port());
            clusters.home.does(Pod.code(503));
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            assertMeans(clusters.remote.seen().get(0), wire, HOST + ":" + clusters.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNameIsSentWhereTheEndpointHasAnotherPort(Wire wire) throws IOException {
        try (FakeDnsServer dns = FakeDnsServer.start();
                Pod home = new Pod("home", wire, "127.0.0.1", 0);
                Pod remote = new Pod("remote", wire, "127.0.0.2", 0)) {
            dns.srvService("orders.shop.svc.cluster.local", "http", "127.0.0.1:" + home.port());
            dns.srvService("orders.shop.svc.clusterset.local", "http", "127.0.0.2:" + remote.port());
            Settings http =
                    Settings.none().withSystemProperties(Map.of("discovery.services[orders.shop].port", "http"));
            UsersSockets sockets = new UsersSockets();
            try (Discovery discovery = TwoClusters.discovery(dns, b -> b.settings(http))) {
                OkHttpClient client = DiscoveryOkHttp.install(wire.client().socketFactory(sockets), discovery)
                        .build();
                Request request = new Request.Builder()
                        .url(wire.scheme() + "://" + HOST + "/list")
                        .build();
                for (int i = 0; i < 5; i++) {
                    assertTier(TwoClusters.call(client, request), "home", "local", 1);
                }
                assertMeans(home.seen().get(0), wire, HOST);
                assertThat(sockets.made().size()).isEqualTo(1); // they are pooled, and the user's own
                home.kill();
                for (int i = 0; i < 5; i++) {
                    assertThat(TwoClusters.call(client, request).body()).isEqualTo("remote");
                }
                assertMeans(remote.seen().get(0), wire, HOST);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS1", "HTTP2"})
    void aWrongCertificateAtHomeSendsElsewhere(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod impostor = new Pod("impostor", wire, Wire.ofSomebodyElse(), "127.0.0.3", clusters.port())) {
            clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
            OkHttpClient client = clusters.client();
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            assertThat(impostor.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS1", "HTTP2"})
    void aWrongCertificateEverywhereFails(Wire wire) {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod impostor = new Pod("impostor", wire, Wire.ofSomebodyElse(), "127.0.0.3", clusters.port())) {
            clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
            clusters.dns.service("orders.shop.svc.clusterset.local", "127.0.0.3");
            OkHttpClient client = clusters.client();
            assertThatThrownBy(() -> clusters.get(client)).isInstanceOf(SSLException.class);
            assertThat(impostor.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHostOfTheCallersStays(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            Request request =
                    clusters.request("/list").header("Host", "shop.example").build();
            Reply reply = TwoClusters.call(clusters.client(), request);
            assertTier(reply, "home", "local", 1);
            RecordedRequest seen = clusters.home.seen().get(0);
            String stock = wire.isHttp2() ? seen.getHeaders().get(":authority") : "shop.example";
            assertMeans(seen, wire, String.valueOf(stock));
        }
    }

    @ParameterizedTest
    @EnumSource
    void allSpellingsOfTheNameAreTheSameService(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            HttpUrl loud = clusters.url("ORDERS.Shop", "/list");
            Reply reply =
                    TwoClusters.call(client, new Request.Builder().url(loud).build());
            assertTier(reply, "home", "local", 1);
        }
    }
}
