package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.call.Failure;
import java.io.IOException;
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
 * whatever was not sent; what was refused is not counted ({@link Refusals}).
 */
final class RepeatingRetryFactory extends BlockingLoadBalancedRetryFactory {

    private final ReactiveLoadBalancer.Factory<ServiceInstance> factory;
    private final Refusals refusals;

    RepeatingRetryFactory(ReactiveLoadBalancer.Factory<ServiceInstance> factory, Refusals refusals) {
        super(factory);
        this.factory = factory;
        this.refusals = refusals;
    }

    @Override
    public LoadBalancedRetryPolicy createRetryPolicy(String service, ServiceInstanceChooser chooser) {
        return new Policy(service, factory.getProperties(service), refusals);
    }

    private static final class Policy extends BlockingLoadBalancedRetryPolicy {
        private final String service;
        private final Refusals refusals;

        Policy(String service, LoadBalancerProperties properties, Refusals refusals) {
            super(properties);
            this.service = service;
            this.refusals = refusals;
        }

        @Override
        public boolean canRetry(LoadBalancedRetryContext context) {
            return super.canRetry(context) || mayGoElsewhere(context);
        }

        @Override
        public void registerThrowable(LoadBalancedRetryContext context, Throwable thrown) {
            if (!(context.getServiceInstance() instanceof EndpointInstance last)
                    || !canRetry(context)
                    || refusals.areCounted(service)) {
                super.registerThrowable(context, thrown);
            } else if (refusals.allow(service, context.getRetryCount(), last, isRefusal(thrown))) {
                context.setServiceInstance(null); // another is chosen
            } else {
                context.setExhaustedOnly();
            }
        }

        /**
         * An interceptor that comes after Spring's may call somebody else, for a token, say, and who is refused there says so by an exception
         * of that client's own, not as the endpoint's connection does.
         */
        private static boolean isRefusal(Throwable thrown) {
            return thrown instanceof IOException && Failure.of(thrown).isRefusal();
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
