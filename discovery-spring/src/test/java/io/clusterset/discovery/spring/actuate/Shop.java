package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A service {@code orders.shop} with one endpoint at home and one in the cluster set, and a discovery that knows it. */
final class Shop implements AutoCloseable {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final FakeDnsServer dns = FakeDnsServer.start();
    final FakeEndpoint home = FakeEndpoint.start("home", "127.0.0.1", 0);
    final FakeEndpoint remote = FakeEndpoint.start("remote", "127.0.0.2", home.port());
    final Discovery discovery;

    Shop() {
        this(building -> building);
    }

    Shop(UnaryOperator<Discovery.Builder> change) {
        dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");
        discovery = change.apply(Discovery.builder()
                        .settings(Settings.none())
                        .dns(d -> d.nameservers(List.of(dns.address()))
                                .allowAddresses(List.of(Cidr.parse("127.0.0.0/8")))))
                .build();
    }

    /** With the port that its endpoints have. */
    String orders() {
        return "orders.shop:" + home.port();
    }

    /** Calls it once; returns who answered. */
    String call() throws IOException {
        return discovery
                .service(orders())
                .call(
                        Call.idempotent(),
                        endpoint -> get(URI.create("http://" + endpoint.host() + ":" + endpoint.port() + "/list"))
                                .body());
    }

    /** Home dies, and calls find out. */
    void killHome() throws IOException {
        home.refuse();
        for (int i = 0; i < 5; i++) {
            call();
        }
    }

    static HttpResponse<String> get(URI uri) throws IOException {
        return send(HttpRequest.newBuilder(uri));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
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

    @Override
    public void close() {
        discovery.close();
        dns.close();
        home.close();
        remote.close();
    }
}
