package io.clusterset.benchmarks.peers;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A discovery whose only tier is answered by a source of the benchmark's. */
final class Home {

    static final String TIER = "local";

    private static final Duration FOREVER = Duration.ofDays(3650);

    private Home() {}

    static Discovery.Builder discovery(EndpointSource source) {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of(TIER, "cluster.local"), source);
    }

    /** As a service's first picker is built. */
    static Balancer.Rebuild rebuild(Decision decision) {
        return new Balancer.Rebuild(decision, Optional.empty(), System::nanoTime, new Random(1));
    }

    static Endpoint plain(int nth) {
        return Endpoint.of(Addresses.address(nth), Addresses.PORT);
    }

    static Endpoint weighted(int nth) {
        return plain(nth).withWeight(Addresses.weight(nth));
    }

    static Resolution found(List<Endpoint> endpoints) {
        return new Resolution.Found(endpoints, FOREVER, Evidence.of("a list"));
    }
}
