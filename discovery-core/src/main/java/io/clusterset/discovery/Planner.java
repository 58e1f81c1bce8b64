package io.clusterset.discovery;

import io.clusterset.discovery.balance.BalanceOptions;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.OwnLookup;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Here;
import io.clusterset.discovery.topology.Places;
import io.clusterset.discovery.topology.Topology;
import io.clusterset.discovery.topology.TopologyOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Makes plans: what the application says, else settings, else surroundings, else the documented default. Used by one thread at a
 * time.
 */
final class Planner {

    private static final int HTTP_PORT = 80;
    private static final String CLUSTER_DOMAIN = "cluster.local";
    private static final String CLUSTERSET_DOMAIN = "clusterset.local";
    private static final String DETECTED = "detected";
    private static final String SWITCHED_OFF = "Discovery.enabled(false)";

    private final Said said;
    private final Surroundings seen;
    private final String someName;
    private final List<String> noticed = new ArrayList<>();

    /**
     * With what does not change.
     *
     * @param someName what this process is called, where that decides which part of a tier it keeps to, if nobody says it
     */
    Planner(Said said, Surroundings seen, String someName) {
        this.said = said;
        this.seen = seen;
        this.someName = someName;
    }

    /** What was odd with the surroundings when the first plan was made, and could not be refused. */
    List<String> noticed() {
        return List.copyOf(noticed);
    }

    /** The first plan. */
    Plan plan(Settings settings) {
        return plan(settings, Optional.empty(), false);
    }

    /**
     * The plan that takes another's place.
     *
     * @param switchedOff whether the application has switched the library off meanwhile
     * @throws IllegalArgumentException if something is malformed, out of range or contradicts something else; the text names key,
     *     value, origin and what was expected
     */
    Plan plan(Settings settings, Plan before, boolean switchedOff) {
        return plan(settings, Optional.of(before), switchedOff);
    }

    private Plan plan(Settings settings, Optional<Plan> before, boolean switchedOff) {
        Map<Setting, Provenance> told = new EnumMap<>(Setting.class);
        boolean enabled = enabled(settings, switchedOff, told);
        settings.text(Setting.CONFIG).ifPresent(file -> tell(Setting.CONFIG, Settings.written(file), settings, told));
        Optional<String> namespace =
                said(Setting.NAMESPACE, said.namespace(), settings, ServiceName::label, seen.namespace(), told, "");
        Plan.Domains domains = domains(settings, told);
        KubernetesOptions kubernetes = group(OptionGroups.KUBERNETES, settings, said.kubernetes(), told);
        UnaryOperator<List<Tier>> watched = tiers -> watched(tiers, domains, kubernetes);
        List<Tier> tiers = watched.apply(tiers(settings, domains, told));
        int port = said(
                        Setting.DEFAULT_PORT,
                        said.defaultPort(),
                        settings,
                        Settings::parsePort,
                        Optional.empty(),
                        told,
                        String.valueOf(HTTP_PORT))
                .orElse(HTTP_PORT);
        Naming plain = naming(settings, tiers, namespace);
        Map<String, List<Provenance>> ofServices = new TreeMap<>();
        Map<String, ServiceOptions> services = services(settings, plain, ofServices);
        Map<String, OwnLookup> lookups = new HashMap<>();
        services.forEach((name, options) -> lookups.put(name, options.lookup().withTiers(watched)));
        Naming naming = new Naming(tiers, namespace, lookups);

        TopologyOptions topology = group(OptionGroups.TOPOLOGY, settings, said.topology(), told);
        BalanceOptions balance = group(OptionGroups.BALANCE, settings, said.balance(), told);
        Here here = before.map(Plan::here)
                .orElseGet(() -> topology.here(topology.labelsFile()
                        .map(file -> Surroundings.labels(file, noticed::add))
                        .orElse(seen.labels())));
        Places places = before.filter(old -> old.topology().places().equals(topology.places()))
                .map(Plan::places)
                .orElseGet(() -> new Places(here, topology.places()));
        detected(Setting.TOPOLOGY_REGION, here.locality().region(), told);
        detected(Setting.TOPOLOGY_ZONE, here.locality().zone(), told);
        detected(Setting.TOPOLOGY_NODE, here.locality().node(), told);
        return new Plan(
                settings,
                enabled,
                naming,
                port,
                group(OptionGroups.NAMES, settings, said.names(), told),
                group(OptionGroups.DNS, settings, said.dns(), told),
                domains,
                kubernetes,
                group(OptionGroups.CACHE, settings, said.cache(), told),
                group(OptionGroups.HEALTH, settings, said.health(), told),
                group(OptionGroups.FAILOVER, settings, said.failover(), told),
                group(OptionGroups.BUDGET, settings, said.budget(), told),
                topology,
                balance,
                here,
                places,
                balance.subset(() -> someName),
                services,
                List.copyOf(told.values()),
                ofServices);
    }

    /** The same plan, switched off or on; nothing else is read, and none of the application's functions called. */
    Plan switched(Plan plan, Settings settings, boolean switchedOff) {
        Map<Setting, Provenance> told = new EnumMap<>(Setting.class);
        plan.provenance().forEach(one -> tell(one, told));
        return plan.switched(settings, enabled(settings, switchedOff, told), List.copyOf(told.values()));
    }

    /** Whoever says no has his way: it is there for the case of need. */
    private boolean enabled(Settings settings, boolean switchedOff, Map<Setting, Provenance> told) {
        boolean set = settings.read(Setting.ENABLED, Settings::parseFlag).orElse(true);
        boolean application = !switchedOff && said.enabled();
        String origin = set && !application
                ? switchedOff ? SWITCHED_OFF : Provenance.BUILDER
                : settings.origin(Setting.ENABLED).orElse(Provenance.DEFAULT);
        told.put(
                Setting.ENABLED,
                new Provenance(Setting.ENABLED.property(), String.valueOf(set && application), origin));
        return set && application;
    }

    private static <B, O> O group(
            OptionGroup<B, O> group, Settings settings, UnaryOperator<B> application, Map<Setting, Provenance> told) {
        return group.plan(settings, application, provenance -> tell(provenance, told));
    }

    private static void tell(Provenance provenance, Map<Setting, Provenance> told) {
        Setting.of(provenance.key()).ifPresent(setting -> told.put(setting, provenance));
    }

    private static void tell(Setting setting, String value, Settings settings, Map<Setting, Provenance> told) {
        String origin = settings.origin(setting).orElse(Provenance.DEFAULT);
        told.put(setting, new Provenance(setting.property(), value, origin));
    }

    /** One that belongs to no group: the application's, else the settings', else what was detected. */
    private <T> Optional<T> said(
            Setting setting,
            Optional<T> application,
            Settings settings,
            Function<String, T> read,
            Optional<T> detected,
            Map<Setting, Provenance> told,
            String byDefault) {
        Optional<T> set = settings.read(setting, read);
        String origin = application.isPresent()
                ? Provenance.BUILDER
                : settings.origin(setting).orElse(detected.isPresent() ? foundIn(setting) : Provenance.DEFAULT);
        Optional<T> value = application.or(() -> set).or(() -> detected);
        told.put(
                setting,
                new Provenance(setting.property(), value.map(OptionGroup::show).orElse(byDefault), origin));
        return value;
    }

    private String foundIn(Setting setting) {
        String place = seen.origins().get(setting.property());
        return place == null ? "detected" : "detected in " + place;
    }

    /** What nobody said, and labels of the pod do. */
    private static void detected(Setting setting, String value, Map<Setting, Provenance> told) {
        told.computeIfPresent(
                setting,
                (same, before) -> before.value().isEmpty() && !value.isEmpty()
                        ? new Provenance(setting.property(), Settings.written(value), DETECTED)
                        : before);
    }

    /** With the discovery's tiers alone. */
    private Naming naming(Settings settings, List<Tier> tiers, Optional<String> namespace) {
        try {
            Naming naming = new Naming(tiers, namespace);
            checkTwins(tiers);
            return naming;
        } catch (IllegalArgumentException refused) {
            throw settings.refused(
                    refused, Setting.NAMESPACE, Setting.TIERS, Setting.CLUSTER_DOMAIN, Setting.CLUSTERSET_DOMAIN);
        }
    }

    /** The API answers for the names of this cluster and of its set; what the application has a source for is its own. */
    private List<Tier> watched(List<Tier> tiers, Plan.Domains domains, KubernetesOptions kubernetes) {
        if (kubernetes.watch() == KubernetesOptions.Scope.OFF) {
            return tiers;
        }
        return tiers.stream()
                .map(tier ->
                        domains.has(tier.domain()) && !said.answered().contains(tier.place()) ? tier.watched() : tier)
                .toList();
    }

    private Plan.Domains domains(Settings settings, Map<Setting, Provenance> told) {
        String set = said(
                        Setting.CLUSTERSET_DOMAIN,
                        said.clustersetDomain(),
                        settings,
                        ServiceName::domain,
                        Optional.empty(),
                        told,
                        CLUSTERSET_DOMAIN)
                .orElse(CLUSTERSET_DOMAIN);
        String home = said(
                        Setting.CLUSTER_DOMAIN,
                        said.clusterDomain(),
                        settings,
                        ServiceName::domain,
                        seen.clusterDomain(set),
                        told,
                        CLUSTER_DOMAIN)
                .orElse(CLUSTER_DOMAIN);
        return new Plan.Domains(home, set);
    }

    private List<Tier> tiers(Settings settings, Plan.Domains domains, Map<Setting, Provenance> told) {
        List<Tier> usual = List.of(Tier.of("local", domains.cluster()), Tier.of("clusterset", domains.clusterset()));
        boolean domainsSaid =
                said.clusterDomain().isPresent() || said.clustersetDomain().isPresent();
        Optional<List<Tier>> configured =
                settings.read(Setting.TIERS, text -> Settings.parseSome(text, ';', Tier::parse));
        if (!said.tiers().isEmpty() || (domainsSaid && configured.isPresent())) {
            List<Tier> tiers = said.tiers().isEmpty() ? usual : said.tiers();
            told.put(
                    Setting.TIERS,
                    new Provenance(Setting.TIERS.property(), OptionGroup.show(tiers), Provenance.BUILDER));
            return tiers;
        }
        List<Tier> tiers = configured.orElse(usual);
        tell(Setting.TIERS, OptionGroup.show(tiers), settings, told);
        return tiers;
    }

    private Map<String, ServiceOptions> services(Settings settings, Naming plain, Map<String, List<Provenance>> told) {
        Map<String, ServiceOptions> options = new TreeMap<>();
        Map<String, String> spelled = new HashMap<>();
        for (String key : settings.services()) {
            ServiceOptions.Builder configured = configured(settings, key, plain);
            try {
                String service = service(key, plain);
                if (options.put(service, checked(key, service, configured, plain)) != null) {
                    throw new IllegalArgumentException(
                            named(key) + ": said before in another spelling (expected: one for one service)");
                }
                spelled.put(service, key);
                told.put(service, settings.of(key));
            } catch (IllegalArgumentException refused) {
                throw settings.refused(refused, key);
            }
        }
        said.services().forEach((key, change) -> {
            String service = service(key, plain);
            String spelling = spelled.getOrDefault(service, service);
            ServiceOptions base =
                    options.getOrDefault(service, ServiceOptions.builder().build());
            ServiceOptions.Builder changed = change.apply(base.toBuilder());
            try {
                ServiceOptions planned = checked(key, service, changed, plain);
                options.put(service, planned);
                told.put(service, told(settings, spelling, base, planned));
            } catch (IllegalArgumentException refused) {
                throw settings.refused(refused, spelling);
            }
        });
        return options;
    }

    /** What holds for a service of which the application said something. */
    private static List<Provenance> told(
            Settings settings, String service, ServiceOptions set, ServiceOptions planned) {
        List<Provenance> told = new ArrayList<>();
        for (ServiceSetting setting : ServiceSetting.values()) {
            Object value = value(setting, planned);
            if (value.equals(value(setting, set))) {
                settings.provenance(service, setting).ifPresent(told::add);
            } else {
                told.add(new Provenance(setting.property(service), OptionGroup.show(value), Provenance.BUILDER));
            }
        }
        return told;
    }

    private static Object value(ServiceSetting setting, ServiceOptions options) {
        return switch (setting) {
            case TIERS -> options.lookup().tiers();
            case PORT ->
                options.lookup().port() instanceof Port.Unspecified
                        ? ""
                        : options.lookup().port();
            case NAME -> options.lookup().name();
            case STATIC -> options.lookup().staticList();
            case PROBE -> options.probe();
            case TOPOLOGY -> options.topology();
            case BALANCER -> options.balancer();
        };
    }

    private static ServiceOptions.Builder configured(Settings settings, String key, Naming plain) {
        ServiceOptions.Builder base = ServiceOptions.builder();
        settings.tiers(key, plain.tiers()).ifPresent(base::tiers);
        settings.read(key, ServiceSetting.PORT, Port::parse).ifPresent(port -> base.port(port.toString()));
        settings.read(key, ServiceSetting.NAME, plain::plain).ifPresent(other -> base.name(other.base()));
        settings.read(key, ServiceSetting.STATIC, text -> Settings.parseSome(text, ',', Endpoint::parse))
                .ifPresent(base::staticList);
        settings.read(key, ServiceSetting.PROBE, Probe::parse).ifPresent(base::probe);
        settings.read(key, ServiceSetting.TOPOLOGY, Topology::parse).ifPresent(base::topology);
        settings.read(key, ServiceSetting.BALANCER, Balancer::parse).ifPresent(base::balancer);
        return base;
    }

    private ServiceOptions checked(String key, String service, ServiceOptions.Builder builder, Naming plain) {
        ServiceOptions options = built(key, builder);
        Naming alone = new Naming(plain.tiers(), plain.namespace(), Map.of(service, options.lookup()));
        alone.tierLists().stream().skip(1).forEach(own -> {
            try {
                checkTwins(own);
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException(named(key) + "." + refused.getMessage(), refused);
            }
        });
        return options;
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

    /** Two tiers that ask the same servers for the same names are one, and failing over between them is none. */
    private void checkTwins(List<Tier> all) {
        ServiceName sample = ServiceName.of("s", "n");
        Map<Question, Tier> asked = new HashMap<>();
        for (Tier tier : all) {
            Question question = tier.place().question(sample).orElseThrow();
            Question anonymous = new Question("", question.name(), "", Optional.empty(), tier.nameservers());
            Tier twin = said.answered().contains(tier.place()) ? null : asked.put(anonymous, tier);
            if (twin != null) {
                throw new IllegalArgumentException("tiers: " + twin.name() + " and " + tier.name()
                        + " ask for the same names"
                        + (tier.domain().isEmpty() ? "" : " under " + tier.domain())
                        + " (expected: another domain, template or nameservers)");
            }
        }
    }
}
