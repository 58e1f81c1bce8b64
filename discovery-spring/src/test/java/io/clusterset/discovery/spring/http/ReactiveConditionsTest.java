package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;

/** When it is there and when it is not, and what else there may be. */
class ReactiveConditionsTest {

    private static final String BEAN = "discoveryClientHttpConnectorBuilderCustomizer";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ReactiveShop shop = new ReactiveShop();
    private final FakeEndpoint home = FakeEndpoint.start("home", ReactiveShop.HOME, 0);

    @AfterEach
    void close() {
        shop.close();
        home.close();
    }

    private Mono<String> get(WebClient client) {
        return client.get()
                .uri(ReactiveShop.url(home.port(), "/list"))
                .retrieve()
                .bodyToMono(String.class);
    }

    interface Orders {
        @GetExchange("/list")
        Mono<String> list();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "orders", types = Orders.class, clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
    static class WithOrders {}

    @Test
    void anHttpInterfaceNeedsNoMoreThanItsUrl() {
        shop.application("spring.http.serviceclient.orders.base-url=http://orders.shop:" + home.port())
                .withUserConfiguration(WithOrders.class)
                .run(context -> {
                    assertThat(context.getBean(Orders.class).list().block(PATIENCE))
                            .isEqualTo("home");
                    assertThat(shop.atHome().succeeded()).isEqualTo(1);
                });
    }

    @Test
    void observationsAreOnePerCall() {
        AtomicInteger observed = new AtomicInteger();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.incrementAndGet();
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (FakeEndpoint remote = FakeEndpoint.start("remote", ReactiveShop.REMOTE, home.port())) {
            home.fail(503);
            ReactiveShop.with(
                    shop.application()
                            .withConfiguration(AutoConfigurations.of(WebClientObservationAutoConfiguration.class))
                            .withBean(ObservationRegistry.class, () -> registry),
                    client -> {
                        assertThat(get(client).block(PATIENCE)).isEqualTo("remote");
                        assertThat(remote.requests()).isEqualTo(1);
                        ReactiveShop.await("the observation", () -> observed.get() == 1);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"discovery.enabled=false", "discovery.clients.enabled=false"})
    void aPropertySwitchesItOff(String property) {
        shop.application(property).run(context -> {
            assertThat(context).doesNotHaveBean(BEAN);
            assertThat(context.getBean(ClientHttpConnector.class)).isInstanceOf(ReactorClientHttpConnector.class);
            WebClient client = context.getBean(WebClient.Builder.class).build();
            assertThatThrownBy(() -> get(client).block(PATIENCE)).isInstanceOf(WebClientRequestException.class);
            assertThat(home.requests()).isZero();
        });
    }

    @Test
    void withoutADiscoveryThereIsNothing() {
        ReactiveShop.bare().run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void withoutBootsClientsThereIsNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ReactiveClientsAutoConfiguration.class))
                .withBean(Discovery.class, () -> shop.discovery)
                .withClassLoader(new FilteredClassLoader(ClientHttpConnectorBuilderCustomizer.class.getPackageName()))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void withoutReactorThereIsNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ReactiveClientsAutoConfiguration.class))
                .withBean(Discovery.class, () -> shop.discovery)
                .withClassLoader(new FilteredClassLoader("reactor"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void withoutReactorNettyTheJdksClientDoes() {
        ReactiveShop.with(
                shop.application()
                        .withClassLoader(new FilteredClassLoader(HttpClient.class.getPackageName(), "io.netty")),
                client -> assertThat(get(client).block(PATIENCE)).isEqualTo("home"));
    }

    /** Somebody's own builder is their business, as is their own connector. */
    @Test
    void aBuilderOfTheUsersOwnIsLeftAlone() {
        shop.application()
                .withBean(ClientHttpConnectorBuilder.class, ClientHttpConnectorBuilder::jdk)
                .run(context -> assertThat(context.getBean(ClientHttpConnector.class))
                        .isInstanceOf(JdkClientHttpConnector.class));
    }

    @Test
    void aProxyResolvesNamesItself() {
        try (FakeEndpoint proxy = FakeEndpoint.start("proxy", "127.0.0.5", 0)) {
            System.setProperty("http.proxyHost", "127.0.0.5");
            System.setProperty("http.proxyPort", String.valueOf(proxy.port()));
            try {
                shop.with(
                        "jdk", client -> assertThat(get(client).block(PATIENCE)).isEqualTo("proxy"));
                assertThat(shop.discovery.figures().services().stream().allMatch(service -> service.calls() == 0))
                        .isTrue();
                System.setProperty("http.nonProxyHosts", "*.shop");
                shop.with(
                        "jdk", client -> assertThat(get(client).block(PATIENCE)).isEqualTo("home"));
                shop.with(
                        "reactor",
                        client -> assertThat(get(client).block(PATIENCE)).isEqualTo("home"));
            } finally {
                System.clearProperty("http.proxyHost");
                System.clearProperty("http.proxyPort");
                System.clearProperty("http.nonProxyHosts");
            }
        }
    }

    /** DNS is silent: whoever waited for it would wait for seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aColdServiceBlocksNobody(String connector) {
        shop.with(connector, client -> {
            Sinks.One<String> got = Sinks.one();
            String elsewhere = "http://" + home.endpoint() + "/";
            assertThat(client.get()
                            .uri(elsewhere) // so that the client has been loaded
                            .retrieve()
                            .bodyToMono(String.class)
                            .block(PATIENCE))
                    .isEqualTo("home");
            shop.dns.silence();
            long began = System.nanoTime();
            Disposable asked = get(client).subscribe(got::tryEmitValue);
            long took = System.nanoTime() - began;
            assertThat(asked.isDisposed()).isFalse();
            shop.dns.speak();
            assertThat(got.asMono().block(PATIENCE)).isEqualTo("home");
            assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(1_900)); // waiting takes 2 s
        });
    }
}
