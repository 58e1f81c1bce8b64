package io.clusterset.discovery.spring;

import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Setting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.Delimiter;

/**
 * The settings as Spring Boot binds them: the core's, under the names they have everywhere, and those of this module. What is
 * null was not said; ranges and spelling are the core's to check.
 *
 * @param enabled whether the library does its work. With false at start nothing is auto-configured; later, calls go past the library
 * @param config a file with more settings, which these win over
 * @param namespace the namespace of names that don't say one; in a pod its own is detected
 * @param clusterDomain the home tier's domain; detected, else cluster.local
 * @param clustersetDomain the second tier's domain; clusterset.local unless set
 * @param tiers the tiers in order, each name=template@domain[:port][,dns=IP[:PORT]] or name=environment; local and clusterset unless set
 * @param defaultPort the port of endpoints when neither the caller nor the tier says one, 1 to 65535; 80 unless set
 * @param names which names HTTP clients take for services
 * @param dns how DNS is asked
 * @param kubernetes whether the Kubernetes API answers, and DNS while it can't
 * @param cache for how long answers are believed
 * @param health how verdicts are come to
 * @param failover how traffic comes back
 * @param topology where this process and its endpoints run, and who is eligible
 * @param balance who is picked
 * @param budget how many retries calls may cost
 * @param services what holds for single services, by name: discovery.services[orders.shop].port
 * @param clients the plain HTTP clients that Spring Boot builds
 * @param allowAddresses another name of discovery.dns.allow-addresses
 */
@ConfigurationProperties(SpringSettings.PREFIX)
record DiscoveryProperties(
        @Nullable Boolean enabled,
        @Nullable String config,
        @Nullable String namespace,
        @Nullable String clusterDomain,
        @Nullable String clustersetDomain,
        @Delimiter(";") @Nullable List<String> tiers,
        @Nullable Integer defaultPort,
        @DefaultValue Names names,
        @DefaultValue Dns dns,
        @DefaultValue Kubernetes kubernetes,
        @DefaultValue Cache cache,
        @DefaultValue Health health,
        @DefaultValue Failover failover,
        @DefaultValue Topology topology,
        @DefaultValue Balance balance,
        @DefaultValue Budget budget,
        @DefaultValue Map<String, OfService> services,
        @DefaultValue Clients clients,
        @Nullable List<String> allowAddresses) {

    /**
     * Which names HTTP clients take for services.
     *
     * @param only the only ones: SERVICE.NAMESPACE, *.NAMESPACE or whole names
     */
    record Names(@Nullable List<String> only) {}

    /**
     * How DNS is asked.
     *
     * @param nameservers who is asked, IP[:PORT]; resolv.conf's unless set
     * @param servers another name of discovery.dns.nameservers
     * @param allowAddresses blocks of otherwise refused addresses to let through, such as 127.0.0.0/8
     * @param timeout how long one question may take; 2s unless set
     * @param srvWeights whether priority and weight of SRV records are honoured; false unless set
     */
    record Dns(
            @Nullable List<String> nameservers,
            @Nullable List<String> servers,
            @Nullable List<String> allowAddresses,
            @Nullable Duration timeout,
            @Nullable Boolean srvWeights) {}

    /**
     * Whether the Kubernetes API answers, and DNS while it can't. Wants io.fabric8:kubernetes-client beside the library.
     *
     * @param watch off, services (those asked for) or cluster (all of them: for gateways); off unless set
     * @param kubeconfig the file that says where the API server is, outside a pod; the pod's service account unless set
     */
    record Kubernetes(@Nullable String watch, @Nullable String kubeconfig) {}

    /**
     * For how long answers are believed.
     *
     * @param minTtl the shortest time a found answer is believed; 1s unless set
     * @param maxTtl the longest, to 1h; 1m unless set
     * @param maxNegativeTtl the longest time a negative answer is believed; 5s unless set
     * @param staleFor how long endpoints are kept while the source can't tell; 24h unless set
     * @param snapshotDirectory the folder where the last known endpoints outlive the process
     */
    record Cache(
            @Nullable Duration minTtl,
            @Nullable Duration maxTtl,
            @Nullable Duration maxNegativeTtl,
            @Nullable Duration staleFor,
            @Nullable String snapshotDirectory) {}

    /**
     * How verdicts are come to.
     *
     * @param probe tcp, http:/PATH, https:/PATH or none; tcp unless set
     * @param probing who is probed: off, on-suspicion or always; on-suspicion unless set
     * @param probeInterval between two probes of a sick endpoint; 5s unless set
     * @param probeTimeout how long a probe may take; 500ms unless set
     * @param healthyAfter how many probes in a row must pass before a sick endpoint is healthy, 1 to 10; 2 unless set
     * @param unhealthyAfter how many must fail before a suspect is unhealthy, 1 to 10; 1 unless set
     */
    record Health(
            @Nullable String probe,
            @Nullable String probing,
            @Nullable Duration probeInterval,
            @Nullable Duration probeTimeout,
            @Nullable Integer healthyAfter,
            @Nullable Integer unhealthyAfter) {}

    /**
     * How traffic comes back.
     *
     * @param dwell how long a tier must be well before traffic comes back; 30s unless set
     * @param steps the percentages that come back, rising; 5,25,50,100 unless set
     * @param stepInterval between two steps; 20s unless set
     */
    record Failover(
            @Nullable Duration dwell,
            @Nullable List<Integer> steps,
            @Nullable Duration stepInterval) {}

    /**
     * Where this process and its endpoints run, and who is eligible.
     *
     * @param region the region this process runs in
     * @param zone the zone this process runs in
     * @param node the node this process runs on
     * @param cluster the id of the cluster this process runs in
     * @param policy any, hints, prefer-near, prefer-node, ladder:KEY,KEY,* or clusters:ID,ID, or several joined by +
     * @param places where blocks of addresses are, such as 10.1.0.0/16 region=eu zone=eu-1
     * @param labelsFile the file with the pod's labels that the downward API writes
     */
    record Topology(
            @Nullable String region,
            @Nullable String zone,
            @Nullable String node,
            @Nullable String cluster,
            @Nullable String policy,
            @Delimiter(";") @Nullable List<String> places,
            @Nullable String labelsFile) {}

    /**
     * Who is picked.
     *
     * @param balancer weighted-round-robin, random, least-request, peak-ewma, consistent-hash or sticky; weighted-round-robin unless set
     * @param slowStart how long a new endpoint takes to get all of its weight, to 1h; 10s unless set
     * @param subset how many endpoints of each tier to keep to, 1 to 10000; all unless set
     * @param client what this process is called where that decides which endpoints it keeps to, such as the pod's name
     */
    record Balance(
            @Nullable String balancer,
            @Nullable Duration slowStart,
            @Nullable Integer subset,
            @Nullable String client) {}

    /**
     * How many retries calls may cost.
     *
     * @param percent retries per hundred calls of a service, 0 to 100; 20 unless set
     * @param perSecond retries a second besides, 0 to 1000; 10 unless set
     */
    record Budget(@Nullable Integer percent, @Nullable Integer perSecond) {}

    /**
     * What holds for one service.
     *
     * @param tiers its tiers, instead of discovery.tiers; a name alone is a tier of the discovery
     * @param port the port of a caller who says none: a number or a port name
     * @param name the service looked up in its place
     * @param fixed its endpoints, IP:PORT, which replace looking up
     * @param probe how its endpoints are probed
     * @param topology who of them is eligible
     * @param balancer who of those is picked
     */
    record OfService(
            @Delimiter(";") @Nullable List<String> tiers,
            @Nullable String port,
            @Nullable String name,
            @Name("static") @Nullable List<String> fixed,
            @Nullable String probe,
            @Nullable String topology,
            @Nullable String balancer) {

        private Map<ServiceSetting, String> said() {
            Map<ServiceSetting, String> said = new EnumMap<>(ServiceSetting.class);
            put(said, ServiceSetting.TIERS, joined(tiers, ";"));
            put(said, ServiceSetting.PORT, port);
            put(said, ServiceSetting.NAME, name);
            put(said, ServiceSetting.STATIC, joined(fixed, ","));
            put(said, ServiceSetting.PROBE, probe);
            put(said, ServiceSetting.TOPOLOGY, topology);
            put(said, ServiceSetting.BALANCER, balancer);
            return said;
        }
    }

    /**
     * The plain HTTP clients that Spring Boot builds: RestClient, RestTemplate, WebClient.
     *
     * @param enabled whether names of services in their URLs are looked up by the library
     */
    record Clients(@DefaultValue("true") boolean enabled) {}

    /** What was said of all services, as the core reads it. */
    Map<Setting, String> said() {
        Map<Setting, String> said = new EnumMap<>(Setting.class);
        put(said, Setting.ENABLED, enabled);
        put(said, Setting.NAMESPACE, namespace);
        put(said, Setting.CLUSTER_DOMAIN, clusterDomain);
        put(said, Setting.CLUSTERSET_DOMAIN, clustersetDomain);
        put(said, Setting.TIERS, joined(tiers, ";"));
        put(said, Setting.DEFAULT_PORT, defaultPort);
        put(said, Setting.NAMES_ONLY, joined(names.only, ","));
        put(said, Setting.DNS_NAMESERVERS, joined(dns.nameservers != null ? dns.nameservers : dns.servers, ","));
        put(
                said,
                Setting.DNS_ALLOW_ADDRESSES,
                joined(dns.allowAddresses != null ? dns.allowAddresses : allowAddresses, ","));
        put(said, Setting.DNS_TIMEOUT, dns.timeout);
        put(said, Setting.DNS_SRV_WEIGHTS, dns.srvWeights);
        put(said, Setting.KUBERNETES_WATCH, kubernetes.watch);
        put(said, Setting.KUBERNETES_KUBECONFIG, kubernetes.kubeconfig);
        put(said, Setting.CACHE_MIN_TTL, cache.minTtl);
        put(said, Setting.CACHE_MAX_TTL, cache.maxTtl);
        put(said, Setting.CACHE_MAX_NEGATIVE_TTL, cache.maxNegativeTtl);
        put(said, Setting.CACHE_STALE_FOR, cache.staleFor);
        put(said, Setting.CACHE_SNAPSHOT_DIRECTORY, cache.snapshotDirectory);
        put(said, Setting.HEALTH_PROBE, health.probe);
        put(said, Setting.HEALTH_PROBING, health.probing);
        put(said, Setting.HEALTH_PROBE_INTERVAL, health.probeInterval);
        put(said, Setting.HEALTH_PROBE_TIMEOUT, health.probeTimeout);
        put(said, Setting.HEALTH_HEALTHY_AFTER, health.healthyAfter);
        put(said, Setting.HEALTH_UNHEALTHY_AFTER, health.unhealthyAfter);
        put(said, Setting.FAILOVER_DWELL, failover.dwell);
        put(said, Setting.FAILOVER_STEPS, joined(failover.steps, ","));
        put(said, Setting.FAILOVER_STEP_INTERVAL, failover.stepInterval);
        put(said, Setting.TOPOLOGY_REGION, topology.region);
        put(said, Setting.TOPOLOGY_ZONE, topology.zone);
        put(said, Setting.TOPOLOGY_NODE, topology.node);
        put(said, Setting.TOPOLOGY_CLUSTER, topology.cluster);
        put(said, Setting.TOPOLOGY_POLICY, topology.policy);
        put(said, Setting.TOPOLOGY_PLACES, joined(topology.places, ";"));
        put(said, Setting.TOPOLOGY_LABELS_FILE, topology.labelsFile);
        put(said, Setting.BALANCE_BALANCER, balance.balancer);
        put(said, Setting.BALANCE_SLOW_START, balance.slowStart);
        put(said, Setting.BALANCE_SUBSET, balance.subset);
        put(said, Setting.BALANCE_CLIENT, balance.client);
        put(said, Setting.BUDGET_PERCENT, budget.percent);
        put(said, Setting.BUDGET_PER_SECOND, budget.perSecond);
        return said;
    }

    /** What was said of single services, by the core's keys. */
    Map<String, Map<ServiceSetting, String>> saidOfServices() {
        return services.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, service -> service.getValue().said()));
    }

    private static <K> void put(Map<K, String> said, K setting, @Nullable Object value) {
        if (value != null) {
            said.put(setting, value.toString());
        }
    }

    private static @Nullable String joined(@Nullable List<?> values, String separator) {
        return values == null ? null : values.stream().map(String::valueOf).collect(Collectors.joining(separator));
    }
}
