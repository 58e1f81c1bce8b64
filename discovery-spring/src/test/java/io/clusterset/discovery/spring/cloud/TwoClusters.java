package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A service {@code orders.shop}, two endpoints at home and one remote, all at one port. */
final class TwoClusters implements AutoCloseable {

    static final String ORDERS = "orders.shop";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    final FakeDnsServer dns = FakeDnsServer.start();
    final Pod home = new Pod("home-a", "127.0.0.1", 0);
    final Pod homeToo = new Pod("home-b", "127.0.0.2", home.port());
    final Pod remote = new Pod("remote", "127.0.0.3", home.port());
    final Discovery discovery;

    TwoClusters() {
        this(builder -> builder);
    }

    TwoClusters(UnaryOperator<Discovery.Builder> change) {
        dns.service("orders.shop.svc.cluster.local", "127.0.0.1", "127.0.0.2");
        dns.service("orders.shop.svc.clusterset.local", "127.0.0.3");
        discovery = change.apply(Discovery.builder()
                        .settings(Settings.none())
                        .service(ORDERS, s -> s.port(home.port()))
                        .dns(d -> d.nameservers(List.of(dns.address()))
                                .allowAddresses(List.of(Cidr.parse("127.0.0.0/8")))))
                .build();
    }

    String url(String path) {
        return "http://" + ORDERS + ":" + home.port() + path;
    }

    /** Waits until both tiers are known. */
    void warm() {
        await("all endpoints", () -> discovery.service(ORDERS).endpoints().size() == 3);
    }

    void killHome() {
        home.kill();
        homeToo.kill();
    }

    /** Attempts at a tier. */
    Figures.Attempts attempts(String tier) {
        return discovery.figures().services().stream()
                .flatMap(service -> service.tiers().stream())
                .filter(of -> of.tier().equals(tier))
                .map(Figures.OfTier::attempts)
                .reduce(Figures.Attempts.NONE, Figures.Attempts::plus);
    }

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
        homeToo.close();
        remote.close();
    }
}
