package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;

/** A service {@code orders.shop} at home and remote, each with one real server that does as it is told. */
final class TwoClusters implements AutoCloseable {

    static final String HOST = "orders.shop";
    static final String HOME = "127.0.0.1";
    static final String REMOTE = "127.0.0.2";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    final FakeDnsServer dns = FakeDnsServer.start();
    final Pod home;
    final Pod remote;
    final Discovery discovery;
    private final Wire wire;

    TwoClusters(Wire wire) {
        this(wire, building -> building);
    }

    TwoClusters(Wire wire, UnaryOperator<Discovery.Builder> change) {
        this.wire = wire;
        home = new Pod("home", wire, HOME, 0);
        remote = new Pod("remote", wire, REMOTE, home.port());
        publish("orders");
        discovery = discovery(dns, change);
    }

    static Discovery discovery(FakeDnsServer dns, UnaryOperator<Discovery.Builder> change) {
        return change.apply(Discovery.builder()
                        .settings(Settings.none())
                        .dns(d -> d.nameservers(List.of(dns.address()))
                                .allowAddresses(List.of(Cidr.parse("127.0.0.0/8")))))
                .build();
    }

    /** A service of the namespace shop, in both clusters. */
    void publish(String service) {
        dns.service(service + ".shop.svc.cluster.local", HOME);
        dns.service(service + ".shop.svc.clusterset.local", REMOTE);
    }

    OkHttpClient client() {
        return client(building -> building);
    }

    OkHttpClient client(UnaryOperator<OkHttpClient.Builder> change) {
        return DiscoveryOkHttp.install(change.apply(wire.client()), discovery).build();
    }

    int port() {
        return home.port();
    }

    HttpUrl url(String path) {
        return url(HOST, path);
    }

    HttpUrl url(String host, String path) {
        return HttpUrl.get(wire.scheme() + "://" + host + ":" + port() + path);
    }

    Request.Builder request(String path) {
        return new Request.Builder().url(url(path));
    }

    /** A GET; the response is read and closed. */
    Reply get(OkHttpClient client) throws IOException {
        return call(client, request("/list").build());
    }

    static Reply call(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return new Reply(response, response.body().string());
        }
    }

    /** The attempts at a tier, of all services there are. */
    Figures.Attempts attempts(String tier) {
        return discovery.figures().services().stream()
                .flatMap(service -> service.tiers().stream())
                .filter(of -> of.tier().equals(tier))
                .map(Figures.OfTier::attempts)
                .reduce(Figures.Attempts.NONE, Figures.Attempts::plus);
    }

    Figures.Attempts atHome() {
        return attempts("local");
    }

    Figures.Attempts atRemote() {
        return attempts("clusterset");
    }

    /** Waits for something that others do. */
    static void await(String what, BooleanSupplier so) {
        for (long ends = System.nanoTime() + PATIENCE; System.nanoTime() - ends < 0; ) {
            if (so.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        throw new AssertionError("not within " + Duration.ofNanos(PATIENCE) + ": " + what);
    }

    static void assertTier(Reply reply, String body, String tier, int number) {
        assertThat(reply.body()).isEqualTo(body);
        CallAttempt attempt = reply.attempt();
        assertThat(attempt.endpoint().tier()).isEqualTo(tier);
        assertThat(attempt.number()).isEqualTo(number);
    }

    @Override
    public void close() {
        discovery.close();
        dns.close();
        home.close();
        remote.close();
    }

    /** A response that was read. */
    record Reply(Response response, String body) {
        int code() {
            return response.code();
        }

        CallAttempt attempt() {
            CallAttempt attempt = response.request().tag(CallAttempt.class);
            if (attempt == null) {
                throw new AssertionError("no attempt: " + response);
            }
            return attempt;
        }
    }

    /** A server. It says its name, unless told otherwise. */
    static final class Pod implements AutoCloseable {
        private final List<RecordedRequest> seen = new CopyOnWriteArrayList<>();
        private final String name;
        private final String address;
        private final MockWebServer server;
        private final Socket reserved = new Socket();
        private volatile Function<RecordedRequest, MockResponse> answers;
        private volatile MockResponse peeked = says("");

        Pod(String name, Wire wire, String address, int port) {
            this(name, wire, Wire.ofServices(), address, port);
        }

        Pod(String name, Wire wire, HandshakeCertificates certificates, String address, int port) {
            this.name = name;
            this.address = address;
            this.answers = request -> says(name);
            this.server = wire.server(address, port, certificates, () -> peeked, this::answer);
        }

        private MockResponse answer(RecordedRequest request) {
            seen.add(request);
            return answers.apply(request);
        }

        static MockResponse says(String text) {
            return new MockResponse.Builder().body(text).build();
        }

        /** A text, when so much time is over by the clock. */
        static String after(long millis, String text) {
            return CompletableFuture.supplyAsync(
                            () -> text, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                    .join();
        }

        static MockResponse code(int code) {
            return new MockResponse.Builder().code(code).body("code " + code).build();
        }

        void does(Function<RecordedRequest, MockResponse> what) {
            answers = what;
            peeked = says("");
        }

        void does(MockResponse what) {
            answers = request -> what;
            peeked = what;
        }

        void works() {
            does(request -> says(name));
        }

        int port() {
            return server.getPort();
        }

        List<RecordedRequest> seen() {
            return List.copyOf(seen);
        }

        int count() {
            return seen.size();
        }

        void forget() {
            seen.clear();
        }

        /** Nobody listens there any more, no server of another test either, and all connections are closed. */
        void kill() {
            InetSocketAddress there = new InetSocketAddress(address, server.getPort());
            server.close();
            try {
                reserved.setReuseAddress(true); // a test's next server there may have it
                reserved.bind(there);
            } catch (BindException kept) {
                // the system keeps it for a minute, since it had connections
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            server.close();
            try {
                reserved.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
