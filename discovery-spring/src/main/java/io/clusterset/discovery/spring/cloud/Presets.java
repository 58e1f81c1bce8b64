package io.clusterset.discovery.spring.cloud;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/**
 * Presets of Spring's that do nothing for services of ours, and what does it instead. Each is told once, and looked for once for each
 * service: an environment asks all its sources. Thread-safe.
 */
final class Presets {

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");
    private static final Map<String, String> INSTEAD = Map.of(
            "zone-preference", "discovery.topology.zone; who has a zone prefers it, see discovery.topology.policy",
            "health-check", "discovery.health.probe, on by default",
            "same-instance-preference", "discovery.balance.balancer=sticky",
            "weighted", "weights of endpoints, heeded by default",
            "subset", "discovery.balance.subset",
            "api-version", "a ServiceInstanceListSupplier of your own for this client");

    private static final int MOST = 10_000;

    private final Environment environment;
    private final Set<String> looked = ConcurrentHashMap.newKeySet();
    private final Set<String> told = ConcurrentHashMap.newKeySet(); // bounded by the settings there are

    Presets(Environment environment) {
        this.environment = environment;
    }

    void tell(String id) {
        if (looked.contains(id)) {
            return;
        }
        if (looked.size() >= MOST) {
            looked.clear();
        }
        looked.add(id);
        Stream.of(
                        "spring.cloud.loadbalancer.clients." + id + ".configurations",
                        "spring.cloud.loadbalancer.configurations")
                .filter(environment::containsProperty)
                .findFirst()
                .ifPresent(this::warn);
    }

    private void warn(String key) {
        String preset = environment.getProperty(key, "");
        Optional.ofNullable(INSTEAD.get(preset))
                .filter(instead -> told.add(key))
                .ifPresent(instead -> LOG.warn(
                        "{}: {} (expected: default; it does nothing for services of the cluster set; instead: {})",
                        key,
                        preset,
                        instead));
    }
}
