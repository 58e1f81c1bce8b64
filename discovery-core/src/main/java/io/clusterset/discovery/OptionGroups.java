package io.clusterset.discovery;

import io.clusterset.discovery.balance.BalanceOptions;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.Probing;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.source.NameOptions;
import io.clusterset.discovery.topology.Place;
import io.clusterset.discovery.topology.Topology;
import io.clusterset.discovery.topology.TopologyOptions;
import java.nio.file.Path;

/** Which settings the stages' options have. */
final class OptionGroups {

    /** Where {@link io.clusterset.discovery.config.Surroundings} look for the own pod's labels. */
    private static final String LABELS_FILE = "/etc/podinfo/labels";

    static final OptionGroup<NameOptions.Builder, NameOptions> NAMES = new OptionGroup<>(
                    "names", NameOptions::builder, NameOptions.Builder::build)
            .with(
                    Setting.NAMES_ONLY,
                    text -> Settings.parseList(text, ',', NameOptions::pattern),
                    NameOptions.Builder::only,
                    NameOptions::only);

    static final OptionGroup<DnsOptions.Builder, DnsOptions> DNS = new OptionGroup<>(
                    "dns", DnsOptions::builder, DnsOptions.Builder::build)
            .with(
                    Setting.DNS_NAMESERVERS,
                    text -> Settings.parseList(text, ',', Addresses::nameserver),
                    DnsOptions.Builder::nameservers,
                    DnsOptions::nameservers)
            .with(
                    Setting.DNS_ALLOW_ADDRESSES,
                    text -> Settings.parseList(text, ',', Cidr::parse),
                    DnsOptions.Builder::allowAddresses,
                    DnsOptions::allowAddresses)
            .with(Setting.DNS_TIMEOUT, Settings::parseDuration, DnsOptions.Builder::timeout, DnsOptions::timeout)
            .with(Setting.DNS_SRV_WEIGHTS, Settings::parseFlag, DnsOptions.Builder::srvWeights, DnsOptions::srvWeights);

    static final OptionGroup<KubernetesOptions.Builder, KubernetesOptions> KUBERNETES = new OptionGroup<>(
                    "kubernetes", KubernetesOptions::builder, KubernetesOptions.Builder::build)
            .with(
                    Setting.KUBERNETES_WATCH,
                    KubernetesOptions.Scope::parse,
                    KubernetesOptions.Builder::watch,
                    options -> options.watch().word())
            .with(
                    Setting.KUBERNETES_KUBECONFIG,
                    Settings::parsePath,
                    KubernetesOptions.Builder::kubeconfig,
                    KubernetesOptions::kubeconfig);

    static final OptionGroup<CacheOptions.Builder, CacheOptions> CACHE = new OptionGroup<>(
                    "cache", CacheOptions::builder, CacheOptions.Builder::build)
            .with(Setting.CACHE_MIN_TTL, Settings::parseDuration, CacheOptions.Builder::minTtl, CacheOptions::minTtl)
            .with(Setting.CACHE_MAX_TTL, Settings::parseDuration, CacheOptions.Builder::maxTtl, CacheOptions::maxTtl)
            .with(
                    Setting.CACHE_MAX_NEGATIVE_TTL,
                    Settings::parseDuration,
                    CacheOptions.Builder::maxNegativeTtl,
                    CacheOptions::maxNegativeTtl)
            .with(
                    Setting.CACHE_STALE_FOR,
                    Settings::parseDuration,
                    CacheOptions.Builder::staleFor,
                    CacheOptions::staleFor)
            .with(
                    Setting.CACHE_SNAPSHOT_DIRECTORY,
                    Settings::parsePath,
                    CacheOptions.Builder::snapshotDirectory,
                    CacheOptions::snapshotDirectory);

    static final OptionGroup<HealthOptions.Builder, HealthOptions> HEALTH = new OptionGroup<>(
                    "health", HealthOptions::builder, HealthOptions.Builder::build)
            .with(Setting.HEALTH_PROBE, Probe::parse, HealthOptions.Builder::probe, HealthOptions::probe)
            .with(Setting.HEALTH_PROBING, Probing::parse, HealthOptions.Builder::probing, HealthOptions::probing)
            .with(
                    Setting.HEALTH_PROBE_INTERVAL,
                    Settings::parseDuration,
                    HealthOptions.Builder::probeInterval,
                    HealthOptions::probeInterval)
            .with(
                    Setting.HEALTH_PROBE_TIMEOUT,
                    Settings::parseDuration,
                    HealthOptions.Builder::probeTimeout,
                    HealthOptions::probeTimeout)
            .with(
                    Setting.HEALTH_HEALTHY_AFTER,
                    Settings::parseNumber,
                    HealthOptions.Builder::healthyAfter,
                    HealthOptions::healthyAfter)
            .with(
                    Setting.HEALTH_UNHEALTHY_AFTER,
                    Settings::parseNumber,
                    HealthOptions.Builder::unhealthyAfter,
                    HealthOptions::unhealthyAfter);

    static final OptionGroup<FailoverOptions.Builder, FailoverOptions> FAILOVER = new OptionGroup<>(
                    "failover", FailoverOptions::builder, FailoverOptions.Builder::build)
            .with(
                    Setting.FAILOVER_DWELL,
                    Settings::parseDuration,
                    FailoverOptions.Builder::dwell,
                    FailoverOptions::dwell)
            .with(
                    Setting.FAILOVER_STEPS,
                    text -> Settings.parseList(text, ',', Settings::parseNumber),
                    FailoverOptions.Builder::steps,
                    FailoverOptions::steps)
            .with(
                    Setting.FAILOVER_STEP_INTERVAL,
                    Settings::parseDuration,
                    FailoverOptions.Builder::stepInterval,
                    FailoverOptions::stepInterval);

    static final OptionGroup<TopologyOptions.Builder, TopologyOptions> TOPOLOGY = new OptionGroup<>(
                    "topology", TopologyOptions::builder, TopologyOptions.Builder::build)
            .<String>with(
                    Setting.TOPOLOGY_REGION,
                    text -> text,
                    TopologyOptions.Builder::region,
                    options -> options.locality().region())
            .<String>with(
                    Setting.TOPOLOGY_ZONE,
                    text -> text,
                    TopologyOptions.Builder::zone,
                    options -> options.locality().zone())
            .<String>with(
                    Setting.TOPOLOGY_NODE,
                    text -> text,
                    TopologyOptions.Builder::node,
                    options -> options.locality().node())
            .<String>with(
                    Setting.TOPOLOGY_CLUSTER, text -> text, TopologyOptions.Builder::cluster, TopologyOptions::cluster)
            .with(Setting.TOPOLOGY_POLICY, Topology::parse, TopologyOptions.Builder::policy, TopologyOptions::policy)
            .with(
                    Setting.TOPOLOGY_PLACES,
                    Place::parseAll,
                    (builder, places) -> places.forEach(builder::place),
                    TopologyOptions::places)
            .with(
                    Setting.TOPOLOGY_LABELS_FILE,
                    Settings::parsePath,
                    TopologyOptions.Builder::labelsFile,
                    options -> options.labelsFile().map(Path::toString).orElse(LABELS_FILE));

    static final OptionGroup<BalanceOptions.Builder, BalanceOptions> BALANCE = new OptionGroup<>(
                    "balance", BalanceOptions::builder, BalanceOptions.Builder::build)
            .with(Setting.BALANCE_BALANCER, Balancer::parse, BalanceOptions.Builder::balancer, BalanceOptions::balancer)
            .with(
                    Setting.BALANCE_SLOW_START,
                    Settings::parseDuration,
                    BalanceOptions.Builder::slowStart,
                    BalanceOptions::slowStart)
            .with(Setting.BALANCE_SUBSET, Settings::parseNumber, BalanceOptions.Builder::subset, BalanceOptions::subset)
            .<String>with(Setting.BALANCE_CLIENT, text -> text, BalanceOptions.Builder::client, BalanceOptions::client);

    static final OptionGroup<BudgetOptions.Builder, BudgetOptions> BUDGET = new OptionGroup<>(
                    "budget", BudgetOptions::builder, BudgetOptions.Builder::build)
            .with(Setting.BUDGET_PERCENT, Settings::parseNumber, BudgetOptions.Builder::percent, BudgetOptions::percent)
            .with(
                    Setting.BUDGET_PER_SECOND,
                    Settings::parseNumber,
                    BudgetOptions.Builder::perSecond,
                    BudgetOptions::perSecond);

    private OptionGroups() {}
}
