package io.clusterset.discovery.okhttp;

import static io.clusterset.discovery.okhttp.TwoClusters.assertTier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.okhttp.TwoClusters.Reply;
import io.clusterset.discovery.testkit.Rcode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What else a client has: cache, proxy, listeners, other names, and the switch that turns all of it off. */
class AroundTest {

    private static final String ELSEWHERE = "127.0.0.9";

    /** Knows every name. */
    private static final Dns USERS = hostname -> List.of(InetAddress.getByName(ELSEWHERE));

    @Test
    void whatComesFromTheCacheSaysNothingOfTheEndpoint(@TempDir Path folder) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Cache cache = new Cache(folder.toFile(), 1 << 20)) {
            clusters.home.does(new MockResponse.Builder()
                    .addHeader("Cache-Control", "max-age=60")
                    .body("home")
                    .build());
            OkHttpClient client = clusters.client(b -> b.cache(cache));
            assertThat(clusters.get(client).body()).isEqualTo("home");
            for (int i = 0; i < 5; i++) {
                Reply reply = clusters.get(client);
                assertThat(reply.body()).isEqualTo("home");
                assertThat(reply.response().networkResponse()).isNull();
            }
            assertThat(clusters.home.count()).isEqualTo(1);
            assertThat(clusters.atHome().succeeded()).isEqualTo(1);
            assertThat(clusters.atHome().failedSoft() + clusters.atHome().failedHard())
                    .isZero();
        }
    }

    @Test
    void aConditionalGetIsAsGoodAsAnother(@TempDir Path folder) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Cache cache = new Cache(folder.toFile(), 1 << 20)) {
            clusters.home.does(request -> request.getHeaders().get("If-None-Match") == null
                    ? new MockResponse.Builder()
                            .addHeader("ETag", "v1")
                            .addHeader("Cache-Control", "no-cache")
                            .body("home")
                            .build()
                    : new MockResponse.Builder().code(304).build());
            OkHttpClient client = clusters.client(b -> b.cache(cache));
            for (int i = 0; i < 3; i++) {
                assertTier(clusters.get(client), "home", "local", 1);
            }
            assertThat(cache.hitCount()).isEqualTo(2);
            assertThat(clusters.atHome().succeeded()).isEqualTo(3);
        }
    }

    @Test
    void aCacheSeesNothingOfAttempts(@TempDir Path folder) throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Cache cache = new Cache(folder.toFile(), 1 << 20)) {
            clusters.home.does(Pod.code(503));
            OkHttpClient client = clusters.client(b -> b.cache(cache));
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            assertThat(cache.requestCount()).isEqualTo(2); // one for each attempt, as OkHttp counts
        }
    }

    @Test
    void aProxyGetsTheCallsThatAreItsOwn() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod proxy = new Pod("proxy", Wire.HTTP1, ELSEWHERE, 0)) {
            Proxy http = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(ELSEWHERE, proxy.port()));
            OkHttpClient set = clusters.client(b -> b.proxy(http));
            OkHttpClient selected = clusters.client(b -> b.proxySelector(selecting(http)));
            for (OkHttpClient client : List.of(set, selected)) {
                Reply reply = clusters.get(client);
                assertThat(reply.body()).isEqualTo("proxy");
                assertThat(reply.response().request().tag(CallAttempt.class)).isNull();
            }
            assertThat(proxy.seen())
                    .allSatisfy(seen ->
                            assertThat(seen.getTarget()).isEqualTo("http://orders.shop:" + clusters.port() + "/list"));
            assertThat(clusters.home.count()).isZero();
            assertThat(clusters.atHome().picked()).isZero();
        }
    }

    @Test
    void aSelectorThatSelectsNoneIsDirect() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client(b -> b.proxySelector(selecting(Proxy.NO_PROXY)));
            assertTier(clusters.get(client), "home", "local", 1);
        }
    }

    private static ProxySelector selecting(Proxy proxy) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(proxy);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException thrown) {
                throw new AssertionError(thrown);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void theUsersListenerHearsEverythingOfTheCallAndNothingElse(Wire wire) throws IOException {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            List<String> heard = new CopyOnWriteArrayList<>();
            EventListener users = new Listener(heard);
            clusters.home.does(Pod.code(503));
            OkHttpClient client = clusters.client(b -> b.eventListener(users));
            assertTier(clusters.get(client), "remote", "clusterset", 2);
            assertThat(heard)
                    .containsExactly(
                            "callStart",
                            "dnsStart orders.shop",
                            "dnsEnd orders.shop/127.0.0.1",
                            "connectStart 127.0.0.1",
                            "connectEnd",
                            "connectionAcquired",
                            "requestHeadersEnd",
                            "responseHeadersEnd 503",
                            "connectionReleased",
                            "dnsStart orders.shop",
                            "dnsEnd orders.shop/127.0.0.2",
                            "connectStart 127.0.0.2",
                            "connectEnd",
                            "connectionAcquired",
                            "requestHeadersEnd",
                            "responseHeadersEnd 200",
                            "connectionReleased",
                            "callEnd");
        }
    }

    @Test
    void installedTwiceIsSaid() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient.Builder builder = clusters.client().newBuilder();
            assertThatThrownBy(() -> DiscoveryOkHttp.install(builder, clusters.discovery))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("install");
        }
    }

    @Test
    void copiesAndOtherClientsShareOneDiscovery() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient first = clusters.client();
            OkHttpClient copy = first.newBuilder().build();
            OkHttpClient second = clusters.client();
            clusters.home.kill();
            for (OkHttpClient client : List.of(first, copy, second)) {
                for (int i = 0; i < 10; i++) {
                    assertThat(clusters.get(client).body()).isEqualTo("remote");
                }
            }
        }
    }

    @Test
    void switchedOffCallsGoPastIt() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod users = new Pod("users", Wire.HTTP1, ELSEWHERE, clusters.port())) {
            OkHttpClient client = clusters.client(b -> b.dns(USERS));
            assertTier(clusters.get(client), "home", "local", 1);
            clusters.discovery.enabled(false);
            assertThat(clusters.get(client).body()).isEqualTo("users");
            clusters.discovery.enabled(true);
            TwoClusters.await("calls come home", () -> {
                try {
                    return clusters.get(client).body().equals("home");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(users.count()).isPositive();
        }
    }

    @Test
    void closedCallsGoPastIt() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod users = new Pod("users", Wire.HTTP1, ELSEWHERE, clusters.port())) {
            OkHttpClient client = clusters.client(b -> b.dns(USERS));
            assertTier(clusters.get(client), "home", "local", 1);
            clusters.discovery.close();
            assertThat(clusters.get(client).body()).isEqualTo("users");
            assertThat(users.count()).isEqualTo(1);
        }
    }

    @Test
    void namesThatAreNotOursAreNeverAskedFor() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod users = new Pod("users", Wire.HTTP1, ELSEWHERE, clusters.port())) {
            OkHttpClient client = clusters.client(b -> b.dns(USERS));
            for (String name : List.of("www.shop.example", "api.eu.payments.example", ELSEWHERE)) {
                Request request =
                        new Request.Builder().url(clusters.url(name, "/list")).build();
                Reply reply = TwoClusters.call(client, request);
                assertThat(reply.body()).isEqualTo("users");
                assertThat(reply.response().request().tag(CallAttempt.class)).isNull();
            }
            assertThat(users.count()).isEqualTo(3);
            assertThat(clusters.dns.questions()).isEmpty();
        }
    }

    @Test
    void anAliasOfANameOutsideIsTheUsersDnsToResolve() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                Pod users = new Pod("users", Wire.HTTP1, ELSEWHERE, clusters.port())) {
            clusters.dns.on("pay.shop.svc.cluster.local").cname("pay.outside.example");
            clusters.dns.on("pay.shop.svc.clusterset.local").rcode(Rcode.NXDOMAIN);
            OkHttpClient client = clusters.client(b -> b.dns(USERS));
            Request request =
                    new Request.Builder().url(clusters.url("pay.shop", "/list")).build();
            assertThat(TwoClusters.call(client, request).body()).isEqualTo("users");
            assertThat(users.count()).isEqualTo(1);
        }
    }

    @Test
    void aServiceWithoutEndpointsIsAnUnknownHost() {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            clusters.dns.service("orders.shop.svc.cluster.local");
            clusters.dns.service("orders.shop.svc.clusterset.local");
            OkHttpClient client = clusters.client(b -> b.dns(USERS));
            assertThatThrownBy(() -> clusters.get(client))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("orders.shop");
        }
    }

    @Test
    void interceptorsBeforeSeeTheCallOnceAndThoseAfterEachAttempt() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            List<String> seen = new CopyOnWriteArrayList<>();
            OkHttpClient client = clusters.client(b -> b.addInterceptor(chain -> {
                seen.add("before " + chain.request().url().host());
                return chain.proceed(chain.request());
            }));
            OkHttpClient both = client.newBuilder()
                    .addInterceptor(chain -> {
                        CallAttempt attempt = chain.request().tag(CallAttempt.class);
                        seen.add(attempt == null ? "somebody's" : "attempt " + attempt.number());
                        return chain.proceed(chain.request());
                    })
                    .build();
            clusters.home.does(Pod.code(503));
            assertTier(clusters.get(both), "remote", "clusterset", 2);
            assertThat(seen).containsExactly("before orders.shop", "attempt 1", "attempt 2");
        }
    }

    @Test
    void figuresAndExplanationCountEachAttemptOnce() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client();
            for (int i = 0; i < 3; i++) {
                clusters.get(client);
            }
            clusters.home.does(Pod.code(503));
            clusters.get(client);
            assertThat(clusters.atHome().picked()).isEqualTo(4);
            assertThat(clusters.atHome().succeeded()).isEqualTo(3);
            assertThat(clusters.atHome().failedSoft()).isEqualTo(1);
            assertThat(clusters.atRemote().picked()).isEqualTo(1);
            assertThat(clusters.atRemote().succeeded()).isEqualTo(1);
            assertThat(clusters.discovery.figures().services())
                    .filteredOn(service -> service.calls() > 0)
                    .singleElement()
                    .satisfies(service -> {
                        assertThat(service.calls()).isEqualTo(4);
                        assertThat(service.retries()).isEqualTo(1);
                    });
        }
    }

    @Test
    void twoDiscoveriesDoNotMeet() throws IOException {
        try (TwoClusters clusters = new TwoClusters(Wire.HTTP1);
                TwoClusters others = new TwoClusters(Wire.HTTP1)) {
            OkHttpClient client = clusters.client();
            clusters.get(client);
            assertThat(others.home.count()).isZero();
            Discovery other = others.discovery;
            assertThat(other.figures().services()).isEmpty();
        }
    }

    /** Writes down what matters; secure connects and proxies depend on the wire. */
    private static final class Listener extends EventListener {
        private final List<String> heard;

        Listener(List<String> heard) {
            this.heard = heard;
        }

        @Override
        public void callStart(Call call) {
            heard.add("callStart");
        }

        @Override
        public void dnsStart(Call call, String domain) {
            heard.add("dnsStart " + domain);
        }

        @Override
        public void dnsEnd(Call call, String domain, List<InetAddress> addresses) {
            addresses.forEach(address -> heard.add("dnsEnd " + address));
        }

        @Override
        public void connectStart(Call call, InetSocketAddress at, Proxy proxy) {
            heard.add("connectStart " + at.getAddress().getHostAddress());
        }

        @Override
        public void connectEnd(Call call, InetSocketAddress at, Proxy proxy, @Nullable Protocol protocol) {
            heard.add("connectEnd");
        }

        @Override
        public void connectFailed(
                Call call, InetSocketAddress at, Proxy proxy, @Nullable Protocol protocol, IOException thrown) {
            heard.add("connectFailed");
        }

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            heard.add("connectionAcquired");
        }

        @Override
        public void connectionReleased(Call call, Connection connection) {
            heard.add("connectionReleased");
        }

        @Override
        public void requestHeadersEnd(Call call, Request request) {
            heard.add("requestHeadersEnd");
        }

        @Override
        public void requestFailed(Call call, IOException thrown) {
            heard.add("requestFailed " + thrown);
        }

        @Override
        public void responseHeadersEnd(Call call, Response response) {
            heard.add("responseHeadersEnd " + response.code());
        }

        @Override
        public void retryDecision(Call call, IOException thrown, boolean retry) {
            heard.add("retryDecision " + thrown);
        }

        @Override
        public void callEnd(Call call) {
            heard.add("callEnd");
        }

        @Override
        public void callFailed(Call call, IOException thrown) {
            heard.add("callFailed " + thrown);
        }
    }
}
