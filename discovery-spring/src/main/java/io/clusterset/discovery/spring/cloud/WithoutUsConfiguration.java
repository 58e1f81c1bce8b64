package io.clusterset.discovery.spring.cloud;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClient;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * What the contexts of {@link Stock} see of discovery clients: all but ours. We have been asked by then, with the port of the URL, which
 * a discovery client is not told.
 */
final class WithoutUsConfiguration {

    @Bean
    @Primary
    @ConditionalOnBean(value = DiscoveryClient.class, search = SearchStrategy.ANCESTORS)
    DiscoveryClient otherDiscoveryClients(ApplicationContext context) {
        return new CompositeDiscoveryClient(blocking(parent(context)));
    }

    @Bean
    @Primary
    @ConditionalOnBean(value = ReactiveDiscoveryClient.class, search = SearchStrategy.ANCESTORS)
    ReactiveDiscoveryClient otherReactiveDiscoveryClients(ApplicationContext context) {
        return new ReactiveCompositeDiscoveryClient(reactive(parent(context)));
    }

    private static ApplicationContext parent(ApplicationContext context) {
        ApplicationContext parent = context.getParent();
        return parent == null ? context : parent;
    }

    /** The application's, but ours and the one that asks all. */
    static List<DiscoveryClient> blocking(ApplicationContext application) {
        return application
                .getBeanProvider(DiscoveryClient.class)
                .orderedStream()
                .filter(client ->
                        !(client instanceof ClustersetDiscoveryClient) && !(client instanceof CompositeDiscoveryClient))
                .toList();
    }

    /** The same of reactive ones. */
    static List<ReactiveDiscoveryClient> reactive(ApplicationContext application) {
        return application
                .getBeanProvider(ReactiveDiscoveryClient.class)
                .orderedStream()
                .filter(client -> !(client instanceof ClustersetReactiveDiscoveryClient)
                        && !(client instanceof ReactiveCompositeDiscoveryClient))
                .toList();
    }
}
