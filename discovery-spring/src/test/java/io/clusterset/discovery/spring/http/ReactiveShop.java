package io.clusterset.discovery.spring.http;

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
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.service.ReactiveHttpServiceClientAutoConfiguration;
import org.springframework.web.reactive.function.client.WebClient;

/** DNS for a service {@code orders.shop} at home (127.0.0.1) and remote (127.0.0.2), and applications that know it. */
final class ReactiveShop implements AutoCloseable {

    static final String HOST = "orders.shop";
    static final String HOME = "127.0.0.1";
    static final String REMOTE = "127.0.0.2";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    final FakeDnsServer dns = FakeDnsServer.start();
    final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
            .build();

    ReactiveShop() {
        dns.service("orders.shop.svc.cluster.local", HOME);
        dns.service("orders.shop.svc.clusterset.local", REMOTE);
    }

    /** What an application has whose dependencies are those of this module's tests. */
    static ApplicationContextRunner bare() {
        return new ApplicationContextRunner()
                .withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s")
                .withConfiguration(AutoConfigurations.of(
                        HttpClientAutoConfiguration.class,
                        ReactiveHttpClientAutoConfiguration.class,
                        WebClientAutoConfiguration.class,
                        HttpServiceClientPropertiesAutoConfiguration.class,
                        ReactiveHttpServiceClientAutoConfiguration.class,
                        ReactiveClientsAutoConfiguration.class));
    }

    ApplicationContextRunner application(String... properties) {
        return bare().withBean(Discovery.class, () -> discovery, bean -> bean.setDestroyMethodName(""))
                .withPropertyValues(properties);
    }

    /** Does something with the client of an application. */
    void with(String connector, Consumer<WebClient> what) {
        with(application("spring.http.clients.reactive.connector=" + connector), what);
    }

    static void with(ApplicationContextRunner application, Consumer<WebClient> what) {
        application.run(
                context -> what.accept(context.getBean(WebClient.Builder.class).build()));
    }

    static String url(int port, String path) {
        return "http://" + HOST + ":" + port + path;
    }

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

    @Override
    public void close() {
        discovery.close();
        dns.close();
    }
}
