package io.clusterset.discovery.config;

import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a process can see of the cluster it runs in. Reads three small files and the environment, asks nobody, and fails at
 * nothing: what isn't there is simply not known. Immutable; {@link #again()} looks anew.
 *
 * <p>A process is in a cluster if the service account's namespace file is there, if resolv.conf's search list holds a {@code
 * svc.DOMAIN}, or if {@code KUBERNETES_SERVICE_HOST} is set. Outside of one resolv.conf names somebody else's nameservers:
 * they don't know the cluster, and its names are none of their business, so there are {@linkplain #nameservers() none} then.
 */
public final class Surroundings {

    private static final String NAMESPACE = "var/run/secrets/kubernetes.io/serviceaccount/namespace";
    private static final String RESOLV_CONF = "etc/resolv.conf";
    private static final String LABELS = "etc/podinfo/labels";
    private static final String API_SERVER =
            "KUBERNETES_SERVICE_HOST"; // set in every container, whatever the pod opts out of
    private static final String CLUSTERSET = "clusterset.local";
    private static final Pattern SERVICE_VARIABLE = Pattern.compile("[A-Z0-9_]+_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)");

    private final Optional<String> namespace;
    private final List<String> domains;
    private final List<InetSocketAddress> nameservers;
    private final String nameserversNote;
    private final Map<String, String> environment;
    private final Map<String, String> labels;
    private final Map<String, String> origins;
    private final Optional<Supplier<Surroundings>> again;

    private Surroundings(
            Optional<String> namespace,
            List<String> domains,
            List<InetSocketAddress> nameservers,
            String nameserversNote,
            Map<String, String> environment,
            Map<String, String> labels,
            Map<String, String> origins,
            Optional<Supplier<Surroundings>> again) {
        this.namespace = namespace;
        this.domains = List.copyOf(domains);
        this.nameservers = List.copyOf(nameservers);
        this.nameserversNote = nameserversNote;
        this.environment = Map.copyOf(environment);
        this.labels = Map.copyOf(labels);
        this.origins = origins;
        this.again = again;
    }

    /** These, and nothing is looked for: those of a cluster, whatever machine this is. */
    public Surroundings(
            Optional<String> namespace,
            Optional<String> clusterDomain,
            List<InetSocketAddress> nameservers,
            Map<String, String> environment,
            Map<String, String> labels) {
        this(
                namespace,
                clusterDomain.stream().toList(),
                nameservers,
                nameservers.isEmpty() ? "no nameserver known" + expected("") : "",
                environment,
                labels,
                Map.of(),
                Optional.empty());
    }

    /** With no labels. */
    public Surroundings(
            Optional<String> namespace,
            Optional<String> clusterDomain,
            List<InetSocketAddress> nameservers,
            Map<String, String> environment) {
        this(namespace, clusterDomain, nameservers, environment, Map.of());
    }

    /** With neither environment variables nor labels. */
    public Surroundings(
            Optional<String> namespace, Optional<String> clusterDomain, List<InetSocketAddress> nameservers) {
        this(namespace, clusterDomain, nameservers, Map.of());
    }

    /** What this process sees. On Windows the files are looked for on the drive it runs on. */
    public static Surroundings detect() {
        return detect(Path.of("/"), System.getenv());
    }

    /**
     * What these variables and the files below this directory say.
     *
     * @param root where {@code etc} and {@code var} are: {@code /} for this process's own, another process's, a test's
     */
    public static Surroundings detect(Path root, Map<String, String> environment) {
        Path namespaceFile = root.resolve(NAMESPACE);
        Path resolvConf = root.resolve(RESOLV_CONF);
        Path labelsFile = root.resolve(LABELS);
        SmallFile account = SmallFile.read(namespaceFile);
        SmallFile resolver = SmallFile.read(resolvConf);
        ResolvConf dns = ResolvConf.parse(resolver.text());
        String search = "the search list of " + resolvConf;
        Map<String, String> labels = PodLabels.parse(SmallFile.read(labelsFile).text());
        Map<String, String> origins = new TreeMap<>();

        Optional<String> said = label(account.text().strip());
        Optional<String> namespace = said.or(dns::namespace);
        if (namespace.isPresent()) {
            origins.put("discovery.namespace", said.isPresent() ? namespaceFile.toString() : search);
        }
        if (!dns.domains().isEmpty()) {
            origins.put("discovery.cluster-domain", search);
        }
        if (!labels.isEmpty()) {
            origins.put("discovery.topology.labels-file", labelsFile.toString());
        }

        boolean searches = !dns.domains().isEmpty();
        boolean inCluster = account.isThere()
                || searches
                || !environment.getOrDefault(API_SERVER, "").isBlank();
        List<InetSocketAddress> nameservers = inCluster ? dns.nameservers() : List.of();
        String note = "";
        if (!inCluster) {
            note = "not in a cluster: no " + namespaceFile + ", no svc.DOMAIN in " + search + ", no " + API_SERVER
                    + expected("one of them, ");
        } else if (nameservers.isEmpty()) {
            String why = resolver.trouble().isEmpty() ? "none in it" : resolver.trouble();
            note = "no nameserver known: " + resolvConf + ": " + why + expected("");
        } else {
            origins.put("discovery.dns.nameservers", resolvConf.toString());
            if (!searches) {
                note = "no svc.DOMAIN in " + search + ", so this may not be the cluster's nameserver (expected: the"
                        + " cluster's in discovery.dns.nameservers, or dnsPolicy: ClusterFirstWithHostNet)";
            }
        }
        return new Surroundings(
                namespace,
                dns.domains(),
                nameservers,
                note,
                services(environment),
                labels,
                Map.copyOf(origins),
                Optional.of(() -> detect(root, environment)));
    }

    private static String expected(String first) {
        return " (expected: " + first + "discovery.dns.nameservers, or discovery.services[SERVICE.NAMESPACE].static)";
    }

    private static Map<String, String> services(Map<String, String> environment) {
        Map<String, String> services = new HashMap<>(environment);
        services.keySet()
                .removeIf(variable -> !SERVICE_VARIABLE.matcher(variable).matches());
        return services;
    }

    private static Optional<String> label(String text) {
        try {
            return Optional.of(ServiceName.label(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * As it is now: resolv.conf may change while a process runs. Reads the files again; if these were not detected, they stay
     * as they were given. Only the nameservers are followed at run time: namespace, cluster domain and labels are a pod's for
     * life.
     */
    public Surroundings again() {
        return again.map(Supplier::get).orElse(this);
    }

    /**
     * The pod's namespace: from the service account's file, else (a pod may have none) from resolv.conf's search list ({@code
     * shop.svc.cluster.local}).
     */
    public Optional<String> namespace() {
        return namespace;
    }

    /** As {@link #clusterDomain(String)}, in a cluster set that is called {@code clusterset.local}. */
    public Optional<String> clusterDomain() {
        return clusterDomain(CLUSTERSET);
    }

    /**
     * The cluster's domain, from resolv.conf's search list ({@code svc.cluster.local}); the first one, for the kubelet writes
     * the cluster's in front. Read once: it doesn't change while a process runs.
     *
     * @param clustersetDomain which may be in that list too, and is not the cluster's
     */
    public Optional<String> clusterDomain(String clustersetDomain) {
        return domains.stream()
                .filter(domain -> !domain.equals(clustersetDomain))
                .findFirst();
    }

    /** Resolv.conf's nameservers, port 53, at most 8; none outside a cluster. */
    public List<InetSocketAddress> nameservers() {
        return nameservers;
    }

    /**
     * Why there are no nameservers, or why those there are may not be the cluster's; what was looked for, and which setting
     * mends it. Empty if nothing is odd.
     */
    public String nameserversNote() {
        return nameserversNote;
    }

    /**
     * The variables that Kubernetes sets for each Service, such as {@code ORDERS_SERVICE_HOST}; no others, for they may hold
     * secrets.
     */
    public Map<String, String> environment() {
        return environment;
    }

    /** The pod's labels, from the file the downward API writes where its volume is mounted at {@code /etc/podinfo}. */
    public Map<String, String> labels() {
        return labels;
    }

    /**
     * Where what was detected was found, by the setting that would overrule it: {@code discovery.namespace}, {@code
     * discovery.cluster-domain}, {@code discovery.dns.nameservers}, {@code discovery.topology.labels-file}. What was not found,
     * or not looked for, is not in it.
     */
    public Map<String, String> origins() {
        return origins;
    }

    /** The labels in a file that the downward API wrote: {@code key="value"}, one a line. Others are passed over. */
    public static Map<String, String> labels(Path file) {
        return labels(file, trouble -> {});
    }

    /**
     * As {@link #labels(Path)}.
     *
     * @param trouble told, at most once, why nothing could be read; a file that is empty is a pod without labels, and no
     *     trouble
     */
    public static Map<String, String> labels(Path file, Consumer<String> trouble) {
        SmallFile read = SmallFile.read(file);
        Map<String, String> labels = PodLabels.parse(read.text());
        if (!read.trouble().isEmpty() || (labels.isEmpty() && !read.text().isBlank())) {
            trouble.accept("discovery.topology.labels-file: " + Text.path(file) + ": "
                    + (read.trouble().isEmpty() ? "no label in it" : read.trouble())
                    + " (expected: KEY=\"VALUE\" lines, as the downward API writes metadata.labels)");
        }
        return labels;
    }
}
