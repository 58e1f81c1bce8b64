package io.clusterset.benchmarks.peers;

import io.smallrye.mutiny.Uni;
import io.smallrye.stork.api.Service;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.CachingServiceDiscovery;
import io.smallrye.stork.impl.DefaultServiceInstance;
import io.smallrye.stork.impl.RoundRobinLoadBalancer;
import io.smallrye.stork.integration.DefaultStorkInfrastructure;
import java.util.List;
import java.util.function.Supplier;

/** Stork with what it does best: round robin over a discovery that remembers its list. */
public final class Stork {

    private Stork() {}

    /** {@code selectInstance()}, awaited. */
    public static Supplier<Object> pick(int endpoints) {
        Service service = new Service(
                "orders",
                "round-robin",
                "remembered",
                new DefaultStorkInfrastructure().getObservationCollector(),
                new RoundRobinLoadBalancer(),
                new Remembered(Addresses.each(endpoints, Stork::instance)),
                null,
                false);
        return () -> service.selectInstance().await().indefinitely();
    }

    /** A list of instances. */
    public static Object model(int service, int endpoints) {
        return Addresses.each(service, endpoints, Stork::instance);
    }

    private static ServiceInstance instance(int nth) {
        return new DefaultServiceInstance(nth, Addresses.host(nth), Addresses.PORT, false);
    }

    private static final class Remembered extends CachingServiceDiscovery {
        private final List<ServiceInstance> instances;

        Remembered(List<ServiceInstance> instances) {
            super("1H");
            this.instances = instances;
        }

        @Override
        public Uni<List<ServiceInstance>> fetchNewServiceInstances(List<ServiceInstance> previous) {
            return Uni.createFrom().item(instances);
        }
    }
}
