package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.time.Ticker;
import java.util.List;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancedRetryFactory;
import org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerExchangeFilterFunction;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.cloud.openfeign.loadbalancer.LoadBalancerFeignRequestTransformer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** The balancer of all services, and what goes with it. */
@AutoConfiguration(
        afterName = "io.clusterset.discovery.spring.DiscoveryAutoConfiguration",
        before = {
            org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration.class,
            BlockingLoadBalancerClientAutoConfiguration.class,
            LoadBalancerAutoConfiguration.class,
            ReactorLoadBalancerClientAutoConfiguration.class
        },
        beforeName = "org.springframework.cloud.openfeign.loadbalancer.FeignLoadBalancerAutoConfiguration")
@ConditionalOnClass(LoadBalancerClientFactory.class)
@ConditionalOnBean(Discovery.class)
@ConditionalOnDiscoveryEnabled
@ConditionalOnProperty(
        name = {"discovery.enabled", "spring.cloud.loadbalancer.enabled"},
        matchIfMissing = true)
@LoadBalancerClients(defaultConfiguration = EndpointBalancerConfiguration.class)
final class BalancingAutoConfiguration {

    @Bean
    Stock clustersetStock(
            LoadBalancerClientsProperties properties,
            ObjectProvider<LoadBalancerClientSpecification> configurations,
            ApplicationContext context) {
        return new Stock(properties, configurations, context, Ticker.system(), AotDetector.useGeneratedArtifacts());
    }

    @Bean
    Steering clustersetSteering(Discovery discovery, Stock stock, Environment environment) {
        Ticker ticker = Ticker.system();
        return new Steering(
                discovery, new Readiness(ticker), new OpenAttempts(ticker), stock, new Presets(environment), ticker);
    }

    @Bean
    OutcomeLifecycle clustersetOutcomeLifecycle(Steering steering) {
        return new OutcomeLifecycle(steering);
    }

    @Bean
    HostTransformer clustersetHostTransformer() {
        return new HostTransformer();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RetryTemplate.class)
    static final class BlockingRetry {

        @Bean
        @ConditionalOnMissingBean
        LoadBalancedRetryFactory clustersetRetryFactory(
                ReactiveLoadBalancer.Factory<ServiceInstance> factory, Environment environment) {
            return new RepeatingRetryFactory(factory, new Refusals(environment, factory));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClient.class)
    static final class Reactive {

        @Bean
        ReactiveHostTransformer clustersetReactiveHostTransformer() {
            return new ReactiveHostTransformer();
        }

        /** Unless the user has said whether there are to be retries. */
        @Bean
        @ConditionalOnMissingBean(ReactorLoadBalancerExchangeFilterFunction.class)
        @ConditionalOnProperty(
                name = "spring.cloud.loadbalancer.retry.enabled",
                havingValue = "unsaid",
                matchIfMissing = true)
        RepeatingFilter clustersetRepeatingFilter(
                ReactiveLoadBalancer.Factory<ServiceInstance> factory,
                ObjectProvider<List<LoadBalancerClientRequestTransformer>> transformers,
                Environment environment) {
            return new RepeatingFilter(
                    factory, transformers.getIfAvailable(List::of), new Refusals(environment, factory));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(LoadBalancerFeignRequestTransformer.class)
    static final class Feign {

        @Bean
        FeignHostTransformer clustersetFeignHostTransformer() {
            return new FeignHostTransformer();
        }
    }
}
