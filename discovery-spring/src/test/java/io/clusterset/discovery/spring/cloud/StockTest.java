package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.time.ManualTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** What is done where we do nothing, in an application made ahead of time, too. */
@ExtendWith(OutputCaptureExtension.class)
class StockTest {

    private final ManualTime time = new ManualTime();
    private final TwoClusters clusters = new TwoClusters();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    UtilAutoConfiguration.class,
                    CompositeDiscoveryClientAutoConfiguration.class,
                    ReactiveCompositeDiscoveryClientAutoConfiguration.class,
                    SimpleDiscoveryClientAutoConfiguration.class,
                    SimpleReactiveDiscoveryClientAutoConfiguration.class,
                    DiscoveryClientsAutoConfiguration.class))
            .withPropertyValues(
                    "spring.cloud.discovery.client.simple.instances.legacy[0].uri=http://10.9.9.8:99",
                    "spring.cloud.discovery.client.simple.instances.legacy[1].uri=http://10.9.9.9:99",
                    "spring.cloud.discovery.client.simple.instances[orders.shop][0].uri=http://10.8.8.8:88")
            .withBean(Discovery.class, () -> clusters.discovery, bean -> bean.setDestroyMethodName(""));

    @AfterEach
    void close() {
        clusters.close();
    }

    private Stock stock(ApplicationContext context, boolean aheadOfTime, Map<String, Object> configurations) {
        return new Stock(
                new LoadBalancerClientsProperties(),
                new StaticListableBeanFactory(configurations).getBeanProvider(LoadBalancerClientSpecification.class),
                context,
                time,
                aheadOfTime);
    }

    private static Response<ServiceInstance> choose(Stock stock, String id) {
        return Objects.requireNonNull(stock.choose(id, new DefaultRequest<>()).block());
    }

    private static String chosen(Stock stock, String id) {
        return Objects.requireNonNull(choose(stock, id).getServer()).getHost();
    }

    private static List<String> listed(Stock stock, String id) {
        return Objects.requireNonNull(stock.list(id, new DefaultRequest<>()).blockFirst()).stream()
                .map(ServiceInstance::getHost)
                .toList();
    }

    @Test
    void aheadOfTimeTheOtherClientsAreAskedAndOursIsNot() {
        runner.withBean(Blocking.class).run(context -> {
            Stock stock = stock(context, true, Map.of());
            assertThat(List.of(chosen(stock, "legacy"), chosen(stock, "legacy")))
                    .as("in turns")
                    .containsExactlyInAnyOrder("10.9.9.8", "10.9.9.9");
            assertThat(chosen(stock, "orders.shop")).isEqualTo("10.8.8.8");
            assertThat(listed(stock, "orders.shop")).containsExactly("10.8.8.8");
            assertThat(chosen(stock, "eureka")).as("of a client that blocks").isEqualTo("10.7.7.7");
            assertThat(choose(stock, "nobodys").hasServer()).isFalse();
            assertThat(listed(stock, "nobodys")).isEmpty();
        });
    }

    @Test
    void aClientThatFailsIsPassedOverAndToldOnceAMinute(CapturedOutput output) {
        runner.withBean(Blocking.class).run(context -> {
            Stock stock = stock(context, true, Map.of());
            for (int i = 0; i < 3; i++) {
                assertThat(choose(stock, "broken").hasServer()).isFalse();
            }
        });
        assertThat(output.getOut()).containsOnlyOnce("broken: a client that blocks was passed over");
    }

    @Test
    void whateverSpringThrowsIsAnEmptyAnswerToldOnceAMinute(CapturedOutput output) {
        runner.run(context -> {
            Stock stock = stock(
                    context,
                    false,
                    Map.of("broken", new LoadBalancerClientSpecification("default.broken", new Class<?>[] {Broken.class
                    })));
            for (int i = 0; i < 3; i++) {
                assertThat(choose(stock, "legacy").hasServer()).isFalse();
                assertThat(listed(stock, "legacy")).isEmpty();
            }
            stock.destroy();
        });
        assertThat(output.getOut()).containsOnlyOnce("legacy: Spring alone finds nobody");
    }

    /** As Eureka's, which knows one service; and fails for another. */
    private static final class Blocking implements DiscoveryClient {
        @Override
        public String description() {
            return "a client that blocks";
        }

        @Override
        public List<ServiceInstance> getInstances(String serviceId) {
            if (serviceId.equals("broken")) {
                throw new IllegalStateException("of the test");
            }
            return serviceId.equals("eureka")
                    ? List.of(new DefaultServiceInstance("x", serviceId, "10.7.7.7", 77, false))
                    : List.of();
        }

        @Override
        public List<String> getServices() {
            return List.of();
        }
    }

    /** Of a service's own context, so not a configuration by annotation. */
    static class Broken {
        @Bean
        ReactorServiceInstanceLoadBalancer broken() {
            throw new IllegalStateException("of the test");
        }
    }
}
