package io.clusterset.discovery.spring.cloud;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancedRetryContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancedRetryPolicy;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.ServiceInstanceChooser;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.blocking.retry.BlockingLoadBalancedRetryFactory;
import org.springframework.cloud.loadbalancer.blocking.retry.BlockingLoadBalancedRetryPolicy;

/**
 * Spring's policy for blocking clients repeats nothing but GET. At endpoints of ours, whatever is idempotent may be repeated, and
 * whatever was not sent.
 */
final class RepeatingRetryFactory extends BlockingLoadBalancedRetryFactory {

    private final ReactiveLoadBalancer.Factory<ServiceInstance> factory;

    RepeatingRetryFactory(ReactiveLoadBalancer.Factory<ServiceInstance> factory) {
        super(factory);
        this.factory = factory;
    }

    @Override
    public LoadBalancedRetryPolicy createRetryPolicy(String service, ServiceInstanceChooser chooser) {
        return new Policy(factory.getProperties(service));
    }

    private static final class Policy extends BlockingLoadBalancedRetryPolicy {
        Policy(LoadBalancerProperties properties) {
            super(properties);
        }

        @Override
        public boolean canRetry(LoadBalancedRetryContext context) {
            return super.canRetry(context) || mayGoElsewhere(context);
        }

        private static boolean mayGoElsewhere(LoadBalancedRetryContext context) {
            boolean ours = context.getServiceInstance() instanceof EndpointInstance
                    || context.getPreviousServiceInstance() instanceof EndpointInstance;
            Throwable thrown = context.getLastThrowable();
            return ours
                    && thrown != null
                    && Repeats.allowed(context.getRequest().getMethod(), false, thrown);
        }
    }
}
