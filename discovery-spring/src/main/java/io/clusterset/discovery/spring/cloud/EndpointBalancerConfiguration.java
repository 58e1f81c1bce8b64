package io.clusterset.discovery.spring.cloud;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;

/**
 * What each service's own context gets. On top and not inside of the auto-configuration, where Spring would make one of it for all.
 * Beans of the user's win: those of one service come before these, and to those of all, in an order that nobody knows, these are
 * a fallback.
 */
@Configuration(proxyBeanMethods = false)
final class EndpointBalancerConfiguration {

    @Bean
    @Fallback
    @ConditionalOnMissingBean(ReactorLoadBalancer.class)
    ReactorServiceInstanceLoadBalancer endpointBalancer(
            Environment environment, LoadBalancerClientFactory factory, Steering steering) {
        String id = LoadBalancerClientFactory.getName(environment);
        return new EndpointBalancer(
                id, steering, factory.getLazyProvider(id, ServiceInstanceListSupplier.class), factory);
    }

    @Bean
    @Fallback
    @ConditionalOnMissingBean(ServiceInstanceListSupplier.class)
    ServiceInstanceListSupplier endpointListSupplier(Environment environment, Steering steering) {
        return new EndpointListSupplier(LoadBalancerClientFactory.getName(environment), steering);
    }
}
