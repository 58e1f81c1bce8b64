package io.clusterset.discovery.spring;

import io.clusterset.discovery.Discovery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * One {@link Discovery} of the application's properties, closed with the context. Building it does no network I/O, so that a start
 * never waits for DNS and never fails because of it.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "discovery.enabled", matchIfMissing = true)
@ImportRuntimeHints(SpringHints.class)
final class DiscoveryAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Discovery.class)
    static class OfProperties {

        @Bean
        SpringSettings discoverySettings(ConfigurableEnvironment environment) {
            return UnusableSettings.naming(() -> new SpringSettings(environment));
        }

        @Bean(destroyMethod = "close")
        Discovery discovery(SpringSettings settings, ObjectProvider<DiscoveryBuilderCustomizer> customizers) {
            Discovery.Builder builder = Discovery.builder().settings(settings);
            customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
            return UnusableSettings.naming(builder::build);
        }

        /** Takes over what a refresh changes, as Spring Cloud's {@code /actuator/refresh} and its config client tell it. */
        @Bean
        ApplicationListener<EnvironmentChangeEvent> discoveryRefresh(Discovery discovery, SpringSettings settings) {
            return event -> {
                if (event.getKeys().stream().noneMatch(key -> key.startsWith(SpringSettings.PREFIX))) {
                    return;
                }
                try { // what held before holds on; the refresh is not ours to end
                    settings.refresh();
                } catch (RuntimeException refused) {
                    LOG.warn("event=settings subject=settings not taken over: {}", UnusableSettings.text(refused));
                    return;
                }
                try {
                    discovery.reload();
                } catch (RuntimeException told) {
                    LOG.debug("not taken over, as an event has said", told);
                }
            };
        }
    }
}
