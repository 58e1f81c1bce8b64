package io.clusterset.discovery;

import io.clusterset.discovery.balance.BalanceOptions;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.Probing;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.ServiceOptions;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Here;
import io.clusterset.discovery.topology.Place;
import io.clusterset.discovery.topology.Topology;
import io.clusterset.discovery.topology.TopologyOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What holds when the builder says nothing: settings, else surroundings, else the documented default. What the builder
 * says is applied on top.
 *
 * @param settings from files, environment and system properties
 * @param seen what the process sees of its cluster
 */
record Defaults(Settings settings, Surroundings seen) {

    private static final int HTTP_PORT = 80;

    Optional<String> namespace(Optional<String> said) {
        return said.or(() -> settings.read(Setting.NAMESPACE, ServiceName::label))
                .or(seen::namespace);
    }

    int port(Optional<Integer> said) {
        return said.or(() -> settings.port(Setting.DEFAULT_PORT)).orElse(HTTP_PORT);
    }

    List<Tier> tiers(List<Tier> said, Optional<String> clusterDomain, Optional<String> clustersetDomain) {
        if (!said.isEmpty()) {
            return said;
        }
        boolean domainsSaid = clusterDomain.isPresent() || clustersetDomain.isPresent();
        Optional<List<Tier>> configured = domainsSaid ? Optional.empty() : settings.tiers(Setting.TIERS);
        return configured.orElseGet(() -> {
            String home = clusterDomain
                    .or(() -> settings.read(Setting.CLUSTER_DOMAIN, ServiceName::domain))
                    .or(seen::clusterDomain)
                    .orElse("cluster.local");
            String set = clustersetDomain
                    .or(() -> settings.read(Setting.CLUSTERSET_DOMAIN, ServiceName::domain))
                    .orElse("clusterset.local");
            return List.of(Tier.of("local", home), Tier.of("clusterset", set));
        });
    }

    /**
     * What single services have of their own, keyed by {@code orders.shop}.
     *
     * @param said by the builder, keyed as written
     * @param plain reads names in the discovery's tiers
     */
    Map<String, ServiceOptions> services(Map<String, UnaryOperator<ServiceOptions.Builder>> said, Naming plain) {
        Map<String, ServiceOptions> options = new TreeMap<>();
        for (String key : settings.services()) {
            String service = service(key, plain);
            if (options.put(service, built(key, configured(key, plain))) != null) {
                throw new IllegalArgumentException(
                        named(key) + ": said before in another spelling (expected: one for one service)");
            }
        }
        said.forEach((key, change) -> {
            String service = service(key, plain);
            ServiceOptions base =
                    options.getOrDefault(service, ServiceOptions.builder().build());
            options.put(service, built(key, change.apply(base.toBuilder())));
        });
        return options;
    }

    private ServiceOptions.Builder configured(String key, Naming plain) {
        ServiceOptions.Builder base = ServiceOptions.builder();
        settings.tiers(key, plain.tiers()).ifPresent(base::tiers);
        settings.read(key, ServiceSetting.PORT, Port::parse).ifPresent(port -> base.port(port.toString()));
        settings.read(key, ServiceSetting.NAME, plain::plain).ifPresent(other -> base.name(other.base()));
        settings.endpoints(key).ifPresent(base::staticList);
        return base;
    }

    private static ServiceOptions built(String key, ServiceOptions.Builder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(named(key) + "." + refused.getMessage(), refused);
        }
    }

    private static String service(String key, Naming plain) {
        try {
            return plain.plain(key).base();
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(named(key) + ": " + refused.getMessage(), refused);
        }
    }

    private static String named(String key) {
        return "discovery.services[" + Text.safe(key) + "]";
    }

    DnsOptions dns(UnaryOperator<DnsOptions.Builder> change) {
        DnsOptions.Builder base = DnsOptions.builder();
        settings.nameservers(Setting.DNS_NAMESERVERS).ifPresent(base::nameservers);
        settings.blocks(Setting.DNS_ALLOW_ADDRESSES).ifPresent(base::allowAddresses);
        settings.duration(Setting.DNS_TIMEOUT).ifPresent(base::timeout);
        settings.flag(Setting.DNS_SRV_WEIGHTS).ifPresent(base::srvWeights);
        checked("dns", base::build);
        return change.apply(base).build();
    }

    CacheOptions cache(UnaryOperator<CacheOptions.Builder> change) {
        CacheOptions.Builder base = CacheOptions.builder();
        settings.duration(Setting.CACHE_MIN_TTL).ifPresent(base::minTtl);
        settings.duration(Setting.CACHE_MAX_TTL).ifPresent(base::maxTtl);
        settings.duration(Setting.CACHE_MAX_NEGATIVE_TTL).ifPresent(base::maxNegativeTtl);
        settings.duration(Setting.CACHE_STALE_FOR).ifPresent(base::staleFor);
        checked("cache", base::build);
        return change.apply(base).build();
    }

    HealthOptions health(UnaryOperator<HealthOptions.Builder> change) {
        HealthOptions.Builder base = HealthOptions.builder();
        settings.read(Setting.HEALTH_PROBE, Probe::parse).ifPresent(base::probe);
        settings.read(Setting.HEALTH_PROBING, Probing::parse).ifPresent(base::probing);
        settings.duration(Setting.HEALTH_PROBE_INTERVAL).ifPresent(base::probeInterval);
        settings.duration(Setting.HEALTH_PROBE_TIMEOUT).ifPresent(base::probeTimeout);
        settings.read(Setting.HEALTH_HEALTHY_AFTER, Integer::valueOf).ifPresent(base::healthyAfter);
        settings.read(Setting.HEALTH_UNHEALTHY_AFTER, Integer::valueOf).ifPresent(base::unhealthyAfter);
        checked("health", base::build);
        return change.apply(base).build();
    }

    FailoverOptions failover(UnaryOperator<FailoverOptions.Builder> change) {
        FailoverOptions.Builder base = FailoverOptions.builder();
        settings.duration(Setting.FAILOVER_DWELL).ifPresent(base::dwell);
        settings.numbers(Setting.FAILOVER_STEPS).ifPresent(base::steps);
        settings.duration(Setting.FAILOVER_STEP_INTERVAL).ifPresent(base::stepInterval);
        checked("failover", base::build);
        return change.apply(base).build();
    }

    BalanceOptions balance(UnaryOperator<BalanceOptions.Builder> change) {
        BalanceOptions.Builder base = BalanceOptions.builder();
        settings.read(Setting.BALANCE_BALANCER, Balancer::parse).ifPresent(base::balancer);
        settings.duration(Setting.BALANCE_SLOW_START)
                .ifPresent(window -> checked("balance", () -> base.slowStart(window)));
        settings.read(Setting.BALANCE_SUBSET, Integer::valueOf)
                .ifPresent(size -> checked("balance", () -> base.subset(size)));
        settings.text(Setting.BALANCE_CLIENT).ifPresent(name -> checked("balance", () -> base.client(name)));
        return change.apply(base).build();
    }

    TopologyOptions topology(UnaryOperator<TopologyOptions.Builder> change) {
        TopologyOptions.Builder base = TopologyOptions.builder();
        settings.read(Setting.TOPOLOGY_REGION, base::region);
        settings.read(Setting.TOPOLOGY_ZONE, base::zone);
        settings.read(Setting.TOPOLOGY_NODE, base::node);
        settings.read(Setting.TOPOLOGY_CLUSTER, base::cluster);
        settings.read(Setting.TOPOLOGY_POLICY, Topology::parse).ifPresent(base::policy);
        settings.read(Setting.TOPOLOGY_PLACES, Place::parseAll).ifPresent(all -> all.forEach(base::place));
        settings.read(Setting.TOPOLOGY_LABELS_FILE, Path::of).ifPresent(base::labelsFile);
        return change.apply(base).build();
    }

    /** Where this process runs, as far as settings and the pod's labels say. */
    Here here(TopologyOptions topology) {
        return topology.here(topology.labelsFile().map(Surroundings::labels).orElse(seen.labels()));
    }

    BudgetOptions budget(UnaryOperator<BudgetOptions.Builder> change) {
        BudgetOptions.Builder base = BudgetOptions.builder();
        settings.read(Setting.BUDGET_PERCENT, Integer::valueOf).ifPresent(base::percent);
        settings.read(Setting.BUDGET_PER_SECOND, Integer::valueOf).ifPresent(base::perSecond);
        checked("budget", base::build);
        return change.apply(base).build();
    }

    /** What the settings alone come to must be valid, or the message would not know whom to name. */
    private void checked(String group, Supplier<?> build) {
        try {
            Objects.requireNonNull(build.get());
        } catch (IllegalArgumentException refused) {
            throw settings.refused(group, refused);
        }
    }
}
