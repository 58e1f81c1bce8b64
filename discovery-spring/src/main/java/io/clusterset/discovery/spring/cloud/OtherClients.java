package io.clusterset.discovery.spring.cloud;

import java.time.Duration;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.ApplicationContext;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The application's discovery clients but ours, asked one after the other until one knows the service. One that fails or is silent
 * is passed over. None of them is made before it is needed.
 */
final class OtherClients {

    private static final Duration PATIENCE = Duration.ofSeconds(30); // Spring's own

    private final Told troubles;
    private final SingletonSupplier<List<ReactiveDiscoveryClient>> reactive;
    private final SingletonSupplier<List<DiscoveryClient>> blocking;

    OtherClients(ApplicationContext context, Told troubles) {
        this.troubles = troubles;
        this.reactive = SingletonSupplier.of(() -> WithoutUsConfiguration.reactive(context));
        this.blocking = SingletonSupplier.of(() -> WithoutUsConfiguration.blocking(context));
    }

    ServiceInstanceListSupplier of(String id) {
        return new Instances(id, this);
    }

    private Mono<List<ServiceInstance>> instances(String id) {
        Flux<List<ServiceInstance>> first = Flux.defer(() -> Flux.fromIterable(reactive.obtain()))
                .concatMap(client ->
                        contained(id, Mono.defer(() -> client.getInstances(id).collectList()), client.description()));
        Flux<List<ServiceInstance>> then = Flux.defer(() -> Flux.fromIterable(blocking.obtain()))
                .concatMap(client -> contained(
                        id,
                        Mono.fromCallable(() -> client.getInstances(id)).subscribeOn(Schedulers.boundedElastic()),
                        client.description()));
        return first.concatWith(then).filter(known -> !known.isEmpty()).next().defaultIfEmpty(List.of());
    }

    private Mono<List<ServiceInstance>> contained(String id, Mono<List<ServiceInstance>> asked, String client) {
        return asked.timeout(PATIENCE).onErrorResume(thrown -> {
            troubles.warn(() -> id + ": " + client + " was passed over: " + thrown, thrown);
            return Mono.empty();
        });
    }

    private record Instances(String id, OtherClients clients) implements ServiceInstanceListSupplier {

        @Override
        public String getServiceId() {
            return id;
        }

        @Override
        public Flux<List<ServiceInstance>> get() {
            return clients.instances(id).flux();
        }
    }
}
