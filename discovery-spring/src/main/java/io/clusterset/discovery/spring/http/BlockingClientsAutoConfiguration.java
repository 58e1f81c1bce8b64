package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ClientHttpRequestFactory;

/** {@code RestClient}, {@code RestTemplate} and HTTP interfaces over them. */
@AutoConfiguration(afterName = "io.clusterset.discovery.spring.DiscoveryAutoConfiguration")
@ConditionalOnClass({ClientHttpRequestFactory.class, ClientHttpRequestFactoryBuilderCustomizer.class})
@ConditionalOnBean(Discovery.class)
@ConditionalOnBooleanProperty(
        name = {"discovery.enabled", "discovery.clients.enabled"},
        matchIfMissing = true)
@AutoConfigureOrder(
        Ordered.LOWEST_PRECEDENCE) // Boot drops, or fails on, customizers of one kind of builder that come after
final class BlockingClientsAutoConfiguration {

    /** Last, so that what others say of the client is said of the one inside. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>> discoveryClientHttpRequestFactories(
            ObjectProvider<Discovery> discovery) {
        HostHeader.allow(); // for contexts without an environment of Boot's
        return new SteeringCustomizer(discovery);
    }
}
