package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Text;
import java.util.Locale;
import java.util.Optional;

/** Every setting there is. The key is the one name it has; see {@link Settings} for where values come from. */
public enum Setting {
    /** Whether the library does its work: off, the system resolver answers. */
    ENABLED("enabled", "true or false"),
    /** The file with more settings; not in a file itself. */
    CONFIG("config", "a file's path", Fixed.FILE),
    /** The namespace of names that don't say one. */
    NAMESPACE("namespace", "a namespace", Fixed.NAMES),
    /** The home tier's domain. */
    CLUSTER_DOMAIN("cluster-domain", "a domain such as cluster.local", Fixed.NAMES),
    /** The second tier's domain. */
    CLUSTERSET_DOMAIN("clusterset-domain", "a domain such as clusterset.local"),
    /** The tiers, in order, separated by semicolons. */
    TIERS("tiers", "name=template@domain[:port][,dns=IP[:PORT]] or name=environment, separated by semicolons"),
    /** The port of endpoints when neither the caller nor the tier says one. */
    DEFAULT_PORT("default-port", "a number from 1 to 65535"),
    /** The only names that adapters take for services. */
    NAMES_ONLY("names.only", "SERVICE.NAMESPACE, *.NAMESPACE or whole names, separated by commas"),
    /** Who is asked. */
    DNS_NAMESERVERS("dns.nameservers", "IP[:PORT], separated by commas"),
    /** Otherwise refused addresses that are let through. */
    DNS_ALLOW_ADDRESSES("dns.allow-addresses", "blocks such as 127.0.0.0/8, separated by commas"),
    /** How long one question may take. */
    DNS_TIMEOUT("dns.timeout", "a duration such as 2s"),
    /** Whether priority and weight of SRV records are honoured. */
    DNS_SRV_WEIGHTS("dns.srv-weights", "true or false"),
    /** What of the Kubernetes API is watched. */
    KUBERNETES_WATCH("kubernetes.watch", "off, services or cluster", Fixed.WATCHES),
    /** Where the API server is, outside a pod. */
    KUBERNETES_KUBECONFIG("kubernetes.kubeconfig", "a file's path", Fixed.WATCHES),
    /** The shortest time a found answer is believed. */
    CACHE_MIN_TTL("cache.min-ttl", "a duration such as 1s"),
    /** The longest time a found answer is believed. */
    CACHE_MAX_TTL("cache.max-ttl", "a duration such as 60s"),
    /** The longest time a negative answer is believed. */
    CACHE_MAX_NEGATIVE_TTL("cache.max-negative-ttl", "a duration such as 5s"),
    /** How long endpoints are kept while the source cannot tell. */
    CACHE_STALE_FOR("cache.stale-for", "a duration such as 24h"),
    /** The folder where last known endpoints outlive the process. */
    CACHE_SNAPSHOT_DIRECTORY("cache.snapshot-directory", "a folder's path", Fixed.FILE),
    /** How endpoints are probed. */
    HEALTH_PROBE("health.probe", "tcp, http:/PATH, https:/PATH or none"),
    /** Who is probed. */
    HEALTH_PROBING("health.probing", "off, on-suspicion or always"),
    /** The time between two probes of a sick endpoint. */
    HEALTH_PROBE_INTERVAL("health.probe-interval", "a duration such as 5s"),
    /** How long a probe may take. */
    HEALTH_PROBE_TIMEOUT("health.probe-timeout", "a duration such as 500ms"),
    /** How many probes in a row bring an endpoint back. */
    HEALTH_HEALTHY_AFTER("health.healthy-after", "a number of probes from 1 to 10"),
    /** How many failed probes in a row settle a suspect. */
    HEALTH_UNHEALTHY_AFTER("health.unhealthy-after", "a number of probes from 1 to 10"),
    /** How long a tier must be well before traffic comes back. */
    FAILOVER_DWELL("failover.dwell", "a duration such as 30s"),
    /** The percentages that come back, one after the other. */
    FAILOVER_STEPS("failover.steps", "rising percentages such as 5,25,50,100"),
    /** The time between two steps. */
    FAILOVER_STEP_INTERVAL("failover.step-interval", "a duration such as 20s"),
    /** The region this process runs in. */
    TOPOLOGY_REGION("topology.region", "a region, without blanks", Fixed.PLACE),
    /** The zone this process runs in. */
    TOPOLOGY_ZONE("topology.zone", "a zone, without blanks", Fixed.PLACE),
    /** The node this process runs on. */
    TOPOLOGY_NODE("topology.node", "a node, without blanks", Fixed.PLACE),
    /** The id of the cluster this process runs in. */
    TOPOLOGY_CLUSTER("topology.cluster", "a cluster's id, without blanks", Fixed.PLACE),
    /** Who within a tier is eligible. */
    TOPOLOGY_POLICY(
            "topology.policy",
            "any, hints, prefer-near, prefer-node, ladder:KEY,KEY,* or clusters:ID,ID, or several joined by +"),
    /** Where blocks of addresses are. */
    TOPOLOGY_PLACES(
            "topology.places",
            "such as 10.1.0.0/16 region=eu zone=eu-1 cluster=west label.track=canary, separated by semicolons"),
    /** The file with the labels of the own pod. */
    TOPOLOGY_LABELS_FILE("topology.labels-file", "a file's path", Fixed.PLACE),
    /** Who is picked. */
    BALANCE_BALANCER(
            "balance.balancer", "weighted-round-robin, random, least-request, peak-ewma, consistent-hash or sticky"),
    /** How long a new endpoint takes to get all of its weight. */
    BALANCE_SLOW_START("balance.slow-start", "a duration such as 10s"),
    /** How many endpoints of each tier to keep to. */
    BALANCE_SUBSET("balance.subset", "a number from 1 to 10000"),
    /** What this process is called, where that decides which endpoints it keeps to. */
    BALANCE_CLIENT("balance.client", "a name such as the pod's"),
    /** Retries per hundred calls. */
    BUDGET_PERCENT("budget.percent", "a number from 0 to 100"),
    /** Retries a second besides. */
    BUDGET_PER_SECOND("budget.per-second", "a number from 0 to 1000");

    private final String key;
    private final String expectation;
    private final String fixed;

    Setting(String key, String expectation) {
        this(key, expectation, "");
    }

    Setting(String key, String expectation, String fixed) {
        this.key = key;
        this.expectation = expectation;
        this.fixed = fixed;
    }

    /** Its key in files and system properties, with the prefix {@code discovery.}: {@code discovery.health.probe-interval}. */
    public String property() {
        return Settings.PREFIX + key;
    }

    /** Its environment variable: {@code CLUSTERSET_HEALTH_PROBE_INTERVAL}. */
    public String variable() {
        return Settings.VARIABLE_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** What a value looks like, in words. */
    public String expectation() {
        return expectation;
    }

    /** Why it can't change while the process runs; empty if it can. */
    public Optional<String> fixed() {
        return Optional.of(fixed).filter(why -> !why.isEmpty());
    }

    /** The setting with this key: {@code discovery.namespace}. */
    public static Optional<Setting> of(String property) {
        for (Setting setting : values()) {
            if (setting.property().equals(property)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** The key that somebody may have meant. */
    static String nearest(String property) {
        String whole = Settings.PREFIX + property; // as the docs write them in prose
        if (of(whole).isPresent() || ServiceSetting.ofProperty(whole).isPresent()) {
            return Text.safe(whole);
        }
        return property.startsWith(ServiceSetting.PREFIX)
                ? ServiceSetting.nearest(property)
                : Nearest.to(property, values(), Setting::property).property();
    }

    /** The variable that somebody may have meant. */
    static String nearestVariable(String variable) {
        return Nearest.to(variable, values(), Setting::variable).variable();
    }

    /** Why some hold until the process starts anew. */
    private static final class Fixed {
        static final String NAMES = "names in use were read with it";
        static final String PLACE = "a process does not move";
        static final String FILE = "it is opened once";
        static final String WATCHES = "watches are opened with it";
    }
}
