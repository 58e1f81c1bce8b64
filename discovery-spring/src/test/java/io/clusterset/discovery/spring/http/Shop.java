package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

/** A service {@code orders.shop} at home and remote, and an application that calls it. */
final class Shop implements AutoCloseable {

    static final String HOST = "orders.shop";
    static final String HOME = "127.0.0.1";
    static final String REMOTE = "127.0.0.2";

    final FakeDnsServer dns = FakeDnsServer.start();
    final Discovery discovery;

    Shop() {
        publish("orders");
        discovery = Discovery.builder()
                .settings(Settings.none())
                .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                .build();
    }

    /** A service of the namespace shop, in both clusters. */
    void publish(String service) {
        dns.service(service + ".shop.svc.cluster.local", HOME);
        dns.service(service + ".shop.svc.clusterset.local", REMOTE);
    }

    /** An application with Boot's clients, and the discovery. */
    ApplicationContextRunner application(String... properties) {
        return application(discovery, properties);
    }

    static ApplicationContextRunner application(Discovery discovery, String... properties) {
        return clients(properties)
                .withConfiguration(AutoConfigurations.of(BlockingClientsAutoConfiguration.class))
                .withBean(Discovery.class, () -> discovery, definition -> definition.setDestroyMethodName(""));
    }

    /** Without us. */
    static ApplicationContextRunner clients(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        HttpClientAutoConfiguration.class,
                        ImperativeHttpClientAutoConfiguration.class,
                        HttpServiceClientPropertiesAutoConfiguration.class,
                        RestClientAutoConfiguration.class,
                        RestTemplateAutoConfiguration.class,
                        HttpServiceClientAutoConfiguration.class))
                .withPropertyValues(properties);
    }

    /** What a client of the application does. */
    void calling(Client client, Consumer<RestClient> what, String... properties) {
        application(properties)
                .withPropertyValues(client.property())
                .run(context ->
                        what.accept(context.getBean(RestClient.Builder.class).build()));
    }

    /** The attempts at a tier. */
    Figures.Attempts attempts(String tier) {
        return discovery.figures().services().stream()
                .flatMap(service -> service.tiers().stream())
                .filter(of -> of.tier().equals(tier))
                .map(Figures.OfTier::attempts)
                .reduce(Figures.Attempts.NONE, Figures.Attempts::plus);
    }

    @Override
    public void close() {
        discovery.close();
        dns.close();
    }

    /** Request factories. */
    enum Client {
        JDK(true),
        HTTP_COMPONENTS(true),
        SIMPLE(false),
        REACTOR(true);

        private final boolean keepsHost;

        Client(boolean keepsHost) {
            this.keepsHost = keepsHost;
        }

        String property() {
            return "spring.http.clients.imperative.factory=" + name();
        }

        /** Whether endpoints see the logical name in {@code Host}. */
        boolean keepsHost() {
            return keepsHost;
        }
    }
}
