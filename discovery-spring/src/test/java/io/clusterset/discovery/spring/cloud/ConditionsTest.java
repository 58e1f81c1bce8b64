package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Endpoint;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancedRetryFactory;
import org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerBeanPostProcessorAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.RetryableLoadBalancerExchangeFilterFunction;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.blocking.retry.BlockingLoadBalancedRetryFactory;
import org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.RandomLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.cloud.loadbalancer.support.ServiceInstanceListSuppliers;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** When what is there, and who wins. */
@ExtendWith(OutputCaptureExtension.class)
class ConditionsTest {

    private final TwoClusters clusters = new TwoClusters();
    private final ApplicationContextRunner stock = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    UtilAutoConfiguration.class,
                    CommonsClientAutoConfiguration.class,
                    ReactiveCommonsClientAutoConfiguration.class,
                    CompositeDiscoveryClientAutoConfiguration.class,
                    ReactiveCompositeDiscoveryClientAutoConfiguration.class,
                    SimpleDiscoveryClientAutoConfiguration.class,
                    SimpleReactiveDiscoveryClientAutoConfiguration.class,
                    org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration.class,
                    BlockingLoadBalancerClientAutoConfiguration.class,
                    LoadBalancerAutoConfiguration.class,
                    LoadBalancerBeanPostProcessorAutoConfiguration.class,
                    ReactorLoadBalancerClientAutoConfiguration.class))
            .withPropertyValues(
                    "spring.cloud.loadbalancer.cache.enabled=false",
                    "spring.cloud.discovery.client.simple.instances.legacy[0].uri=http://10.9.9.9:99",
                    "spring.cloud.discovery.client.simple.instances[orders.shop][0].uri=http://10.8.8.8:88")
            .withBean(Discovery.class, () -> clusters.discovery, bean -> bean.setDestroyMethodName(""));
    private final ApplicationContextRunner runner = stock.withConfiguration(
            AutoConfigurations.of(DiscoveryClientsAutoConfiguration.class, BalancingAutoConfiguration.class));

    @AfterEach
    void close() {
        clusters.close();
    }

    private static ServiceInstance choose(ApplicationContext context, String id) {
        ServiceInstance instance = context.getBean(LoadBalancerClient.class).choose(id);
        assertThat(instance).as(id).isNotNull();
        return instance;
    }

    private static List<String> hosts(@Nullable List<ServiceInstance> instances) {
        return Objects.requireNonNull(instances).stream()
                .map(ServiceInstance::getHost)
                .toList();
    }

    private static void assertStock(ApplicationContext context) {
        assertThat(context.getBeansOfType(Steering.class)).isEmpty();
        assertThat(context.getBeansOfType(ClustersetDiscoveryClient.class)).isEmpty();
        assertThat(context.getBeansOfType(ClustersetReactiveDiscoveryClient.class))
                .isEmpty();
        assertThat(choose(context, "orders.shop").getHost()).isEqualTo("10.8.8.8");
        assertThat(context.getBean(LoadBalancerClientFactory.class).getInstance("orders.shop"))
                .isInstanceOf(RoundRobinLoadBalancer.class);
        assertThat(hosts(context.getBean(DiscoveryClient.class).getInstances("orders.shop")))
                .containsExactly("10.8.8.8");
    }

    @Test
    void oursComeFirstAndOthersAreAskedForTheRest() {
        runner.run(context -> {
            clusters.warm();
            DiscoveryClient client = context.getBean(DiscoveryClient.class);
            assertThat(hosts(client.getInstances("orders.shop")))
                    .containsExactlyInAnyOrder("127.0.0.1", "127.0.0.2", "127.0.0.3")
                    .endsWith("127.0.0.3");
            assertThat(client.getInstances("orders.shop")).allSatisfy(instance -> {
                assertThat(instance.getPort()).isEqualTo(clusters.home.port());
                assertThat(instance.getServiceId()).isEqualTo("orders.shop");
            });
            assertThat(client.getInstances("orders.shop:81"))
                    .isNotEmpty()
                    .allSatisfy(instance -> assertThat(instance.getPort()).isEqualTo(81));
            clusters.dns.srvService("orders.shop.svc.cluster.local", "web", "127.0.0.1:4711");
            assertThat(client.getInstances("orders.shop:web"))
                    .anySatisfy(instance -> assertThat(instance.getPort()).isEqualTo(4711));
            assertThat(hosts(client.getInstances("legacy"))).containsExactly("10.9.9.9");
            assertThat(client.getInstances("a.b.c.d.example")).isEmpty();
            assertThat(client.getInstances("not a name!:x y")).isEmpty();
            assertThat(client.getServices()).contains("orders.shop", "legacy");
            client.probe();

            ReactiveDiscoveryClient reactive = context.getBean(ReactiveDiscoveryClient.class);
            context.getBean(ClustersetReactiveDiscoveryClient.class)
                    .getInstances("orders.shop")
                    .blockLast(); // Spring takes the first to answer, whatever their order
            assertThat(hosts(reactive.getInstances("orders.shop").collectList().block()))
                    .hasSize(3)
                    .endsWith("127.0.0.3");
            assertThat(hosts(reactive.getInstances("legacy").collectList().block()))
                    .containsExactly("10.9.9.9");
            assertThat(reactive.getServices().collectList().block()).contains("orders.shop", "legacy");

            assertThat(choose(context, "orders.shop")).isInstanceOf(EndpointInstance.class);
            assertThat(choose(context, "legacy").getHost()).isEqualTo("10.9.9.9");
        });
    }

    @Test
    void aNameServerThatIsDownFailsNothingAndNobodysHealth() {
        clusters.dns.stop();
        runner.run(context -> {
            DiscoveryClient client = context.getBean(DiscoveryClient.class);
            assertThat(hosts(client.getInstances("orders.shop"))).containsExactly("10.8.8.8");
            client.probe();
            assertThat(context.getBean(ReactiveDiscoveryClient.class)
                            .reactiveProbe()
                            .blockOptional())
                    .isEmpty();
        });
    }

    @Test
    void aDiscoveryThatIsClosedIsAsIfItWereNotThere() {
        runner.run(context -> {
            choose(context, "orders.shop");
            clusters.discovery.close();
            assertThat(hosts(context.getBean(DiscoveryClient.class).getInstances("orders.shop")))
                    .containsExactly("10.8.8.8");
            assertThat(choose(context, "orders.shop").getHost()).isEqualTo("10.8.8.8");
        });
    }

    @Test
    void switchedOffByTheSettingAllIsStock() {
        runner.withPropertyValues("discovery.enabled=false").run(ConditionsTest::assertStock);
    }

    @Test
    void switchedOffAtRunTimeOthersAreAskedFirst() {
        runner.run(context -> {
            clusters.discovery.enabled(false);
            assertThat(choose(context, "orders.shop").getHost()).isEqualTo("10.8.8.8");
            assertThat(choose(context, "nobodys.shop").getUri()).hasToString("http://nobodys.shop:80");
            assertThat(hosts(context.getBean(DiscoveryClient.class).getInstances("orders.shop")))
                    .containsExactly("10.8.8.8");
            assertThat(context.getBean(DiscoveryClient.class).getInstances("orders.shop:web"))
                    .isEmpty();
            clusters.discovery.enabled(true);
            TwoClusters.await("on again", () -> choose(context, "orders.shop") instanceof EndpointInstance);
        });
    }

    @Test
    void withoutTheStarterAllIsStock() {
        stock.run(ConditionsTest::assertStock);
    }

    @Test
    void springsOwnSwitchesHold() {
        runner.withPropertyValues("spring.cloud.discovery.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ClustersetDiscoveryClient.class)
                        .doesNotHaveBean(Steering.class));
        runner.withPropertyValues("spring.cloud.discovery.blocking.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ClustersetDiscoveryClient.class)
                        .hasSingleBean(ClustersetReactiveDiscoveryClient.class)
                        .hasSingleBean(Steering.class));
        runner.withPropertyValues("spring.cloud.discovery.reactive.enabled=false")
                .run(context -> assertThat(context)
                        .hasSingleBean(ClustersetDiscoveryClient.class)
                        .doesNotHaveBean(ClustersetReactiveDiscoveryClient.class));
        runner.withPropertyValues("spring.cloud.loadbalancer.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(ClustersetDiscoveryClient.class)
                        .doesNotHaveBean(Steering.class));
    }

    @Test
    void withoutADiscoveryThereIsNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DiscoveryClientsAutoConfiguration.class, BalancingAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Steering.class)
                        .doesNotHaveBean(ClustersetDiscoveryClient.class));
    }

    @Test
    void whatIsNotOnTheClassPathIsNotNeeded() {
        runner.withClassLoader(new FilteredClassLoader(WebClient.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Steering.class)
                        .doesNotHaveBean("clustersetRepeatingFilter")
                        .doesNotHaveBean("clustersetReactiveHostTransformer"));
        runner.withClassLoader(new FilteredClassLoader(RetryTemplate.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Steering.class)
                        .doesNotHaveBean("clustersetRetryFactory"));
        runner.withClassLoader(new FilteredClassLoader("feign", "org.springframework.cloud.openfeign"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Steering.class)
                        .doesNotHaveBean("clustersetFeignHostTransformer"));
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DiscoveryClientsAutoConfiguration.class, BalancingAutoConfiguration.class))
                .withBean(Discovery.class, () -> clusters.discovery, bean -> bean.setDestroyMethodName(""))
                .withClassLoader(new FilteredClassLoader("org.springframework.cloud.loadbalancer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(ClustersetDiscoveryClient.class)
                        .doesNotHaveBean(BalancingAutoConfiguration.class));
    }

    @Test
    void whoSaysWhetherThereAreRetriesGetsSprings() {
        runner.run(context -> assertThat(context.getBean(LoadBalancedExchangeFilterFunction.class))
                .isInstanceOf(RepeatingFilter.class));
        runner.withPropertyValues("spring.cloud.loadbalancer.retry.enabled=true")
                .run(context -> assertThat(context.getBean(LoadBalancedExchangeFilterFunction.class))
                        .isExactlyInstanceOf(RetryableLoadBalancerExchangeFilterFunction.class));
        runner.withPropertyValues("spring.cloud.loadbalancer.retry.enabled=false")
                .run(context -> assertThat(context.getBean(LoadBalancedExchangeFilterFunction.class))
                        .isExactlyInstanceOf(ReactorLoadBalancerExchangeFilterFunction.class));
        runner.withUserConfiguration(OwnRetries.class)
                .run(context -> assertThat(context.getBean(LoadBalancedRetryFactory.class))
                        .isExactlyInstanceOf(BlockingLoadBalancedRetryFactory.class));
    }

    @Test
    void aBalancerOfTheUsersWins() {
        runner.withUserConfiguration(OwnBalancer.class).run(context -> {
            assertThat(context.getBean(LoadBalancerClientFactory.class).getInstance("orders.shop"))
                    .isInstanceOf(RandomLoadBalancer.class);
            assertThat(choose(context, "orders.shop")).as("from our list").isInstanceOf(EndpointInstance.class);
            assertThat(context.getBean(LoadBalancerClientFactory.class).getInstance("stock.shop"))
                    .isInstanceOf(EndpointBalancer.class);
        });
    }

    @Test
    void aBalancerOfTheUsersForAllServicesWins() {
        runner.withUserConfiguration(OwnBalancerForAll.class)
                .run(context -> assertThat(
                                context.getBean(LoadBalancerClientFactory.class).getInstance("orders.shop"))
                        .isInstanceOf(RandomLoadBalancer.class));
    }

    @Test
    void aSupplierOfTheUsersWins() {
        runner.withUserConfiguration(OwnSupplier.class)
                .run(context ->
                        assertThat(choose(context, "orders.shop").getHost()).isEqualTo("10.7.7.7"));
        runner.withUserConfiguration(OwnSupplierForAll.class)
                .run(context ->
                        assertThat(choose(context, "orders.shop").getHost()).isEqualTo("10.7.7.7"));
    }

    @Test
    void aPresetIsToldOnceAndOthersKeepIt(CapturedOutput output) {
        runner.withPropertyValues("spring.cloud.loadbalancer.configurations=zone-preference")
                .run(context -> {
                    for (int i = 0; i < 3; i++) {
                        assertThat(choose(context, "orders.shop")).isInstanceOf(EndpointInstance.class);
                    }
                    assertThat(choose(context, "legacy").getHost()).isEqualTo("10.9.9.9");
                });
        assertThat(output.getOut())
                .containsOnlyOnce("spring.cloud.loadbalancer.configurations: zone-preference")
                .contains("discovery.topology.zone");
    }

    @Test
    void theListForOthersIsOursAndNotCached() {
        runner.withPropertyValues("spring.cloud.loadbalancer.cache.enabled=true")
                .run(context -> {
                    LoadBalancerClientFactory factory = context.getBean(LoadBalancerClientFactory.class);
                    ServiceInstanceListSupplier supplier = supplier(factory, "orders.shop");
                    assertThat(supplier).isInstanceOf(EndpointListSupplier.class);
                    clusters.warm();
                    assertThat(hosts(supplier.get().blockFirst())).hasSize(3).endsWith("127.0.0.3");
                    clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
                    clusters.discovery.service("orders.shop").invalidate();
                    TwoClusters.await(
                            "seen", () -> hosts(supplier.get().blockFirst()).size() == 2);
                    assertThat(hosts(supplier(factory, "legacy").get().blockFirst()))
                            .containsExactly("10.9.9.9");
                });
    }

    private static ServiceInstanceListSupplier supplier(LoadBalancerClientFactory factory, String id) {
        return Objects.requireNonNull(
                factory.getInstances(id, ServiceInstanceListSupplier.class).get("endpointListSupplier"));
    }

    @Test
    void settingsOfOneServiceAreTheCores() {
        try (TwoClusters other = new TwoClusters(
                builder -> builder.service("orders.shop", s -> s.staticList(List.of(Endpoint.parse("127.0.0.9:9")))))) {
            runner.withBean("other", Discovery.class, () -> other.discovery, bean -> {
                        bean.setDestroyMethodName("");
                        bean.setPrimary(true);
                    })
                    .run(context ->
                            assertThat(choose(context, "orders.shop").getHost()).isEqualTo("127.0.0.9"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRetries {
        @Bean
        LoadBalancedRetryFactory ownRetries(LoadBalancerClientFactory factory) {
            return new BlockingLoadBalancedRetryFactory(factory);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient(
            name = "orders.shop",
            configuration = RandomConfiguration.class)
    static class OwnBalancer {}

    @Configuration(proxyBeanMethods = false)
    @LoadBalancerClients(defaultConfiguration = RandomConfiguration.class)
    static class OwnBalancerForAll {}

    @Configuration(proxyBeanMethods = false)
    @org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient(
            name = "orders.shop",
            configuration = SupplierConfiguration.class)
    static class OwnSupplier {}

    @Configuration(proxyBeanMethods = false)
    @LoadBalancerClients(defaultConfiguration = SupplierConfiguration.class)
    static class OwnSupplierForAll {}

    /** Of a service's own context, so not a configuration by annotation. */
    static class RandomConfiguration {
        @Bean
        ReactorLoadBalancer<ServiceInstance> random(Environment environment, LoadBalancerClientFactory factory) {
            String name = LoadBalancerClientFactory.getName(environment);
            return new RandomLoadBalancer(factory.getLazyProvider(name, ServiceInstanceListSupplier.class), name);
        }
    }

    /** As the one above. */
    static class SupplierConfiguration {
        @Bean
        ServiceInstanceListSupplier own(Environment environment) {
            String name = LoadBalancerClientFactory.getName(environment);
            return ServiceInstanceListSuppliers.from(
                    name, new DefaultServiceInstance("x", name, "10.7.7.7", 77, false));
        }
    }
}
