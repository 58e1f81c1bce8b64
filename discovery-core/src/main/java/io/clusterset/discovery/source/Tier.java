package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One place to look: a name template, a domain, and optionally a port and nameservers of its own. Immutable.
 *
 * <p>The template may hold {@code {service}}, {@code {namespace}} and {@code {domain}} (or {@code {clusterDomain}}); a load balancer's fixed name holds
 * none of them.
 */
public final class Tier {

    /** The name form of both standard zones (Kubernetes DNS schema 1.1.0, KEP-1645). */
    public static final String STANDARD_TEMPLATE = "{service}.{namespace}.svc.{domain}";

    private final String name;
    private final String template;
    private final String domain;
    private final OptionalInt port;
    private final List<InetSocketAddress> nameservers;

    private Tier(String name, String template, String domain, OptionalInt port, List<InetSocketAddress> nameservers) {
        this.name = name;
        this.template = template;
        this.domain = domain;
        this.port = port;
        this.nameservers = nameservers;
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
        String zone = ServiceName.name(stripDot(domain));
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("tier: " + Text.quote(name)
                    + " (expected: a name of lower-case letters, digits and inner hyphens, such as local)");
        }
        Tier tier = new Tier(name, stripDot(template), zone, OptionalInt.empty(), List.of());
        String sample = tier.expand("s", "n");
        if (!sample.equals(zone) && !sample.endsWith("." + zone)) {
            throw new IllegalArgumentException(
                    "tier " + name + ": template " + Text.quote(template) + " makes names outside its domain " + zone);
        }
        return tier;
    }

    /**
     * Reads {@code name=template@domain[:port][,dns=HOST:PORT]...}, the form of the command's {@code --tier}.
     *
     * @throws IllegalArgumentException if the text has another form or a part is malformed; the text names it
     */
    public static Tier parse(String text) {
        int equals = text.indexOf('=');
        int at = text.indexOf('@');
        if (equals < 1 || at < equals + 2) {
            throw new IllegalArgumentException("tier: " + Text.quote(text)
                    + " (expected: name=template@domain[:port][,dns=IP:PORT], such as "
                    + "local={service}.{namespace}.svc.{domain}@cluster.local)");
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
            if (!parts[i].startsWith("dns=")) {
                throw new IllegalArgumentException(
                        "tier " + tier.name + ": " + Text.quote(parts[i]) + " (expected: dns=IP:PORT)");
            }
            servers.add(Addresses.parse(parts[i].substring("dns=".length())));
        }
        return servers.isEmpty() ? tier : tier.withNameservers(servers);
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** The name template. */
    public String template() {
        return template;
    }

    /** The zone its names lie in, lower case, without dots at the ends. */
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

    /** The same tier whose endpoints have this port (1 to 65535). */
    public Tier withPort(int number) {
        return new Tier(name, template, domain, OptionalInt.of(new Port.Number(number).number()), nameservers);
    }

    /** The same tier asked at these nameservers, in order. */
    public Tier withNameservers(List<InetSocketAddress> servers) {
        return new Tier(name, template, domain, port, List.copyOf(servers));
    }

    /** Whether names written out as {@code service.namespace.svc.domain} are this tier's. */
    public boolean isStandard() {
        return template.equals(STANDARD_TEMPLATE);
    }

    /**
     * The question for a service in this tier; empty if the name is not looked up here.
     *
     * @throws IllegalArgumentException if the name made from the template is not a valid one (too long, say)
     */
    public Optional<Question> question(ServiceName service) {
        Optional<Port.Named> named =
                service.port() instanceof Port.Named n && port.isEmpty() ? Optional.of(n) : Optional.empty();
        if (service.scope() instanceof ServiceName.Scope.Exactly exactly) {
            return exactly.tier().equals(name)
                    ? Optional.of(new Question(name, service.service(), domain, named, nameservers))
                    : Optional.empty();
        }
        if (service.scope() instanceof ServiceName.Scope.OneTier one
                && !one.tier().equals(name)) {
            return Optional.empty();
        }
        String absolute = ServiceName.name(expand(service.service(), service.namespace()));
        Question question = new Question(name, absolute, domain, named, nameservers);
        ServiceName.name(question.text()); // the SRV labels in front may make it too long
        return Optional.of(question);
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
                && template.equals(that.template)
                && domain.equals(that.domain)
                && port.equals(that.port)
                && nameservers.equals(that.nameservers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, template, domain);
    }

    /** {@code local={service}.{namespace}.svc.{domain}@cluster.local}. */
    @Override
    public String toString() {
        return name + "=" + template + "@" + domain + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
