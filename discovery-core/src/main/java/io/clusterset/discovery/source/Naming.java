package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.ServiceName.Scope;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Tier.AnsweredBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the names people write, against the tiers there are. No search path and no ndots: a name means the same everywhere
 * (decision 0003). Immutable.
 *
 * <pre>
 *  orders                                       all tiers, own namespace
 *  orders.shop, orders.shop.svc                 all tiers
 *  orders.shop.svc.cluster.local                all tiers: the home domain written out gains failover
 *  orders.shop.svc.clusterset.local             that tier only
 *  pod.orders.shop.svc.cluster.local            that name in that tier only, as any other under a tier's domain
 *  pod.c1.orders.shop.svc.clusterset.local      the same: a pod of cluster c1
 *  orders.shop.svc.cluster.local.               exactly that name
 *  payments-dr.example.com                      a tier's fixed name: that tier only
 *  _http._tcp.orders.shop, orders.shop:http     the port named http
 *  orders.shop:8080                             the port 8080; either may follow any form that has no port yet
 *  kubernetes.default, x.kube-system            home only
 * </pre>
 *
 * <p>Where domains nest ({@code cluster.local}, {@code set.cluster.local}), a name belongs to the closest. Everything else is
 * refused: {@code localhost}, addresses, names under other domains. A service may have tiers, a port and a name of its own
 * ({@link OwnLookup}); whichever way its name is written, they hold.
 */
public final class Naming {

    private static final String NAMESPACE_ADVICE = "no namespace (expected %s.NAMESPACE, or set discovery.namespace)";
    private static final String SERVICES = "svc";
    private static final String STATIC = "static";

    /** What a name's last label may not be, or some resolvers take it for an IPv4 address: {@code 10}, {@code 0x7f.1}. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]*|0x[0-9a-f]*");

    private final List<Tier> tiers;
    private final Optional<String> namespace;
    private final Map<String, Own> services;

    /**
     * With the tiers in order and the namespace of names that don't say one, if known.
     *
     * @throws IllegalArgumentException if there is no tier, two have one name, or the namespace is malformed
     */
    public Naming(List<Tier> tiers, Optional<String> namespace) {
        this(tiers, namespace, Map.of());
    }

    /**
     * With options for some services.
     *
     * @param services keyed by {@code SERVICE.NAMESPACE}, or {@code SERVICE} in the own namespace
     * @throws IllegalArgumentException as {@link #Naming(List, Optional)}, or if a key or a name in the options is no
     *     service's, two keys are one service, or two of its tiers have one name; the text names the key
     */
    public Naming(List<Tier> tiers, Optional<String> namespace, Map<String, OwnLookup> services) {
        this.tiers = List.copyOf(tiers);
        this.namespace = namespace.map(ServiceName::label);
        requireNamesThatDiffer(this.tiers);
        this.services = services.isEmpty() ? Map.of() : new Naming(tiers, namespace).read(services);
    }

    private Map<String, Own> read(Map<String, OwnLookup> options) {
        Map<String, Own> read = new LinkedHashMap<>();
        new TreeMap<>(options).forEach((key, said) -> {
            try {
                if (read.put(plain(key).base(), own(said)) != null) {
                    throw new IllegalArgumentException("said twice (expected: one key for one service)");
                }
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException(
                        "discovery.services[" + Text.safe(key) + "]: " + refused.getMessage(), refused);
            }
        });
        return read;
    }

    private Own own(OwnLookup options) {
        if (!options.staticList().isEmpty()) {
            return new Own(List.of(Tier.list(STATIC, options.staticList())), options.port());
        }
        List<Tier> places = options.tiers().isEmpty() ? tiers : options.tiers();
        requireNamesThatDiffer(places);
        Optional<ServiceName> instead = options.name().map(this::plain);
        return new Own(
                instead.map(other -> places.stream()
                                .map(tier -> tier.lookingUp(other))
                                .toList())
                        .orElse(places),
                options.port());
    }

    /**
     * Reads the key of a service's options.
     *
     * @return the service in all tiers, without a port
     * @throws IllegalArgumentException unless it is {@code SERVICE.NAMESPACE}, or {@code SERVICE} and the own namespace is known
     */
    public ServiceName plain(String key) {
        String[] labels = ServiceName.name(key).split("\\.");
        if (labels.length > 2) {
            throw new IllegalArgumentException(Text.quote(key) + " (expected: SERVICE.NAMESPACE)");
        }
        return ServiceName.of(labels[0], labels.length == 2 ? labels[1] : ownNamespace(labels[0]));
    }

    /**
     * Whether a name is one of ours, where it might as well be any host's, as in a URL: what an adapter needs to know before it asks
     * for more. Never throws.
     */
    public Claim claim(String host) {
        boolean rooted = host.endsWith(".");
        String name = (rooted ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        String[] labels = name.split("\\.", -1);
        String last = labels[labels.length - 1];
        boolean address = name.indexOf(':') >= 0 || NUMBER.matcher(last).matches();
        if (address || last.equals("localhost")) {
            return Claim.NONE;
        }
        boolean written = !rooted && labels.length == 3 && last.equals(SERVICES);
        if (written || tierLists().stream().flatMap(List::stream).anyMatch(tier -> tier.owns(name))) {
            return Claim.CERTAIN;
        }
        return !rooted && labels.length <= 2 ? Claim.POSSIBLE : Claim.NONE;
    }

    /**
     * Whether an answer would tell that there is such a service. A tier of one fixed name has endpoints whatever is asked for, so
     * with one nobody can tell, unless the options of the service say that it is one.
     *
     * @throws IllegalArgumentException if no tier looks the name up
     */
    public boolean isToldApart(ServiceName name) {
        return services.containsKey(name.service() + "." + name.namespace())
                || tiers(name).stream().noneMatch(Tier::isFixed);
    }

    private static void requireNamesThatDiffer(List<Tier> tiers) {
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("tiers: none (expected: at least one)");
        }
        if (tiers.stream().map(Tier::name).distinct().count() != tiers.size()) {
            String names = tiers.stream().map(Tier::name).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("tiers: " + names + " (expected: names that differ)");
        }
    }

    /** The namespace of names that don't say one, if known. */
    public Optional<String> namespace() {
        return namespace;
    }

    /** The tiers of a service that has none of its own, in order; the first is home. */
    public List<Tier> tiers() {
        return tiers;
    }

    /** The lists of tiers there are: that of all services, then those of single ones. */
    public List<List<Tier>> tierLists() {
        return Stream.concat(Stream.of(tiers), services.values().stream().map(Own::tiers))
                .toList();
    }

    /**
     * The tiers that look a name up, in order. A tier in which the name would be too long has no such name, and is left out.
     *
     * @throws IllegalArgumentException if there is none
     */
    public List<Tier> tiers(ServiceName name) {
        List<Tier> able = new ArrayList<>();
        String why = "";
        for (Tier tier : candidates(name)) {
            try {
                if (tier.question(name).isPresent()) {
                    able.add(tier);
                }
            } catch (IllegalArgumentException tooLong) {
                why = ": " + tooLong.getMessage();
            }
        }
        if (able.isEmpty()) {
            throw new IllegalArgumentException(name + ": no tier looks it up" + why);
        }
        return able;
    }

    private List<Tier> candidates(ServiceName name) {
        if (name.scope() instanceof Scope.Exactly exactly) {
            return place(name.service().split("\\."))
                    .map(Place::tier)
                    .filter(tier -> tier.name().equals(exactly.tier()))
                    .map(List::of)
                    .orElse(tiers);
        }
        return tiersOf(name.service(), name.namespace());
    }

    private List<Tier> tiersOf(String service, String inNamespace) {
        Own own = services.get(service + "." + inNamespace);
        return own == null ? tiers : own.tiers();
    }

    /** The name with its service's own port, unless it says one. */
    public ServiceName withOwnPort(ServiceName name) {
        if (services.isEmpty() || !(name.port() instanceof Port.Unspecified)) {
            return name;
        }
        Own own = services.get(name.service() + "." + name.namespace());
        return own == null ? name : name.withPort(own.port());
    }

    /**
     * Reads a name with an optional {@code :port}.
     *
     * @throws IllegalArgumentException if a label or the port is malformed, the name has no namespace and none is known, or
     *     it is not a name of ours; the text names the value and what was expected
     */
    public ServiceName parse(String text) {
        if (text.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    Text.quote(text) + " (expected: a name such as orders.shop:80, not a URL)");
        }
        int colon = text.lastIndexOf(':');
        if (colon != text.indexOf(':')) {
            throw notOurs(text); // an IPv6 address, most likely
        }
        String name = colon < 0 ? text : text.substring(0, colon);
        Port port = colon < 0 ? Port.unspecified() : Port.parse(text.substring(colon + 1));
        if (name.startsWith("_")) {
            String[] labels = name.split("\\.", 3);
            if (colon >= 0 || labels.length < 3 || !labels[1].matches("(?i)_(tcp|udp)") || labels[2].startsWith("_")) {
                throw new IllegalArgumentException(Text.quote(text)
                        + " (expected: _PORT._tcp.SERVICE.NAMESPACE, RFC 2782, or SERVICE.NAMESPACE:PORT)");
            }
            port = new Port.Named(
                    labels[0].substring(1),
                    Port.Protocol.valueOf(labels[1].substring(1).toUpperCase(Locale.ROOT)));
            name = labels[2];
        }
        return parse(name, port, text);
    }

    private ServiceName parse(String name, Port port, String text) {
        boolean rooted = name.endsWith(".");
        String bare = rooted ? name.substring(0, name.length() - 1) : name;
        String[] labels = labels(bare, text);
        if (!rooted && labels.length == 1) {
            return anywhere(labels[0], ownNamespace(labels[0]), port);
        }
        if (!rooted && (labels.length == 2 || (labels.length == 3 && labels[2].equals(SERVICES)))) {
            return anywhere(labels[0], labels[1], port);
        }
        Place place = place(labels).orElseThrow(() -> notOurs(text));
        if (!rooted && place.lacksService()) {
            throw new IllegalArgumentException(Text.quote(text) + ": no service in it (expected: SERVICE.NAMESPACE.svc."
                    + place.tier().domain() + ")");
        }
        if (rooted || place.svc() != 2 || !place.tier().isStandard()) {
            String exact = String.join(".", labels);
            return new ServiceName(
                    exact, "", port, new Scope.Exactly(place.tier().name()));
        }
        return written(labels, place.tier(), port, text);
    }

    /** A service with a standard tier's domain written out: home's means all tiers, another's that tier. */
    private ServiceName written(String[] labels, Tier tier, Port port, String text) {
        List<Tier> own = tiersOf(labels[0], labels[1]);
        String domain = tier.domain();
        boolean home =
                domain.equals(home(tiers).domain()) || domain.equals(home(own).domain());
        if (home || own.get(0).answeredBy() == AnsweredBy.LIST) {
            return anywhere(labels[0], labels[1], port);
        }
        if (own.stream().noneMatch(tier::equals)) {
            String names = own.stream().map(Tier::name).collect(Collectors.joining(", "));
            throw new IllegalArgumentException(Text.quote(text) + ": this service has tiers of its own (" + names
                    + "), none of them in " + domain + " (expected: " + labels[0] + "." + labels[1] + ")");
        }
        return new ServiceName(labels[0], labels[1], port, new Scope.OneTier(tier.name(), domain));
    }

    /** The cluster's own API and system services are this cluster's: another one's would be a wrong answer. */
    private ServiceName anywhere(String service, String inNamespace, Port port) {
        boolean system =
                inNamespace.equals("kube-system") || (service.equals("kubernetes") && inNamespace.equals("default"));
        Tier home = home(tiersOf(service, inNamespace));
        Scope scope = system ? new Scope.OneTier(home.name(), home.domain()) : Scope.AllTiers.ONLY;
        return new ServiceName(service, inNamespace, port, scope);
    }

    /** The first tier of those with names in DNS: the environment's variables belong to the same cluster, and hold little. */
    private static Tier home(List<Tier> tiers) {
        return tiers.stream().filter(Tier::isNamed).findFirst().orElse(tiers.get(0));
    }

    /** Where a written-out name lies: the closest domain of its service's tiers, else of all services'. */
    private Optional<Place> place(String[] labels) {
        for (int svc = 0; svc < labels.length - 1; svc++) {
            if (labels[svc].equals(SERVICES)) {
                String domain = String.join(".", Arrays.asList(labels).subList(svc + 1, labels.length));
                List<Tier> own = svc < 2 ? tiers : tiersOf(labels[svc - 2], labels[svc - 1]);
                Optional<Tier> tier = in(Stream.concat(own.stream(), tiers.stream()), domain);
                if (tier.isPresent()) {
                    return Optional.of(new Place(tier.get(), svc));
                }
            }
        }
        String name = String.join(".", labels);
        return tiers.stream()
                .filter(tier -> tier.owns(name))
                .max(Comparator.comparingInt(tier -> tier.domain().length())) // of equals the first
                .map(tier -> new Place(tier, -1));
    }

    /** The tier whose services have names under this domain; a standard one if there is one, for it says whose they are. */
    private static Optional<Tier> in(Stream<Tier> tiers, String domain) {
        return tiers.filter(tier -> tier.hasZone() && tier.domain().equals(domain))
                .max(Comparator.comparing(Tier::isStandard)); // of equals the first
    }

    private String ownNamespace(String service) {
        if (service.equals("localhost")) {
            throw notOurs(service);
        }
        return namespace.orElseThrow(
                () -> new IllegalArgumentException(service + ": " + String.format(NAMESPACE_ADVICE, service)));
    }

    private static String[] labels(String bare, String text) {
        try {
            return ServiceName.name(bare).split("\\.");
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    (bare.equals(text) ? "" : Text.quote(text) + ": ") + malformed.getMessage(), malformed);
        }
    }

    private IllegalArgumentException notOurs(String text) {
        String zones = tiers.stream()
                .filter(Tier::hasZone)
                .map(Tier::domain)
                .distinct()
                .collect(Collectors.joining(" or "));
        return new IllegalArgumentException(
                Text.quote(text) + ": not a name of ours (expected: SERVICE, SERVICE.NAMESPACE, SERVICE.NAMESPACE.svc"
                        + (zones.isEmpty() ? ")" : ", or a name under " + zones + ")"));
    }

    /** How sure it is that a name is one of ours. */
    public enum Claim {
        /** It is written {@code SERVICE.NAMESPACE.svc}, lies under a domain of ours, or is a tier's fixed name. */
        CERTAIN,
        /** It has one or two labels: ours, if a tier knows it. */
        POSSIBLE,
        /** An address, {@code localhost}, or three or more labels of another kind. */
        NONE
    }

    /** One service's tiers, which look up what it is to be looked up as, and the port of a caller who says none. */
    private record Own(List<Tier> tiers, Port port) {}

    /**
     * Where a written-out name lies.
     *
     * @param svc the index of the label {@code svc} in front of the tier's domain; -1 if there is none
     */
    private record Place(Tier tier, int svc) {
        boolean lacksService() {
            return svc == 0 || svc == 1;
        }
    }
}
