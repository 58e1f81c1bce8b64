package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.kubernetes.KubernetesOptions.Scope;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Topology;
import io.clusterset.discovery.topology.TopologyOptions;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The name and the options that every command has, and the discovery they describe. Values are kept as they were written
 * and read when they are used, so that what is wrong with one is said in one line.
 */
final class CommonOptions {

    private static final String KUBERNETES = "kubernetes";
    private static final Duration AS_LONG_AS_THE_COMMAND = Duration.ofDays(1);

    /** The second tier is asked up to 50 ms after home. */
    private static final Duration SLACK = Duration.ofMillis(100);

    @Parameters(
            paramLabel = "NAME",
            description = {
                "SERVICE.NAMESPACE, SERVICE, or a full name. A port",
                "may follow: orders.shop:8080, orders.shop:http."
            })
    private String name = "";

    @Mixin
    private Whereabouts whereabouts = new Whereabouts();

    @Option(
            names = "--tier",
            paramLabel = "NAME=TEMPLATE@DOMAIN[:PORT][,dns=IP[:PORT]]",
            description = {
                "Tier to use instead of local and clusterset; may be",
                "repeated, in order. Templates hold {service},",
                "{namespace} and {domain}; NAME=environment reads",
                "*_SERVICE_HOST variables. Also: ,min-endpoints=N",
                "and ,max-load=PERCENT."
            })
    private List<String> tiers = new ArrayList<>();

    @Option(
            names = "--allow-addresses",
            paramLabel = "CIDR",
            description = {"Let otherwise refused addresses through, such as", "127.0.0.0/8; may be repeated."})
    private List<String> allowAddresses = new ArrayList<>();

    @Option(
            names = "--probe",
            paramLabel = "tcp|http:/PATH|https:/PATH|none",
            description = "How endpoints are probed. Default: tcp.")
    private Optional<String> probe = Optional.empty();

    @Option(
            names = "--probe-interval",
            paramLabel = "DURATION",
            description = {"Time between two probes of a sick endpoint.", "Default: 5s."})
    private Optional<String> probeInterval = Optional.empty();

    @Option(names = "--region", paramLabel = "REGION", description = "Region this runs in. Default: the pod's label.")
    private Optional<String> region = Optional.empty();

    @Option(names = "--zone", paramLabel = "ZONE", description = "Zone this runs in. Default: the pod's label.")
    private Optional<String> zone = Optional.empty();

    @Option(names = "--node", paramLabel = "NODE", description = "Node this runs on. Default: the pod's label.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = "--cluster",
            paramLabel = "CLUSTER",
            description = "Id of the cluster this runs in. Default: unknown.")
    private Optional<String> cluster = Optional.empty();

    @Option(
            names = "--topology",
            paramLabel = "POLICY",
            description = {
                "Whom of a tier to call: any, hints, prefer-near,",
                "prefer-node, ladder:KEY,KEY,* or clusters:ID,ID;",
                "several joined by +. Default: as services prefer,",
                "else prefer-near if zone or region is known."
            })
    private Optional<String> topology = Optional.empty();

    @Option(
            names = "--drill",
            paramLabel = "TIER=PERCENT",
            description = {
                "Force a tier to a share of the traffic, 0 to 100;",
                "may be repeated. local=0: as if home were down."
            })
    private List<String> drills = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = {"How long to wait for answers, and for each call.", "Default: 5s."})
    private String timeout = "5s";

    @Option(names = "--json", description = "Print a JSON document (watch: one a line), not text.")
    private boolean json;

    @Option(
            names = "--verbose",
            description = {"Log what happens, and show stack traces, on stderr;", "cut nothing in tables and lines."})
    private boolean verbose;

    @Option(
            names = "--source",
            paramLabel = "dns|kubernetes",
            description = {
                "Who is asked: DNS, or the API server of the cluster",
                "and DNS while that can't tell. Default: as",
                "discovery.kubernetes.watch says, else dns."
            })
    private Optional<String> source = Optional.empty();

    @Option(
            names = "--balancer",
            paramLabel = "NAME",
            description = {
                "Whom of them to pick: weighted-round-robin, random,",
                "least-request, peak-ewma, consistent-hash or sticky.",
                "Default: weighted-round-robin."
            })
    private Optional<String> balancer = Optional.empty();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = {
                "With --source kubernetes: where the API server is.",
                "Default: the pod's service account; outside a pod",
                "$KUBECONFIG, else ~/.kube/config."
            })
    private Optional<String> kubeconfig = Optional.empty();

    /** Whether a JSON document is wanted. */
    boolean json() {
        return json;
    }

    /** Whether the log is wanted. */
    boolean verbose() {
        return verbose;
    }

    /** The name as it was written. */
    String name() {
        return name;
    }

    /** Takes from {@code --tier} what is a name and no definition of a tier: for the command that is about one. */
    List<String> takeTierNames() {
        List<String> names = tiers.stream().filter(text -> !text.contains("=")).toList();
        tiers = tiers.stream().filter(text -> text.contains("=")).toList();
        return names;
    }

    /** How long to wait. */
    Duration timeout() {
        return Whereabouts.time("--timeout", timeout);
    }

    /** Whether endpoints are to be probed. */
    static boolean probes(Discovery discovery) {
        return discovery.settings().stream()
                .noneMatch(one -> one.key().equals(Setting.HEALTH_PROBE.property())
                        && one.value().equals("none"));
    }

    /** The discovery to make calls with, as the options describe it; settings of process and file stand behind them. */
    Discovery openForCalls(Consumer<Event> listener) {
        return drilled(build(discovery(UnaryOperator.identity()).listener(listener)));
    }

    private Discovery drilled(Discovery discovery) {
        for (String text : drills) {
            String[] parts = text.split("=", -1);
            if (parts.length != 2 || !parts[1].matches("[0-9]{1,3}")) {
                throw new BadUsage("--drill: " + Text.quote(text) + " (expected: TIER=PERCENT, such as local=0)");
            }
            try {
                discovery.drill(parts[0], Integer.parseInt(parts[1]), AS_LONG_AS_THE_COMMAND);
            } catch (IllegalArgumentException refused) {
                discovery.close();
                throw new BadUsage("--" + refused.getMessage(), refused);
            }
        }
        return discovery;
    }

    /** As {@link #openForCalls}, with questions that end before the command's time does, so that every tier says something. */
    Discovery openForQuestions() {
        Duration longest = timeout().minus(SLACK);
        return drilled(build(discovery(dns -> {
            boolean fits = dns.build().timeout().compareTo(longest) <= 0;
            return fits ? dns : dns.timeout(longest.compareTo(SLACK) < 0 ? SLACK : longest);
        })));
    }

    private Discovery.Builder discovery(UnaryOperator<DnsOptions.Builder> last) {
        startLogging(verbose);
        Discovery.Builder builder = Discovery.builder().settings(whereabouts.settings());
        whereabouts.describeTo(builder);
        tiers.stream().map(CommonOptions::tier).forEach(builder::tier);
        List<InetSocketAddress> servers = whereabouts.nameservers();
        List<Cidr> allowed = allowAddresses.stream()
                .map(text -> Options.read("--allow-addresses", text, "a block such as 127.0.0.0/8", Cidr::parse))
                .toList();
        Optional<Probe> kind = probe();
        Optional<Duration> interval = probeInterval.map(text -> Whereabouts.duration("--probe-interval", text));
        return builder.dns(options -> {
                    if (!servers.isEmpty()) {
                        options.nameservers(servers);
                    }
                    return last.apply(allowed.isEmpty() ? options : options.allowAddresses(allowed));
                })
                .health(options -> {
                    kind.ifPresent(options::probe);
                    interval.ifPresent(options::probeInterval);
                    return options;
                })
                .kubernetes(this::kubernetes)
                .topology(this::topology)
                .balance(options -> {
                    said("--balancer", balancer, name -> options.balancer(Balancer.parse(name)));
                    return options;
                });
    }

    private KubernetesOptions.Builder kubernetes(KubernetesOptions.Builder options) {
        source.ifPresent(word -> {
            String expected = "dns or kubernetes; a list is discovery.services[NAME].static in --config";
            Options.oneOf("--source", word, expected, List.of("dns", KUBERNETES));
            options.watch(word.equals(KUBERNETES) ? Scope.SERVICES : Scope.OFF);
        });
        boolean wanted = source.equals(Optional.of(KUBERNETES));
        kubeconfig.filter(file -> !wanted).ifPresent(file -> {
            throw new BadUsage("--kubeconfig: " + Text.quote(file) + " (expected: --source kubernetes beside it)");
        });
        if (wanted && (kubeconfig.isPresent() || System.getenv("KUBERNETES_SERVICE_HOST") == null)) {
            options.kubeconfig(readableKubeconfig());
        }
        return options;
    }

    private Path readableKubeconfig() {
        String text = kubeconfig.orElseGet(CommonOptions::usualKubeconfig);
        Path file = Options.read("--kubeconfig", text, "a file's path", Settings::parsePath);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new BadUsage("--kubeconfig: " + Text.quote(text) + ": "
                    + (Files.exists(file) ? "can't be read" : "not there")
                    + (kubeconfig.isPresent()
                            ? " (expected: a kubeconfig file)"
                            : ", and this is no pod (expected: --kubeconfig FILE)"));
        }
        return file;
    }

    /** As kubectl has it, but for lists of files. */
    private static String usualKubeconfig() {
        return Optional.ofNullable(System.getenv("KUBECONFIG"))
                .filter(file -> !file.isBlank())
                .orElseGet(() -> System.getProperty("user.home") + "/.kube/config");
    }

    private TopologyOptions.Builder topology(TopologyOptions.Builder options) {
        said("--region", region, options::region);
        said("--zone", zone, options::zone);
        said("--node", node, options::node);
        said("--cluster", cluster, options::cluster);
        said("--topology", topology, text -> options.policy(Topology.parse(text)));
        return options;
    }

    /** What is refused says why, in the words of the one who refuses: {@code --zone: 'a b' (expected: …)}. */
    private static void said(String option, Optional<String> value, Consumer<String> setter) {
        try {
            value.ifPresent(setter);
        } catch (IllegalArgumentException refused) {
            String message = String.valueOf(refused.getMessage());
            throw new BadUsage(
                    message.startsWith(option.substring(2) + ": ") ? "--" + message : option + ": " + message, refused);
        }
    }

    /** Builds it; what it refuses is bad usage. */
    private static Discovery build(Discovery.Builder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException refused) {
            throw new BadUsage(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** The service asked for. */
    Service service(Discovery discovery) {
        return service(discovery, name);
    }

    /** The service asked for, and others. */
    List<Service> services(Discovery discovery, List<String> others) {
        return Stream.concat(Stream.of(name), others.stream())
                .map(one -> service(discovery, one))
                .toList();
    }

    private static Service service(Discovery discovery, String name) {
        try {
            return discovery.service(name);
        } catch (IllegalArgumentException refused) {
            throw new BadUsage(String.valueOf(refused.getMessage()), refused);
        }
    }

    private Optional<Probe> probe() {
        return probe.map(text -> Options.read("--probe", text, "tcp, http:/PATH, https:/PATH or none", Probe::parse));
    }

    private static Tier tier(String text) {
        try {
            return Tier.parse(text);
        } catch (IllegalArgumentException refused) {
            String message = String.valueOf(refused.getMessage());
            throw new BadUsage((message.startsWith("tier") ? "--" : "--tier: ") + message, refused);
        }
    }

    /**
     * Read by slf4j-simple when the first logger is made; what was given with -D stays. Off unless wanted: what there is to
     * say, text and JSON say.
     */
    static void startLogging(boolean verbose) {
        Map<String, String> wanted = Map.of(
                "defaultLogLevel",
                verbose ? "warn" : "off",
                "log.io.clusterset",
                verbose ? "debug" : "off",
                "showThreadName",
                "false",
                "showShortLogName",
                "true");
        wanted.forEach((key, value) -> {
            String property = "org.slf4j.simpleLogger." + key;
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        });
    }
}
