package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.time.Ticker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What Spring would do if we were not there, with every preset and configuration of the user's: for what is not ours. Nothing of it
 * is made before it is needed. In an application made ahead of time, Spring's contexts of single services were made ahead, too, and no
 * second set of them can be: there, the other discovery clients' answers are taken in turns. Whatever fails here is an empty answer.
 */
final class Stock implements DisposableBean {

    /** For all of its contexts, as the name's beginning says. */
    private static final LoadBalancerClientSpecification WITHOUT_US =
            new LoadBalancerClientSpecification("default.withoutUs", new Class<?>[] {WithoutUsConfiguration.class});

    private final LoadBalancerClientFactory factory;
    private final OtherClients others;
    private final boolean aheadOfTime;
    private final Told troubles;
    private final Map<String, RoundRobinLoadBalancer> turns =
            new ConcurrentHashMap<>(); // as many as Spring has contexts

    Stock(
            LoadBalancerClientsProperties properties,
            ObjectProvider<LoadBalancerClientSpecification> configurations,
            ApplicationContext context,
            Ticker ticker,
            boolean aheadOfTime) {
        this.aheadOfTime = aheadOfTime;
        troubles = new Told(ticker);
        others = new OtherClients(context, troubles);
        factory = new LoadBalancerClientFactory(properties);
        factory.setConfigurations(
                Stream.concat(configurations.stream().filter(said -> !isOurs(said)), Stream.of(WITHOUT_US))
                        .toList());
        factory.setApplicationContext(context);
    }

    private static boolean isOurs(LoadBalancerClientSpecification specification) {
        return List.of(specification.getConfiguration()).contains(EndpointBalancerConfiguration.class);
    }

    Mono<Response<ServiceInstance>> choose(String id, Request<?> request) {
        return Mono.defer(() -> {
                    ReactiveLoadBalancer<ServiceInstance> balancer =
                            aheadOfTime ? turns.computeIfAbsent(id, this::inTurns) : factory.getInstance(id);
                    return balancer == null
                            ? Mono.<Response<ServiceInstance>>just(new EmptyResponse())
                            : Mono.from(balancer.choose(request));
                })
                .onErrorResume(thrown -> {
                    tell(id, thrown);
                    return Mono.just(new EmptyResponse());
                });
    }

    private RoundRobinLoadBalancer inTurns(String id) {
        return new RoundRobinLoadBalancer(new SimpleObjectProvider<>(others.of(id)), id);
    }

    Flux<List<ServiceInstance>> list(String id, Request<?> request) {
        return Mono.defer(() -> Mono.justOrEmpty(
                        aheadOfTime
                                ? others.of(id)
                                : factory.getLazyProvider(id, ServiceInstanceListSupplier.class)
                                        .getIfAvailable()))
                .flatMapMany(supplier -> supplier.get(request))
                .onErrorResume(thrown -> {
                    tell(id, thrown);
                    return Flux.just(List.of());
                });
    }

    private void tell(String id, Throwable thrown) {
        troubles.warn(() -> id + ": Spring alone finds nobody: " + thrown, thrown);
    }

    @Override
    public void destroy() {
        factory.destroy();
    }
}
