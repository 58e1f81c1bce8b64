package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link DiscoveryDns#listening} learns from OkHttp's own connects, over real sockets; no interceptor. */
class ConnectsDnsTest {

    private static final String HOME = "orders.shop.svc.cluster.local";
    private static final String SET = "orders.shop.svc.clusterset.local";

    private final FakeDnsServer server = FakeDnsServer.start();
    private final FakeEndpoint local = FakeEndpoint.start("local-a", "127.0.0.1", 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote-a", "127.0.0.2", local.port());
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .dns(d -> d.nameservers(List.of(server.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
            .health(h -> h.probe(Probe.none())) // what is learnt is learnt from the connects
            .build();
    private final DiscoveryDns dns = new DiscoveryDns(discovery, name -> {
        throw new UnknownHostException(name + ": not ours");
    });
    private final OkHttpClient client = client(dns);

    private static OkHttpClient client(DiscoveryDns dns) {
        return new OkHttpClient.Builder()
                .dns(dns)
                .eventListenerFactory(dns.listening(EventListener.NONE))
                .build();
    }

    @AfterEach
    void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        discovery.close();
        server.close();
        local.close();
        remote.close();
    }

    private void bothClusters() {
        server.service(HOME, "127.0.0.1");
        server.service(SET, "127.0.0.2");
    }

    private void twoAtHome() {
        server.service(HOME, "127.0.0.1", "127.0.0.2");
        server.on(SET).nodata();
    }

    private HttpUrl url(String host) {
        return new HttpUrl.Builder()
                .scheme("http")
                .host(host)
                .port(local.port())
                .addPathSegment("list")
                .build();
    }

    private Call call(OkHttpClient through, String host) {
        return through.newCall(new Request.Builder().url(url(host)).build());
    }

    private String get(OkHttpClient through, String host) throws IOException {
        try (Response response = call(through, host).execute()) {
            return response.body().string();
        }
    }

    private Figures.Attempts attempts(String service) {
        return discovery.figures().services().stream()
                .filter(one -> one.service().equals(service + ":" + local.port()))
                .flatMap(one -> one.tiers().stream())
                .map(Figures.OfTier::attempts)
                .reduce(Figures.Attempts.NONE, Figures.Attempts::plus);
    }

    private InetSocketAddress first(String service) {
        return discovery
                .service(service + ":" + local.port())
                .endpoints()
                .get(0)
                .socketAddress();
    }

    @Test
    void aRefusedConnectIsLearntAtTheUrlsPort() throws IOException {
        twoAtHome();
        assertThat(get(client, HOME)).isNotEmpty();
        local.refuse();
        for (int i = 0; i < 4; i++) { // it is the first one to use in one of two
            client.connectionPool().evictAll();
            assertThat(get(client, HOME)).isEqualTo("remote-a");
        }
        assertThat(attempts("orders.shop").failedHard()).isPositive();
        awaitFirst("orders.shop", remote);
        for (int i = 0; i < 100; i++) {
            assertThat(first("orders.shop")).isEqualTo(remote.address());
        }
    }

    /** Until the endpoint is always the first one: more often in a row than chance has it. */
    private void awaitFirst(String service, FakeEndpoint endpoint) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int inARow = 0;
        while (inARow < 20 && System.nanoTime() < end) {
            inARow = first(service).equals(endpoint.address()) ? inARow + 1 : 0;
        }
        assertThat(inARow).isEqualTo(20);
    }

    @Test
    void aConnectThatWorksIsLearntAndAReusedConnectionIsNoConnect() throws IOException {
        bothClusters();
        assertThat(get(client, HOME)).isEqualTo("local-a");
        assertThat(get(client, HOME)).isEqualTo("local-a");
        assertThat(attempts("orders.shop").succeeded()).isEqualTo(1);
        assertThat(discovery.figures().services()).as("none of another port").hasSize(1);
    }

    @Test
    void afterARedirectItIsLearntOfTheOtherService() throws IOException {
        server.service("bills.shop.svc.cluster.local", "127.0.0.1", "127.0.0.2");
        server.on("bills.shop.svc.clusterset.local").nodata();
        local.refuse();
        try (FakeEndpoint front = FakeEndpoint.start("front", "127.0.0.3", 0)) {
            OkHttpClient redirected = client.newBuilder()
                    .addNetworkInterceptor(chain -> {
                        Response response = chain.proceed(chain.request());
                        return chain.request().url().host().equals("127.0.0.3")
                                ? response.newBuilder()
                                        .code(302)
                                        .header(
                                                "Location",
                                                url("bills.shop.svc").toString())
                                        .build()
                                : response;
                    })
                    .build();
            for (int i = 0; i < 4; i++) {
                client.connectionPool().evictAll();
                try (Response response = redirected
                        .newCall(new Request.Builder()
                                .url(HttpUrl.get(front.uri("/")))
                                .build())
                        .execute()) {
                    assertThat(response.body().string()).isEqualTo("remote-a");
                }
            }
        }
        assertThat(attempts("bills.shop").failedHard()).isPositive();
    }

    /** An interceptor may send a call to another service than the request names. */
    @Test
    void whereAnInterceptorSendsItItIsLearnt() throws IOException {
        bothClusters();
        OkHttpClient rewritten = client.newBuilder()
                .addInterceptor(chain -> chain.proceed(
                        chain.request().newBuilder().url(url(HOME)).build()))
                .build();
        try (Response response = rewritten
                .newCall(new Request.Builder().url("http://127.0.0.3/x").build())
                .execute()) {
            assertThat(response.body().string()).isEqualTo("local-a");
        }
        assertThat(attempts("orders.shop").succeeded()).isEqualTo(1);
    }

    @Test
    void whoLosesARaceIsNotCharged() throws IOException {
        bothClusters();
        assertThat(get(client, HOME)).isEqualTo("local-a");
        EventListener watch = dns.listening(EventListener.NONE).create(call(client, HOME));
        for (String text : List.of("Socket closed", "canceled")) {
            race(watch, new SocketException(text), false);
            race(watch, new SocketException(text), true);
        }
        assertThat(attempts("orders.shop").failedHard()).isZero();
        assertThat(attempts("orders.shop").failedSoft()).isZero();

        refused(watch); // and this one is learnt, though the call has connected before
        assertThat(attempts("orders.shop").failedHard()).isEqualTo(1);
    }

    /** As OkHttp tells it: the loser ends before the winner's TLS handshake does, or after it. */
    private void race(EventListener watch, IOException lost, boolean winnerFirst) throws IOException {
        Call call = call(client, HOME);
        InetSocketAddress home = named(local);
        InetSocketAddress next = named(remote);
        watch.proxySelectStart(call, call.request().url());
        watch.connectStart(call, home, Proxy.NO_PROXY);
        watch.connectStart(call, next, Proxy.NO_PROXY);
        if (winnerFirst) {
            watch.connectEnd(call, next, Proxy.NO_PROXY, Protocol.HTTP_1_1);
            watch.connectFailed(call, home, Proxy.NO_PROXY, null, lost);
        } else {
            watch.connectFailed(call, home, Proxy.NO_PROXY, null, lost);
            watch.connectEnd(call, next, Proxy.NO_PROXY, Protocol.HTTP_1_1);
        }
    }

    private void refused(EventListener watch) throws IOException {
        Call call = call(client, HOME);
        watch.connectStart(call, named(local), Proxy.NO_PROXY);
        watch.connectFailed(call, named(local), Proxy.NO_PROXY, null, new ConnectException("Connection refused"));
    }

    private static InetSocketAddress named(FakeEndpoint endpoint) throws IOException {
        return new InetSocketAddress(
                InetAddress.getByAddress(HOME, endpoint.address().getAddress().getAddress()), endpoint.port());
    }

    @Test
    void aCancelledCallChargesNobody() throws IOException {
        bothClusters();
        assertThat(get(client, HOME)).isEqualTo("local-a");
        Call call = call(client, HOME);
        EventListener watch = dns.listening(EventListener.NONE).create(call);
        watch.proxySelectStart(call, call.request().url());
        watch.connectStart(call, named(local), Proxy.NO_PROXY);
        call.cancel();
        watch.connectFailed(call, named(local), Proxy.NO_PROXY, null, new ConnectException("Connection refused"));
        assertThat(attempts("orders.shop").failedHard()).isZero();
    }

    /** The endpoint's own address is the proxy's: only the kind of connect tells them apart. */
    @Test
    void aProxyThatRefusesIsNoEndpoint() throws IOException {
        bothClusters();
        assertThat(get(client, HOME)).isEqualTo("local-a");
        OkHttpClient proxied = client.newBuilder()
                .proxy(new Proxy(Proxy.Type.HTTP, local.address()))
                .build();
        assertThat(get(proxied, HOME)).as("the proxy's own answer").isEqualTo("local-a");
        local.refuse();
        client.connectionPool().evictAll();
        assertThatThrownBy(() -> get(proxied, HOME)).isInstanceOf(IOException.class);
        assertThat(attempts("orders.shop").failedHard()).isZero();
    }

    @Test
    void whatIsExpectedOfAThreadEndsWithTheCall() throws IOException {
        assertThatThrownBy(() -> get(client, "nowhere.svc")).isInstanceOf(UnknownHostException.class);
        server.service("nowhere.shop.svc.cluster.local", "127.0.0.1");
        bothClusters();
        server.on(HOME).nodata();
        server.on(SET).nodata();
        assertThatThrownBy(() -> get(client, HOME))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("orders.shop:" + local.port());
        assertThatThrownBy(() -> dns.lookup(HOME)) // on this thread, and for no URL
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("orders.shop:80");
    }

    /** Fast fallback: the next address is tried after 250 ms. */
    @Test
    void aBlackHoleCostsAQuarterOfASecondAndNoCall() throws IOException {
        bothClusters();
        assertThat(get(client, HOME)).isEqualTo("local-a");
        client.connectionPool().evictAll();
        awaitBoth();
        local.blackHole();
        long began = System.nanoTime();
        assertThat(get(client, HOME)).isEqualTo("remote-a");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(240), Duration.ofSeconds(5));
    }

    private void awaitBoth() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (dns.lookup(HOME).size() < 2 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        while (discovery.service("orders.shop:" + local.port()).endpoints().size() < 2 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void connectionsArePooledAsOkHttpDoes() throws IOException {
        bothClusters();
        for (int i = 0; i < 20; i++) {
            assertThat(get(client, HOME)).isEqualTo("local-a");
        }
        assertThat(local.connections()).isEqualTo(1);
        assertThat(remote.connections()).isZero();
    }

    @Test
    void callsToOtherNamesGoAsTheOtherDnsLikesBest() throws IOException {
        InetAddress address = remote.address().getAddress();
        Dns modern = new Dns() {
            @Override
            public List<InetAddress> lookup(String name) throws UnknownHostException {
                throw new UnknownHostException(name + ": asked the old way");
            }

            @Override
            public Dns.Call newCall(Dns.Request request) {
                return new Answered(request, address);
            }
        };
        DiscoveryDns alone = new DiscoveryDns(discovery, modern);
        assertThat(get(client(alone), "files.example.com")).isEqualTo("remote-a");
        assertThatThrownBy(() -> get(client(dns), "files.example.com")).isInstanceOf(UnknownHostException.class);
    }

    /** Answers with an address and with metadata, whose port OkHttp ignores. */
    private record Answered(Dns.Request asked, InetAddress address) implements Dns.Call {
        @Override
        public Dns.Request getRequest() {
            return asked;
        }

        @Override
        public void enqueue(Dns.Callback callback) {
            callback.onRecords(
                    this,
                    true,
                    List.of(
                            new Dns.Record.ServiceMetadata(asked.hostname(), null, 9, List.of(), null),
                            new Dns.Record.IpAddress(asked.hostname(), address)));
        }

        @Override
        public void cancel() {}

        @Override
        public boolean isCanceled() {
            return false;
        }
    }

    @Test
    void anEnqueuedCallThatFindsNoEndpointFailsAsAnyOther() {
        server.on(HOME).nodata();
        server.on(SET).nodata();
        CompletableFuture<@Nullable IOException> failure = new CompletableFuture<>();
        call(client, HOME).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                failure.complete(e);
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
                failure.complete(null);
            }
        });
        assertThat(failure.join())
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no endpoint (local and clusterset: empty");
    }
}
