package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;

/** WebClient and HTTP interfaces over it. */
@AutoConfiguration(afterName = "io.clusterset.discovery.spring.DiscoveryAutoConfiguration")
@ConditionalOnClass({ClientHttpConnectorBuilderCustomizer.class, ClientHttpConnector.class, Mono.class})
@ConditionalOnBean(Discovery.class)
@ConditionalOnBooleanProperty(
        name = {"discovery.enabled", "discovery.clients.enabled"},
        matchIfMissing = true)
@AutoConfigureOrder(
        Ordered.LOWEST_PRECEDENCE) // Boot drops, or fails on, customizers of one kind of builder that come after
final class ReactiveClientsAutoConfiguration {

    /** Last, so that it wraps what everybody else made of the connector. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ClientHttpConnectorBuilderCustomizer<ClientHttpConnectorBuilder<?>> discoveryClientHttpConnectorBuilderCustomizer(
            ObjectProvider<Discovery> discovery) {
        Supplier<Discovery> once =
                SingletonSupplier.of(discovery::getObject); // at the first call: making it may take a client
        return builder -> new ConnectorBuilder(builder, once);
    }
}
