package io.clusterset.benchmarks.peers;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.client.RestTemplate;
import reactor.core.publisher.Mono;

/** Spring Cloud LoadBalancer as Boot configures it, with its Caffeine cache. */
public final class Spring {

    private static final String SERVICE = "orders";

    private Spring() {}

    /** {@code RoundRobinLoadBalancer.choose}, awaited. */
    public static Supplier<Object> pick(int endpoints) {
        LoadBalancerClientFactory factory =
                context(Addresses.each(endpoints, Spring::instance)).getBean(LoadBalancerClientFactory.class);
        ReactorServiceInstanceLoadBalancer balancer =
                factory.getInstance(SERVICE, ReactorServiceInstanceLoadBalancer.class);
        return () ->
                Objects.requireNonNull(Mono.from(balancer.choose()).block()).getServer();
    }

    /** {@code choose} of the client for blocking callers. */
    public static Supplier<Object> blockingPick(int endpoints) {
        LoadBalancerClient client =
                context(Addresses.each(endpoints, Spring::instance)).getBean(LoadBalancerClient.class);
        return () -> client.choose(SERVICE);
    }

    /** A list of instances without metadata. */
    public static Object model(int service, int endpoints) {
        return Addresses.each(service, endpoints, Spring::instance);
    }

    private static ServiceInstance instance(int nth) {
        return new DefaultServiceInstance("orders-" + nth, SERVICE, Addresses.host(nth), Addresses.PORT, false);
    }

    private static ConfigurableApplicationContext context(List<ServiceInstance> instances) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties("spring.main.banner-mode=off")
                .initializers((GenericApplicationContext bare) ->
                        bare.registerBean(DiscoveryClient.class, () -> new Listed(instances)))
                .run();
    }

    /** What Boot is to configure. */
    @EnableAutoConfiguration
    static class Application {
        @Bean
        @LoadBalanced
        RestTemplate restTemplate() {
            return new RestTemplate();
        }
    }

    private record Listed(List<ServiceInstance> instances) implements DiscoveryClient {
        @Override
        public String description() {
            return "a list";
        }

        @Override
        public List<ServiceInstance> getInstances(String service) {
            return instances;
        }

        @Override
        public List<String> getServices() {
            return List.of(SERVICE);
        }
    }
}
