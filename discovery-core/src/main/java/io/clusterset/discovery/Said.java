package io.clusterset.discovery;

import io.clusterset.discovery.balance.BalanceOptions;
import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.source.NameOptions;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.TopologyOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the application said through the builder, which wins over all settings, and goes on doing so at every reload. Immutable.
 *
 * @param tiers in order; empty if it said none
 * @param answered the places among them that have a source of the application's
 * @param services keyed as written
 */
record Said(
        boolean enabled,
        Optional<String> namespace,
        Optional<String> clusterDomain,
        Optional<String> clustersetDomain,
        List<Tier> tiers,
        Set<Tier> answered,
        Map<String, UnaryOperator<ServiceOptions.Builder>> services,
        Optional<Integer> defaultPort,
        UnaryOperator<NameOptions.Builder> names,
        UnaryOperator<DnsOptions.Builder> dns,
        UnaryOperator<KubernetesOptions.Builder> kubernetes,
        UnaryOperator<CacheOptions.Builder> cache,
        UnaryOperator<HealthOptions.Builder> health,
        UnaryOperator<FailoverOptions.Builder> failover,
        UnaryOperator<BudgetOptions.Builder> budget,
        UnaryOperator<TopologyOptions.Builder> topology,
        UnaryOperator<BalanceOptions.Builder> balance) {

    Said {
        tiers = List.copyOf(tiers);
        answered = Set.copyOf(answered);
        services = new LinkedHashMap<>(services);
    }
}
