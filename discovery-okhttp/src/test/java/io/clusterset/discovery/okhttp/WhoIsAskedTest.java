package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.Pod.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.okhttp.TwoClusters.Reply;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Cache;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call is counted where it went, and asks nobody where it need not. */
class WhoIsAskedTest {

    /** An interceptor in front that asks again (a token, a retry of the user's): the second goes where the tag says. */
    @ParameterizedTest
    @EnumSource
    void aFrontRetryGoesWhereItIsSaidToGo(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire);
                Pod second = new Pod("second", wire, "127.0.0.3", clusters.port())) {
            clusters.dns.service("orders.shop.svc.cluster.local", TwoClusters.HOME, "127.0.0.3");
            OkHttpClient client = clusters.client(b -> b.addInterceptor(chain -> {
                chain.proceed(chain.request()).close();
                return chain.proceed(chain.request());
            }));
            second.works();
            for (int i = 0; i < 10; i++) {
                Reply reply = clusters.get(client);
                String by = reply.attempt().endpoint().address().getHostAddress();
                assertThat(reply.body()).isEqualTo(by.equals("127.0.0.3") ? "second" : "home");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDepartedFromIsClosed(Wire wire) throws Exception {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            UsersSockets sockets = new UsersSockets();
            OkHttpClient client = clusters.client(b -> b.socketFactory(sockets));
            clusters.home.does(code(503));
            clusters.get(client);
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(sockets.open(TwoClusters.HOME)).isZero();
        }
    }

    @Test
    void aRedirectToAnAddressGoesThere() throws IOException {
        try (FakeDnsServer dns = FakeDnsServer.start();
                Pod home = new Pod("home", Wire.HTTP1, "127.0.0.1", 0)) {
            dns.srvService("orders.shop.svc.cluster.local", "http", "127.0.0.1:" + home.port());
            Settings http =
                    Settings.none().withSystemProperties(Map.of("discovery.services[orders.shop].port", "http"));
            try (Discovery discovery = TwoClusters.discovery(dns, b -> b.settings(http))) {
                OkHttpClient client =
                        DiscoveryOkHttp.install(Wire.HTTP1.client(), discovery).build();
                home.does(new MockResponse.Builder()
                        .code(302)
                        .addHeader("Location", "http://127.0.0.9:80/x")
                        .build());
                Request request =
                        new Request.Builder().url("http://orders.shop/list").build();
                assertThatThrownBy(() -> TwoClusters.call(client, request))
                        .hasStackTraceContaining("127.0.0.9:80"); // nobody is there, and that is no failure of home
                assertThat(discovery
                                .figures()
                                .services()
                                .get(0)
                                .tiers()
                                .get(0)
                                .attempts()
                                .failedHard())
                        .isZero();
            }
        }
    }

    @Test
    void whatIsCachedNeedsNoEndpoint(@TempDir Path dir) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client(b -> b.cache(new Cache(new File(dir.toString()), 1 << 20)));
            clusters.home.does(new MockResponse.Builder()
                    .body("x")
                    .addHeader("Cache-Control", "max-age=3600")
                    .build());
            assertThat(clusters.get(client).body()).isEqualTo("x");
            FakeDnsServer empty = FakeDnsServer.start();
            empty.service("orders.shop.svc.cluster.local");
            empty.service("orders.shop.svc.clusterset.local");
            try (Discovery other = TwoClusters.discovery(empty, b -> b)) {
                OkHttpClient again = DiscoveryOkHttp.install(Wire.HTTP1.client().cache(client.cache()), other)
                        .build();
                assertThat(TwoClusters.call(again, clusters.request("/list").build())
                                .body())
                        .isEqualTo("x");
                assertThatThrownBy(() ->
                                TwoClusters.call(again, clusters.request("/new").build()))
                        .isInstanceOf(java.net.UnknownHostException.class)
                        .hasMessageContaining("orders.shop");
            }
            empty.close();
        }
    }

    @Test
    void whoeverIsNotAskedIsNotCharged() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client =
                    clusters.client(b -> b.callTimeout(Duration.ofMillis(800)).addInterceptor(chain -> {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                        return chain.proceed(chain.request());
                    }));
            client = client.newBuilder()
                    .eventListener(okhttp3.EventListener.NONE)
                    .build();
            OkHttpClient hasty = client;
            clusters.home.does(new MockResponse.Builder()
                    .onResponseStart(SocketEffect.Stall.INSTANCE)
                    .build());
            assertThatThrownBy(() -> clusters.get(hasty)).isInstanceOf(IOException.class);
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.atRemote().failedSoft()).isZero();
        }
    }

    @Test
    void aProxyAfterDirect() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod proxy = new Pod("proxy", Wire.HTTP1, "127.0.0.8", 0)) {
            clusters.home.kill();
            clusters.remote.kill();
            ProxySelector both = new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return List.of(
                            Proxy.NO_PROXY,
                            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("localhost", 1)),
                            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("127.0.0.8", proxy.port())));
                }

                @Override
                public void connectFailed(URI uri, SocketAddress at, IOException why) {}
            };
            OkHttpClient client = clusters.client(b -> b.proxySelector(both));
            assertThat(clusters.get(client).body()).isEqualTo("proxy"); // as if the library were not there
            assertThat(clusters.atHome().succeeded()).isZero(); // it refused
        }
    }

    @Test
    void anInterceptorsOwnFailureIsNoEndpoints() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client()
                    .newBuilder()
                    .addInterceptor(chain -> {
                        throw new IOException("not logged in");
                    })
                    .build();
            assertThatThrownBy(() -> clusters.get(client)).hasMessage("not logged in");
            assertThat(clusters.atHome().failedSoft() + clusters.atRemote().failedSoft())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closedConnectionsAreForgotten(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            List<ConnectionPool> pools = new CopyOnWriteArrayList<>();
            OkHttpClient client = clusters.client()
                    .newBuilder()
                    .addInterceptor(chain -> {
                        pools.add(chain.getConnectionPool());
                        return chain.proceed(chain.request());
                    })
                    .build();
            clusters.home.does(request -> wire.isHttp2()
                    ? code(503)
                    : new MockResponse.Builder()
                            .body("x")
                            .addHeader("Connection", "close")
                            .build());
            for (int i = 0; i < 20; i++) {
                clusters.get(client);
            }
            assertThat(pools.get(0).connectionCount()).isLessThan(10); // home's
        }
    }
}
