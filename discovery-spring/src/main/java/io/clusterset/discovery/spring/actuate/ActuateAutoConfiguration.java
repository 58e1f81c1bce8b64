package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.observe.DiscoveryMetrics;
import io.clusterset.discovery.page.DiscoveryPage;
import io.clusterset.discovery.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/** What an operator sees of the {@link Discovery} bean. */
@AutoConfiguration(
        afterName = {
            "io.clusterset.discovery.spring.DiscoveryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnBean(Discovery.class)
final class ActuateAutoConfiguration {

    /** Its key is {@code clusterset}: {@code discovery…} are Spring Cloud's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
    static class OfHealth {

        @Bean
        @ConditionalOnEnabledHealthIndicator("clusterset")
        @ConditionalOnMissingBean(name = "clustersetHealthIndicator")
        ClustersetHealthIndicator clustersetHealthIndicator(Discovery discovery) {
            return new ClustersetHealthIndicator(discovery);
        }
    }

    /** Spring Boot binds it to the registry, in whichever order they come, and closes it before the discovery. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, CompositeMeterRegistryAutoConfiguration.class})
    @ConditionalOnBean(MeterRegistry.class)
    static class OfMetrics {

        @Bean
        @ConditionalOnMissingBean
        DiscoveryMetrics discoveryMetrics(Discovery discovery) {
            return new DiscoveryMetrics(discovery);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class OfEndpoint {

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean
        DiscoveryEndpoint discoveryEndpoint(Discovery discovery, Environment environment) {
            return new DiscoveryEndpoint(
                    discovery,
                    new BegunDrills(discovery::drill, Ticker.system()),
                    environment.getProperty(DiscoveryEndpointProperties.DRILL, Boolean.class, false));
        }

        @Bean
        @ConditionalOnBean(DiscoveryEndpoint.class)
        @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
        @ConditionalOnMissingBean
        DiscoveryWebExtension discoveryWebExtension(DiscoveryEndpoint endpoint) {
            return new DiscoveryWebExtension(endpoint);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class, DiscoveryPage.class})
    @ConditionalOnWebApplication
    @ImportRuntimeHints(PageHints.class)
    static class OfPage {

        @Bean
        @ConditionalOnAvailableEndpoint(endpoint = DiscoveryPageEndpoint.class)
        @ConditionalOnMissingBean
        DiscoveryPage discoveryPage(Discovery discovery) {
            return DiscoveryPage.of(discovery);
        }

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean
        DiscoveryPageEndpoint discoveryPageEndpoint(DiscoveryPage page, ObjectProvider<PathMappedEndpoints> endpoints) {
            return new DiscoveryPageEndpoint(page, () -> PageHeaders.rootPath(endpoints.getObject()));
        }

        @Bean
        @ConditionalOnAvailableEndpoint(endpoint = DiscoveryPageEndpoint.class)
        PageHeaders discoveryPageHeaders(DiscoveryPage page, ObjectProvider<PathMappedEndpoints> endpoints) {
            return new PageHeaders(page.headers(), endpoints::getObject);
        }
    }

    /** The page is a file of its jar. */
    static final class PageHints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern("io/clusterset/discovery/page/*.html");
        }
    }
}
