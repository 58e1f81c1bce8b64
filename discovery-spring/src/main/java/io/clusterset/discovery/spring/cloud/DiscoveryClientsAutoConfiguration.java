package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.time.Ticker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two discovery clients; off with {@code spring.cloud.discovery.enabled} and its like, as all of them are. */
@AutoConfiguration(
        afterName = "io.clusterset.discovery.spring.DiscoveryAutoConfiguration",
        before = {
            CommonsClientAutoConfiguration.class,
            CompositeDiscoveryClientAutoConfiguration.class,
            ReactiveCommonsClientAutoConfiguration.class,
            ReactiveCompositeDiscoveryClientAutoConfiguration.class,
            SimpleDiscoveryClientAutoConfiguration.class,
            SimpleReactiveDiscoveryClientAutoConfiguration.class
        })
@ConditionalOnBean(Discovery.class)
@ConditionalOnDiscoveryEnabled
@ConditionalOnProperty(name = "discovery.enabled", matchIfMissing = true)
final class DiscoveryClientsAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static final class Blocking {

        @Bean
        ClustersetDiscoveryClient clustersetDiscoveryClient(Discovery discovery) {
            return new ClustersetDiscoveryClient(discovery);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnReactiveDiscoveryEnabled
    static final class Reactive {

        @Bean
        ClustersetReactiveDiscoveryClient clustersetReactiveDiscoveryClient(Discovery discovery) {
            return new ClustersetReactiveDiscoveryClient(discovery, new Readiness(Ticker.system()));
        }
    }
}
