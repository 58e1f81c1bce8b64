package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.call.Failure;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Spring's filter, which goes to another endpoint where the request allows it. Spring's own retry for {@code WebClient} is off unless
 * asked for, and repeats a POST that was sent; this is in the place of neither: with {@code spring.cloud.loadbalancer.retry.enabled}
 * said, it is not there.
 */
final class RepeatingFilter extends ReactorLoadBalancerExchangeFilterFunction {

    private final ReactiveLoadBalancer.Factory<ServiceInstance> factory;
    private final Refusals refusals;

    RepeatingFilter(
            ReactiveLoadBalancer.Factory<ServiceInstance> factory,
            List<LoadBalancerClientRequestTransformer> transformers,
            Refusals refusals) {
        super(factory, transformers);
        this.factory = factory;
        this.refusals = refusals;
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        String id = request.url().getHost();
        if (id == null) {
            return super.filter(request, next); // which knows what to say
        }
        LoadBalancerProperties.Retry retry = factory.getProperties(id).getRetry();
        int most = retry.isEnabled() ? retry.getMaxRetriesOnNextServiceInstance() : 0;
        return Mono.defer(() -> {
            Journey journey = new Journey();
            ClientRequest marked = ClientRequest.from(request)
                    .attribute(Journey.ATTRIBUTE, journey)
                    .body(new WatchedBody(request.body(), journey))
                    .build();
            Mono<ClientResponse> once = Mono.defer(() -> super.filter(marked, next));
            return most < 1
                    ? once
                    : once.retryWhen(Retry.from(signals -> signals.concatMap(signal -> {
                        Throwable thrown = signal.failure();
                        boolean allowed = journey.isRepeatable()
                                && Repeats.allowed(request.method(), retry.isRetryOnAllOperations(), thrown);
                        int attempts = (int) signal.totalRetries() + 1;
                        return allowed && goesOn(id, attempts, journey.last(), thrown)
                                ? Mono.just(attempts)
                                : Mono.<Integer>error(thrown);
                    })));
        });
    }

    private boolean goesOn(String id, int attempts, Optional<EndpointInstance> last, Throwable thrown) {
        return last.isPresent() && refusals.allow(id, attempts, last.get(), isRefusal(last.get(), thrown));
    }

    /** A filter that comes after this one may call somebody else, for a token, say: were he refused, ten requests would ask ten times. */
    private static boolean isRefusal(EndpointInstance at, Throwable thrown) {
        return thrown instanceof WebClientRequestException said
                && at.getHost().equals(said.getUri().getHost())
                && at.getPort() == said.getUri().getPort()
                && Failure.of(thrown).isRefusal();
    }
}
