package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.ServiceName.Scope;
import io.clusterset.discovery.model.Text;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * One place to look: a name template, a domain, and optionally a port and nameservers of its own; or the environment
 * variables; or a list. Immutable.
 *
 * <p>The template may hold {@code {service}}, {@code {namespace}} and {@code {domain}}, for which {@code {clusterDomain}} is
 * another word; a load balancer's fixed name holds none of them.
 *
 * <pre>
 *  local={service}.{namespace}.svc.{domain}@cluster.local                 as {@link #of(String, String)}
 *  karmada=derived-{service}.{namespace}.svc.{clusterDomain}@cluster.local
 *  dr=payments-dr.example.com@example.com:443,dns=10.9.0.10,dns=fd00::10  own port, own nameservers
 *  clusterset={service}.{namespace}.svc.{domain}@clusterset.local,min-endpoints=3,max-load=50
 *  env=environment                                                        as {@link #environment}
 * </pre>
 */
public final class Tier {

    /** The name form of both standard zones (Kubernetes DNS schema 1.1.0, KEP-1645). */
    public static final String STANDARD_TEMPLATE = "{service}.{namespace}.svc.{domain}";

    private static final String ENVIRONMENT = "environment";

    private final String name;
    private final AnsweredBy answeredBy;
    private final String template;
    private final String domain;
    private final OptionalInt port;
    private final List<InetSocketAddress> nameservers;
    private final List<Endpoint> endpoints;
    private final Optional<ServiceName> instead;
    private final Size size;

    private Tier(
            String name,
            AnsweredBy answeredBy,
            String template,
            String domain,
            OptionalInt port,
            List<InetSocketAddress> nameservers,
            List<Endpoint> endpoints,
            Optional<ServiceName> instead,
            Size size) {
        this.name = name;
        this.answeredBy = answeredBy;
        this.template = template;
        this.domain = domain;
        this.port = port;
        this.nameservers = nameservers;
        this.endpoints = endpoints;
        this.instead = instead;
        this.size = size;
    }

    private static Tier plain(
            String name, AnsweredBy answeredBy, String template, String domain, List<Endpoint> endpoints) {
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("tier: " + Text.quote(name)
                    + " (expected: a name of lower-case letters, digits and inner hyphens, such as local)");
        }
        return new Tier(
                name,
                answeredBy,
                template,
                domain,
                OptionalInt.empty(),
                List.of(),
                endpoints,
                Optional.empty(),
                Size.UNKNOWN);
    }

    /**
     * A tier with the standard template.
     *
     * @param name what it is called in logs, metrics and JSON, such as {@code local}
     * @param domain its zone, such as {@code cluster.local}
     * @throws IllegalArgumentException if either is malformed
     */
    public static Tier of(String name, String domain) {
        return of(name, STANDARD_TEMPLATE, domain);
    }

    /**
     * A tier with its own template.
     *
     * @throws IllegalArgumentException if the name, the template or the domain is malformed, or a name made from the
     *     template would lie outside the domain
     */
    public static Tier of(String name, String template, String domain) {
        Tier tier = plain(name, AnsweredBy.DNS, stripDot(template), ServiceName.domain(domain), List.of());
        String sample = tier.expand("s", "n");
        if (sample.indexOf('{') >= 0 || sample.indexOf('}') >= 0) {
            throw new IllegalArgumentException("tier " + name + ": template " + Text.quote(template)
                    + " (expected: no placeholders but {service}, {namespace}, {domain} and {clusterDomain})");
        }
        if (!sample.equals(tier.domain) && !sample.endsWith("." + tier.domain)) {
            throw new IllegalArgumentException("tier " + name + ": template " + Text.quote(template)
                    + " makes names outside its domain " + tier.domain);
        }
        try {
            ServiceName.name(sample);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("tier " + name + ": template: " + malformed.getMessage(), malformed);
        }
        return tier;
    }

    /**
     * A tier answered by the variables that Kubernetes sets in a container for each Service of its namespace ({@code
     * ORDERS_SERVICE_HOST}, see {@link EnvironmentSource}): no lookup at all, and no change until the container starts anew.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public static Tier environment(String name) {
        return plain(name, AnsweredBy.ENVIRONMENT, ENVIRONMENT, "", List.of());
    }

    /** A tier that is this list, whatever the name: fit for one service. */
    static Tier list(String name, List<Endpoint> endpoints) {
        String shown = endpoints.stream().map(Endpoint::authority).collect(Collectors.joining(","));
        return plain(name, AnsweredBy.LIST, shown, "", List.copyOf(endpoints));
    }

    /**
     * Reads {@code name=template@domain[:port][,dns=IP[:PORT]]...[,min-endpoints=N][,max-load=PERCENT]} or {@code name=environment}, the forms of the command's
     * {@code --tier}. A nameserver without a port is asked at port 53.
     *
     * @throws IllegalArgumentException if the text has another form or a part is malformed; the text names it
     */
    public static Tier parse(String text) {
        int equals = text.indexOf('=');
        int at = text.indexOf('@');
        if (equals >= 1 && text.substring(equals + 1).equals(ENVIRONMENT)) {
            return environment(text.substring(0, equals));
        }
        if (equals < 1 || at < equals + 2) {
            throw new IllegalArgumentException("tier: " + Text.quote(text)
                    + " (expected: name=template@domain[:port][,dns=IP[:PORT]], such as "
                    + "local={service}.{namespace}.svc.{domain}@cluster.local, or name=environment)");
        }
        String[] parts = text.substring(at + 1).split(",", -1);
        int colon = parts[0].lastIndexOf(':');
        Tier tier = of(
                text.substring(0, equals),
                text.substring(equals + 1, at),
                colon < 0 ? parts[0] : parts[0].substring(0, colon));
        if (colon >= 0) {
            if (!(Port.parse(parts[0].substring(colon + 1)) instanceof Port.Number number)) {
                throw new IllegalArgumentException(
                        "tier " + tier.name + ": port " + Text.quote(parts[0].substring(colon + 1))
                                + " (expected: a number; a named port belongs to the service name)");
            }
            tier = tier.withPort(number.number());
        }
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            String value = parts[i].substring(parts[i].indexOf('=') + 1);
            if (parts[i].startsWith("dns=")) {
                servers.add(Addresses.nameserver(value));
            } else if (parts[i].startsWith("min-endpoints=")) {
                tier = tier.withMinEndpoints(number(tier, "min-endpoints", value));
            } else if (parts[i].startsWith("max-load=")) {
                tier = tier.withMaxLoad(number(tier, "max-load", value));
            } else {
                throw new IllegalArgumentException("tier " + tier.name + ": " + Text.quote(parts[i])
                        + " (expected: dns=IP[:PORT], min-endpoints=NUMBER or max-load=PERCENT)");
            }
        }
        return servers.isEmpty() ? tier : tier.withNameservers(servers);
    }

    private static int number(Tier tier, String what, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(
                    "tier " + tier.name + ": " + what + "=" + Text.safe(value) + " (expected: a number)", malformed);
        }
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** What answers for it, unless the application brings a source. */
    public AnsweredBy answeredBy() {
        return answeredBy;
    }

    /** The name template; {@code environment}, or the list, for a tier that is that. */
    public String template() {
        return template;
    }

    /** The zone its names lie in, lower case, without dots at the ends; empty if it is not DNS that answers. */
    public String domain() {
        return domain;
    }

    /** The port its endpoints have, whatever the caller asked for; empty to use the caller's. */
    public OptionalInt port() {
        return port;
    }

    /** The nameservers asked for it; empty to use the discovery's. */
    public List<InetSocketAddress> nameservers() {
        return nameservers;
    }

    /** The endpoints of a tier that is a list; else empty. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** The same tier whose endpoints have this port (1 to 65535). */
    public Tier withPort(int number) {
        OptionalInt own = OptionalInt.of(new Port.Number(number).number());
        return new Tier(name, answeredBy, template, domain, own, nameservers, endpoints, instead, size);
    }

    /** The same tier asked at these nameservers, in order. */
    public Tier withNameservers(List<InetSocketAddress> servers) {
        return new Tier(name, answeredBy, template, domain, port, List.copyOf(servers), endpoints, instead, size);
    }

    /** How many endpoints it should have: missing ones count as unhealthy. 0 if nobody said. */
    public int minEndpoints() {
        return size.minEndpoints;
    }

    /** The percent of a service's calls it may get at most; empty if it is not guarded. */
    public OptionalInt maxLoad() {
        return size.maxLoad == 0 ? OptionalInt.empty() : OptionalInt.of(size.maxLoad);
    }

    /**
     * The same tier that should have so many endpoints: missing ones count as unhealthy, so that traffic spills before those
     * left are overrun. DNS can't see that a service shrank; the Kubernetes API can. A tier without any endpoint is not
     * concerned.
     *
     * @throws IllegalArgumentException unless from 0 (nobody knows) to 10,000
     */
    public Tier withMinEndpoints(int number) {
        if (number < 0 || number > 10_000) {
            throw new IllegalArgumentException(
                    "tier " + name + ": min-endpoints=" + number + " (expected: 0 to 10000)");
        }
        Size own = new Size(number, size.maxLoad);
        return new Tier(name, answeredBy, template, domain, port, nameservers, endpoints, instead, own);
    }

    /**
     * The same tier with a capacity guard: it gets at most so many percent of a service's calls, retries included, and its
     * load rises by at most 20 points a second. What it may not take goes to tiers that are not guarded, as far as their
     * health goes; where there is none, calls fail at once with a {@link
     * io.clusterset.discovery.model.NoEndpointException} that says so. Without, there is no guard.
     *
     * @throws IllegalArgumentException unless from 1 to 100
     */
    public Tier withMaxLoad(int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException(
                    "tier " + name + ": max-load=" + percent + " (expected: 1 to 100 percent)");
        }
        Size own = new Size(size.minEndpoints, percent);
        return new Tier(name, answeredBy, template, domain, port, nameservers, endpoints, instead, own);
    }

    /** The same tier, which looks up another service than it is asked for. */
    Tier lookingUp(ServiceName other) {
        return new Tier(name, answeredBy, template, domain, port, nameservers, endpoints, Optional.of(other), size);
    }

    /**
     * The same tier without {@link OwnLookup#name()} and without its size and guard: the same place, whichever service is
     * looked up in it and however much it may carry.
     */
    public Tier place() {
        return instead.isEmpty() && size.equals(Size.UNKNOWN)
                ? this
                : new Tier(
                        name,
                        answeredBy,
                        template,
                        domain,
                        port,
                        nameservers,
                        endpoints,
                        Optional.empty(),
                        Size.UNKNOWN);
    }

    /**
     * The same tier, which the Kubernetes API answers for, and DNS while that can't tell; itself if it is not DNS that answers, it has
     * nameservers of its own, or no names for services.
     */
    public Tier watched() {
        return hasZone() && nameservers.isEmpty()
                ? new Tier(name, AnsweredBy.KUBERNETES, template, domain, port, nameservers, endpoints, instead, size)
                : this;
    }

    /** Whether it has names in DNS, whoever else may answer for them. */
    public boolean isNamed() {
        return answeredBy == AnsweredBy.DNS || answeredBy == AnsweredBy.KUBERNETES;
    }

    /** Whether names written out as {@code service.namespace.svc.domain} are this tier's. */
    public boolean isStandard() {
        return hasZone() && expand("s", "n").equals("s.n.svc." + domain);
    }

    /** Whether it has names for services; a tier with a fixed name has only that one, and its zone is somebody else's. */
    boolean hasZone() {
        return isNamed() && template.contains("{service}");
    }

    /** Whether a written-out name is one of this tier's. */
    boolean owns(String absolute) {
        return hasZone() ? absolute.endsWith("." + domain) : isFixed() && absolute.equals(expand("", ""));
    }

    /** Whether it is one name, whichever service is asked for: that it has endpoints says nothing of the service. */
    boolean isFixed() {
        return isNamed() && !template.contains("{service}");
    }

    /**
     * The question for a service in this tier; empty if the name is not looked up here.
     *
     * @throws IllegalArgumentException if the name made from the template is not a valid one (too long, say)
     */
    public Optional<Question> question(ServiceName service) {
        Optional<Port.Named> named =
                service.port() instanceof Port.Named n && port.isEmpty() ? Optional.of(n) : Optional.empty();
        if (service.scope() instanceof Scope.Exactly exactly) {
            return exactly.tier().equals(name) && isNamed()
                    ? Optional.of(checked(new Question(name, service.service(), domain, named, nameservers)))
                    : Optional.empty();
        }
        if (service.scope() instanceof Scope.OneTier one && !one.tier().equals(name)) {
            return Optional.empty();
        }
        ServiceName asked = instead.orElse(service);
        Optional<Port.Number> number = port.isPresent()
                ? Optional.of(new Port.Number(port.getAsInt()))
                : service.port() instanceof Port.Number n ? Optional.of(n) : Optional.empty();
        if (!isNamed()) {
            String plain = asked.service() + "." + asked.namespace();
            return Optional.of(new Question(name, plain, domain, named, nameservers, number));
        }
        String absolute = ServiceName.name(expand(asked.service(), asked.namespace()));
        String zone = hasZone() ? domain : ""; // a load balancer's name is an alias of whatever its owner likes
        return Optional.of(checked(new Question(
                name,
                absolute,
                zone,
                named,
                nameservers,
                answeredBy == AnsweredBy.KUBERNETES ? number : Optional.empty())));
    }

    /** The SRV labels in front may make it too long. */
    private static Question checked(Question question) {
        ServiceName.name(question.text());
        return question;
    }

    private String expand(String service, String namespace) {
        return template.replace("{service}", service)
                .replace("{namespace}", namespace)
                .replace("{clusterDomain}", domain)
                .replace("{domain}", domain)
                .toLowerCase(Locale.ROOT);
    }

    private static String stripDot(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tier that
                && name.equals(that.name)
                && answeredBy == that.answeredBy
                && template.equals(that.template)
                && domain.equals(that.domain)
                && port.equals(that.port)
                && nameservers.equals(that.nameservers)
                && endpoints.equals(that.endpoints)
                && instead.equals(that.instead)
                && size.equals(that.size);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, template, domain);
    }

    /** As {@link #parse} reads it: {@code local={service}.{namespace}.svc.{domain}@cluster.local:80,dns=10.96.0.10:53}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append('=').append(template);
        if (!domain.isEmpty()) {
            text.append('@').append(domain);
        }
        port.ifPresent(number -> text.append(':').append(number));
        nameservers.forEach(server -> text.append(",dns=")
                .append(Endpoint.of(server.getAddress(), server.getPort()).authority()));
        if (size.minEndpoints > 0) {
            text.append(",min-endpoints=").append(size.minEndpoints);
        }
        maxLoad().ifPresent(percent -> text.append(",max-load=").append(percent));
        return text.toString();
    }

    /** How large it should be and how much it can carry; 0 for what nobody said. */
    private record Size(int minEndpoints, int maxLoad) {
        static final Size UNKNOWN = new Size(0, 0);
    }

    /** What answers for a tier. */
    public enum AnsweredBy {
        /** A lookup. */
        DNS,
        /** The API server of the cluster, and a lookup while that can't tell. */
        KUBERNETES,
        /** The container's environment variables. */
        ENVIRONMENT,
        /** Nobody: the endpoints are given. */
        LIST
    }
}
