package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.netty.channel.Channel;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;
import reactor.netty.http.client.HttpClient;

class BlockingClientsAutoConfigurationTest {

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void isThereWhereDiscoveryAndClientsAre() {
        shop.application()
                .run(context -> assertThat(context)
                        .hasSingleBean(ClientHttpRequestFactoryBuilderCustomizer.class)
                        .getBean(ClientHttpRequestFactoryBuilder.class)
                        .isInstanceOf(SteeringFactoryBuilder.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"discovery.enabled=false", "discovery.clients.enabled=false"})
    void isSwitchedOff(String property) {
        shop.application(property)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ClientHttpRequestFactoryBuilderCustomizer.class)
                        .getBean(ClientHttpRequestFactoryBuilder.class)
                        .isNotInstanceOf(SteeringFactoryBuilder.class));
    }

    /** Boot hands what we made of the builder to whoever comes after, typed or not. */
    @Test
    void aCustomizerOfACompanysOwnStarterComesBefore() {
        shop.application()
                .withConfiguration(AutoConfigurations.of(ZebraAutoConfiguration.class))
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .getBean(ClientHttpRequestFactoryBuilder.class)
                            .isInstanceOf(SteeringFactoryBuilder.class);
                    assertThat(context.getBean(ZebraAutoConfiguration.class).asked)
                            .isTrue();
                });
    }

    @Test
    void isNotThereWithoutADiscovery() {
        Shop.clients()
                .withConfiguration(AutoConfigurations.of(BlockingClientsAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ClientHttpRequestFactoryBuilderCustomizer.class));
    }

    @Test
    void isNotThereWithoutBootsClients() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(BlockingClientsAutoConfiguration.class))
                .withBean(Discovery.class, () -> shop.discovery, definition -> definition.setDestroyMethodName(""))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.http.client"))
                .run(context ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(BlockingClientsAutoConfiguration.class));
    }

    /** Whichever client the application has, or has not. */
    @Test
    void needsNeitherApacheNorReactor() {
        shop.application()
                .withClassLoader(new FilteredClassLoader(
                        HttpClients.class.getPackageName(),
                        "org.apache.hc",
                        HttpClient.class.getPackageName(),
                        "reactor.netty",
                        Channel.class.getPackageName(),
                        "io.netty"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    try (Pod home = new Pod("home", Shop.HOME, 0, null)) {
                        assertThat(context.getBean(RestClient.Builder.class)
                                        .build()
                                        .get()
                                        .uri("http://orders.shop:" + home.port() + "/")
                                        .retrieve()
                                        .body(String.class))
                                .isEqualTo("home");
                    }
                });
    }

    /** Its name comes after ours. */
    @AutoConfiguration
    static class ZebraAutoConfiguration {
        private boolean asked;

        @Bean
        ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> zebra() {
            return new ClientHttpRequestFactoryBuilderCustomizer<>() { // a lambda has no type that Boot could read
                @Override
                public HttpComponentsClientHttpRequestFactoryBuilder customize(
                        HttpComponentsClientHttpRequestFactoryBuilder builder) {
                    asked = true;
                    return builder;
                }
            };
        }
    }
}
