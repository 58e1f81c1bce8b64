package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.ServiceName.Scope;
import io.clusterset.discovery.model.Text;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the names people write, against the tiers there are. No search path and no ndots: a name means the same everywhere
 * (decision 0003). Immutable.
 *
 * <pre>
 *  orders                              all tiers, own namespace
 *  orders.shop, orders.shop.svc        all tiers
 *  orders.shop.svc.cluster.local       all tiers: the home domain written out gains failover
 *  orders.shop.svc.clusterset.local    that tier only
 *  pod.orders.shop.svc.cluster.local   that name in that tier only
 *  orders.shop.svc.cluster.local.      exactly that name
 *  _http._tcp.orders.shop              the port named http, as orders.shop:http
 *  kubernetes.default, x.kube-system   home only
 * </pre>
 */
public final class Naming {

    private static final String NAMESPACE_ADVICE = "no namespace (expected %s.NAMESPACE, or set discovery.namespace)";

    private final List<Tier> tiers;
    private final Optional<String> namespace;

    /**
     * With the tiers in order and the namespace of names that don't say one, if known.
     *
     * @throws IllegalArgumentException if there is no tier, two have one name, or the namespace is malformed
     */
    public Naming(List<Tier> tiers, Optional<String> namespace) {
        this.tiers = List.copyOf(tiers);
        this.namespace = namespace.map(ServiceName::label);
        if (this.tiers.isEmpty()) {
            throw new IllegalArgumentException("tiers: none (expected: at least one)");
        }
        long names = this.tiers.stream().map(Tier::name).distinct().count();
        if (names != this.tiers.size()) {
            throw new IllegalArgumentException("tiers: " + tierNames() + " (expected: names that differ)");
        }
    }

    /** The tiers, in order; the first is home. */
    public List<Tier> tiers() {
        return tiers;
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
        String name = colon < 0 ? text : text.substring(0, colon);
        Port port = colon < 0 ? Port.unspecified() : Port.parse(text.substring(colon + 1));
        if (name.startsWith("_")) {
            String[] labels = name.split("\\.", 3);
            if (labels.length < 3 || !labels[1].matches("(?i)_(tcp|udp)") || labels[0].length() < 2) {
                throw new IllegalArgumentException(
                        Text.quote(text) + " (expected: _PORT._tcp.SERVICE.NAMESPACE, RFC 2782)");
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
        String bare = ServiceName.name(rooted ? name.substring(0, name.length() - 1) : name);
        if (rooted) {
            Tier owner = owner(bare).orElseThrow(() -> notOurs(text));
            return new ServiceName(bare, "", port, new Scope.Exactly(owner.name()));
        }
        String[] labels = bare.split("\\.");
        if (labels.length == 1) {
            String own = namespace.orElseThrow(
                    () -> new IllegalArgumentException(bare + ": " + String.format(NAMESPACE_ADVICE, bare)));
            return anywhere(labels[0], own, port);
        }
        if (labels.length == 2 || (labels.length == 3 && labels[2].equals("svc"))) {
            return anywhere(labels[0], labels[1], port);
        }
        Tier owner = owner(bare).orElseThrow(() -> notOurs(text));
        String front =
                bare.substring(0, Math.max(0, bare.length() - owner.domain().length() - 1));
        String[] parts = front.split("\\.");
        boolean service = parts.length == 3 && parts[2].equals("svc");
        if (!service || !owner.isStandard()) {
            return new ServiceName(bare, "", port, new Scope.Exactly(owner.name()));
        }
        return owner.equals(tiers.get(0))
                ? anywhere(parts[0], parts[1], port)
                : new ServiceName(parts[0], parts[1], port, new Scope.OneTier(owner.name(), owner.domain()));
    }

    /** The cluster's own API and system services are this cluster's: another one's would be a wrong answer. */
    private ServiceName anywhere(String service, String inNamespace, Port port) {
        boolean system =
                inNamespace.equals("kube-system") || (service.equals("kubernetes") && inNamespace.equals("default"));
        Scope scope =
                system ? new Scope.OneTier(tiers.get(0).name(), tiers.get(0).domain()) : new Scope.AllTiers();
        return new ServiceName(service, inNamespace, port, scope);
    }

    private Optional<Tier> owner(String name) {
        return tiers.stream()
                .filter(tier -> name.endsWith("." + tier.domain()))
                .max(Comparator.comparingInt(tier -> tier.domain().length())); // the closest zone; of equals the first
    }

    private IllegalArgumentException notOurs(String text) {
        String zones = tiers.stream().map(Tier::domain).distinct().collect(Collectors.joining(" or "));
        return new IllegalArgumentException(Text.quote(text)
                + ": not a name of ours (expected: SERVICE, SERVICE.NAMESPACE, SERVICE.NAMESPACE.svc, or a name under "
                + zones + ")");
    }

    private String tierNames() {
        return tiers.stream().map(Tier::name).collect(Collectors.joining(", "));
    }
}
