package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.observe.DiscoveryMetrics;
import io.clusterset.discovery.page.DiscoveryPage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Each part is there when, and only when, what it belongs to is. */
class ConditionsTest {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=discovery";

    private final ApplicationContextRunner empty = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ActuateAutoConfiguration.class, EndpointAutoConfiguration.class));

    private final ApplicationContextRunner runner = empty.withBean(
            Discovery.class, () -> Discovery.builder().settings(Settings.none()).build());

    private final ApplicationContextRunner measured = runner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class));

    @Test
    void nothingWithoutADiscovery() {
        empty.withPropertyValues(EXPOSED)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ClustersetHealthIndicator.class)
                        .doesNotHaveBean(DiscoveryMetrics.class)
                        .doesNotHaveBean(DiscoveryEndpoint.class));
    }

    @Test
    void healthUnlessSwitchedOff() {
        runner.run(context -> assertThat(context).hasBean("clustersetHealthIndicator"));
        runner.withPropertyValues("management.health.clusterset.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        runner.withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void theUsersHealthIndicatorWins() {
        runner.withBean(
                        "clustersetHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.up().build())
                .run(context -> assertThat(context)
                        .hasSingleBean(HealthIndicator.class)
                        .doesNotHaveBean(ClustersetHealthIndicator.class));
    }

    @Test
    void noHealthWithoutBootsHealthModule() {
        measured.withPropertyValues(EXPOSED)
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("clustersetHealthIndicator")
                        .hasSingleBean(DiscoveryMetrics.class)
                        .hasSingleBean(DiscoveryEndpoint.class));
    }

    @Test
    void metricsWithARegistryOnly() {
        runner.run(context -> assertThat(context).doesNotHaveBean(DiscoveryMetrics.class));
        measured.run(context -> {
            assertThat(context).hasSingleBean(DiscoveryMetrics.class);
            assertThat(context.getBean(MeterRegistry.class)
                            .find("discovery.enabled")
                            .gauges())
                    .singleElement()
                    .satisfies(gauge -> assertThat(gauge.value()).isOne());
        });
    }

    @Test
    void metricsOfSeveralRegistriesAreInEach() {
        measured.withUserConfiguration(TwoRegistries.class)
                .run(context -> assertThat(context.getBeansOfType(SimpleMeterRegistry.class)
                                .values())
                        .hasSize(2)
                        .allSatisfy(registry -> assertThat(
                                        registry.find("discovery.enabled").meters())
                                .hasSize(1)));
    }

    @Test
    void metricsAreWithdrawnWithTheContext() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        measured.withBean(MeterRegistry.class, () -> registry, bean -> bean.setDestroyMethodName(""))
                .run(context ->
                        assertThat(registry.find("discovery.enabled").meters()).hasSize(1));
        assertThat(registry.getMeters())
                .noneMatch(meter -> meter.getId().getName().startsWith("discovery."));
    }

    @Test
    void theUsersMetricsWin() {
        measured.withUserConfiguration(OwnMetrics.class).run(context -> {
            assertThat(context).hasSingleBean(DiscoveryMetrics.class).hasBean("mine");
            assertThat(context.getBean(MeterRegistry.class)
                            .find("discovery.enabled")
                            .meters())
                    .hasSize(1);
        });
    }

    @Test
    void noMetricsWithoutMicrometerOrBootsModule() {
        for (String absent : new String[] {"io.micrometer", "org.springframework.boot.micrometer"}) {
            runner.withPropertyValues(EXPOSED)
                    .withClassLoader(new FilteredClassLoader(absent))
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean("discoveryMetrics")
                            .hasSingleBean(ClustersetHealthIndicator.class)
                            .hasSingleBean(DiscoveryEndpoint.class));
        }
    }

    @Test
    void theEndpointWhenExposedAndAccessible() {
        runner.run(context -> assertThat(context).doesNotHaveBean(DiscoveryEndpoint.class));
        runner.withPropertyValues(EXPOSED)
                .run(context -> assertThat(context)
                        .hasSingleBean(DiscoveryEndpoint.class)
                        .hasSingleBean(DiscoveryWebExtension.class));
        runner.withPropertyValues(EXPOSED, "management.endpoint.discovery.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(DiscoveryEndpoint.class));
        runner.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=discovery")
                .run(context -> assertThat(context)
                        .hasSingleBean(DiscoveryEndpoint.class)
                        .doesNotHaveBean(DiscoveryWebExtension.class));
    }

    @Test
    void noEndpointWithoutTheActuator() {
        for (Class<?> absent : new Class<?>[] {ConditionalOnAvailableEndpoint.class, Endpoint.class}) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(ActuateAutoConfiguration.class))
                    .withBean(
                            Discovery.class,
                            () -> Discovery.builder().settings(Settings.none()).build())
                    .withPropertyValues(EXPOSED)
                    .withClassLoader(new FilteredClassLoader(absent.getPackageName()))
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean("discoveryEndpoint")
                            .hasSingleBean(ClustersetHealthIndicator.class));
        }
    }

    private static WebApplicationContextRunner web() {
        return new WebApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ActuateAutoConfiguration.class, EndpointAutoConfiguration.class))
                .withBean(
                        Discovery.class,
                        () -> Discovery.builder().settings(Settings.none()).build());
    }

    @Test
    void thePageIfItIsExposedInAWebApplication() {
        String exposed = "management.endpoints.web.exposure.include=discoverypage";
        web().withPropertyValues(exposed)
                .run(context -> assertThat(context)
                        .hasSingleBean(DiscoveryPageEndpoint.class)
                        .hasSingleBean(DiscoveryPage.class)
                        .doesNotHaveBean(DiscoveryEndpoint.class));
        web().withPropertyValues(EXPOSED)
                .run(context -> assertThat(context)
                        .hasSingleBean(DiscoveryEndpoint.class)
                        .doesNotHaveBean(DiscoveryPageEndpoint.class)
                        .doesNotHaveBean(DiscoveryPage.class));
        web().withPropertyValues(exposed, "management.endpoint.discoverypage.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(DiscoveryPageEndpoint.class));
        runner.withPropertyValues(exposed)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DiscoveryPageEndpoint.class));
    }

    @Test
    void noPageWithoutItsModule() {
        web().withPropertyValues("management.endpoints.web.exposure.include=*")
                .withClassLoader(new FilteredClassLoader("io.clusterset.discovery.page"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("discoveryPage")
                        .doesNotHaveBean("discoveryPageEndpoint")
                        .hasSingleBean(DiscoveryEndpoint.class));
    }

    @Test
    void noHeadersWhereThereIsNoPage() {
        AutoConfigurations actuator = AutoConfigurations.of(
                ActuateAutoConfiguration.class,
                EndpointAutoConfiguration.class,
                WebEndpointAutoConfiguration.class,
                ManagementContextAutoConfiguration.class);
        String exposed = "management.endpoints.web.exposure.include=*";
        web().withConfiguration(actuator)
                .withPropertyValues(exposed)
                .run(context -> assertThat(context).hasNotFailed().hasBean("discoveryPageHeadersFilter"));
        web().withConfiguration(actuator)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("discoveryPageHeadersFilter"));
        web().withConfiguration(actuator)
                .withPropertyValues(exposed)
                .withClassLoader(new FilteredClassLoader("io.clusterset.discovery.page"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("discoveryPageHeadersFilter"));
    }

    @Test
    void withoutADiscoveryTheFilterLetsAllPass() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ActuateAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        WebEndpointAutoConfiguration.class,
                        ManagementContextAutoConfiguration.class))
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(PageHeaders.class);
                    Filter filter = context.getBean("discoveryPageHeadersFilter", Filter.class);
                    MockHttpServletResponse response = new MockHttpServletResponse();
                    filter.doFilter(
                            new MockHttpServletRequest("GET", "/actuator/discoverypage"),
                            response,
                            (asked, answer) -> ((MockHttpServletResponse) answer).setStatus(299));
                    assertThat(response.getStatus()).isEqualTo(299);
                    assertThat(response.getHeaderNames()).isEmpty();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoRegistries {
        @Bean
        SimpleMeterRegistry one() {
            return new SimpleMeterRegistry();
        }

        @Bean
        SimpleMeterRegistry two() {
            return new SimpleMeterRegistry();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMetrics {
        @Bean
        DiscoveryMetrics mine(Discovery discovery) {
            return new DiscoveryMetrics(discovery, 10);
        }
    }
}
