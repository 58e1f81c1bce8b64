package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.Wish;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.ExternalNameException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.RetryableRequestContext;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RetryAwareServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;

/**
 * Chooses by the library's own picker, so that tiers, verdicts, weights, zones and affinity hold. What is not ours, and everything
 * while the library is off, goes to {@link Stock}. Where the user has a supplier of his own for the service, that is what is chosen
 * from, in turns, as Spring does it. Never blocks.
 */
final class EndpointBalancer implements ReactorServiceInstanceLoadBalancer {

    private final String id;
    private final Steering steering;
    private final ReactiveLoadBalancer.Factory<ServiceInstance> factory;
    private final SingletonSupplier<Optional<ReactorServiceInstanceLoadBalancer>> users;
    private final Hints hints = new Hints();
    private final Told nobody;
    private final Told bugs;

    EndpointBalancer(
            String id,
            Steering steering,
            ObjectProvider<ServiceInstanceListSupplier> suppliers,
            ReactiveLoadBalancer.Factory<ServiceInstance> factory) {
        this.id = id;
        this.steering = steering;
        this.factory = factory;
        this.users = SingletonSupplier.of(() -> isOurs(suppliers.getIfAvailable())
                ? Optional.empty()
                : Optional.of(new RoundRobinLoadBalancer(suppliers, id)));
        this.nobody = new Told(steering.ticker());
        this.bugs = new Told(steering.ticker());
    }

    /** Spring puts one of its own around whatever there is, where it retries; what that does, our picker does better. */
    private static boolean isOurs(@Nullable ServiceInstanceListSupplier supplier) {
        return supplier instanceof RetryAwareServiceInstanceListSupplier around
                ? isOurs(around.getDelegate())
                : supplier instanceof EndpointListSupplier;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Mono<Response<ServiceInstance>> choose(Request request) {
        Request<?> asked = request;
        return Mono.defer(() -> {
            Optional<ReactorServiceInstanceLoadBalancer> theirs = users.obtain();
            return theirs.isPresent() ? theirs.get().choose(asked) : chosen(asked);
        });
    }

    private Mono<Response<ServiceInstance>> chosen(Request<?> request) {
        Callee callee = Callee.of(id, request);
        Optional<Authority> authority = callee.authority(steering.discovery());
        if (authority.isEmpty()) {
            return elsewhere(callee, request, Optional.empty());
        }
        return steering.readiness()
                .of(authority.get().service())
                .flatMap(service -> chosen(callee, service, request))
                .onErrorResume(RuntimeException.class, thrown -> failed(callee, authority.get(), request, thrown));
    }

    private Mono<Response<ServiceInstance>> failed(
            Callee callee, Authority authority, Request<?> request, RuntimeException thrown) {
        if (!(thrown instanceof DiscoveryException reason)) {
            bugs.warn(() -> id + ": chosen by Spring alone: " + thrown, thrown);
            return elsewhere(callee, request, Optional.empty());
        }
        return authority.isElsewhere(reason)
                ? elsewhere(callee, request, Optional.of(reason))
                : Mono.just(none(reason));
    }

    private Mono<Response<ServiceInstance>> chosen(Callee callee, Service service, Request<?> request) {
        LoadBalancerProperties properties = factory.getProperties(id);
        Service meant = hints.of(service, request, properties.getHintHeaderName());
        Optional<EndpointInstance> before = before(request);
        return steering.readiness()
                .of(meant)
                .flatMap(ready -> before.isEmpty()
                        ? Mono.just(ready)
                        : steering.readiness().settled(ready))
                .flatMap(ready -> picked(
                        EndpointInstance.picked(callee, ready, ready.pick(wish(request, before, properties)), before),
                        request));
    }

    private Mono<Response<ServiceInstance>> picked(EndpointInstance instance, Request<?> request) {
        Journey.of(request).ifPresent(journey -> journey.at(instance));
        steering.presets().tell(id);
        Response<ServiceInstance> response = new DefaultResponse(instance);
        // flatMap cancels what it came from even when that is done, and Spring's filters tell nobody of a cancelled
        // request
        return Mono.just(response).doOnCancel(() -> instance.abandon(steering.attempts()));
    }

    private static Optional<EndpointInstance> before(Request<?> request) {
        return request.getContext() instanceof RetryableRequestContext context
                        && context.getPreviousServiceInstance() instanceof EndpointInstance previous
                ? Optional.of(previous)
                : Journey.of(request).flatMap(Journey::last);
    }

    private static Wish wish(Request<?> request, Optional<EndpointInstance> before, LoadBalancerProperties properties) {
        Wish wish = Wish.none();
        Optional<RequestData> data = Callee.data(request);
        Optional<Affinity> affinity = data.map(said -> said.getAttributes().get(Affinity.class.getName()))
                .filter(Affinity.class::isInstance)
                .map(Affinity.class::cast);
        if (affinity.isPresent()) {
            wish = wish.affinity(affinity.get());
        }
        Optional<InetSocketAddress> sticky = data.flatMap(
                said -> StickyCookie.of(said, properties.getStickySession().getInstanceIdCookieName()));
        if (sticky.isPresent()) {
            wish = wish.preferring(sticky.get());
        }
        if (before.isPresent()) {
            EndpointInstance last = before.get();
            wish = wish.after(last.tried());
            if (last.timedOut() || last.number() >= properties.getRetry().getMaxRetriesOnNextServiceInstance()) {
                wish = wish.leaving(last.endpoint().tier());
            }
        }
        return wish;
    }

    private Mono<Response<ServiceInstance>> elsewhere(
            Callee callee, Request<?> request, Optional<DiscoveryException> reason) {
        boolean resolver = !steering.discovery().enabled()
                || reason.filter(ExternalNameException.class::isInstance).isPresent();
        return steering.stock()
                .choose(id, request)
                .defaultIfEmpty(new EmptyResponse())
                .map(response -> {
                    if (response.hasServer()) {
                        return response;
                    } else if (resolver) {
                        return new DefaultResponse(
                                new DefaultServiceInstance(id, id, id, callee.port(), callee.isSecure()));
                    }
                    return reason.<Response<ServiceInstance>>map(this::none).orElse(response);
                });
    }

    private Response<ServiceInstance> none(DiscoveryException reason) {
        nobody.warn(() -> String.valueOf(reason.getMessage()), null); // Spring's message says nothing of why
        return new EmptyResponse();
    }
}
