package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every setting there is of a single service: {@code discovery.services[orders.shop].port}. In files and system properties
 * only: no environment variable can hold brackets, and one that flattened them could not tell {@code orders.shop} from {@code
 * orders-shop}.
 */
public enum ServiceSetting {
    /** The tiers it is looked up in, in order, separated by semicolons; a name alone is a tier of the discovery. */
    TIERS(
            "tiers",
            "name=template@domain[:port][,dns=IP[:PORT]], name=environment or the name of a tier, separated by semicolons"),
    /** The port of a caller who says none. */
    PORT("port", "a number from 1 to 65535, or a port name"),
    /** The service looked up in its place. */
    NAME("name", "SERVICE.NAMESPACE"),
    /** Its endpoints, which replace looking up. */
    STATIC("static", "IP:PORT, separated by commas"),
    /** How its endpoints are probed. */
    PROBE("probe", "tcp, http:/PATH, https:/PATH or none"),
    /** Who of them is eligible. */
    TOPOLOGY(
            "topology",
            "any, hints, prefer-near, prefer-node, ladder:KEY,KEY,* or clusters:ID,ID, or several joined by +"),
    /** Who of those is picked. */
    BALANCER("balancer", "weighted-round-robin, random, least-request, peak-ewma, consistent-hash or sticky");

    static final String PREFIX = Settings.PREFIX + "services";
    private static final Pattern FORM = Pattern.compile(Pattern.quote(PREFIX) + "\\[([^\\[\\]]+)]\\.(.+)");

    private final String key;
    private final String expectation;

    ServiceSetting(String key, String expectation) {
        this.key = key;
        this.expectation = expectation;
    }

    /** Its key in files and system properties: {@code discovery.services[orders.shop].port}. */
    public String property(String service) {
        return PREFIX + "[" + Text.safe(service) + "]." + key;
    }

    /** What a value looks like, in words. */
    public String expectation() {
        return expectation;
    }

    /** Why it can't change while the process runs; empty if it can. */
    public Optional<String> fixed() {
        return this == PORT ? Optional.of("it is part of the name of services in use") : Optional.empty();
    }

    /** What a key says, if it has the form of such keys and the setting exists. */
    static Optional<Key> ofProperty(String property) {
        Matcher form = FORM.matcher(property);
        return form.matches()
                ? Stream.of(values())
                        .filter(setting -> setting.key.equals(form.group(2)))
                        .map(setting -> new Key(form.group(1), setting))
                        .findFirst()
                : Optional.empty();
    }

    /** The key that somebody may have meant, or the form of them all. */
    static String nearest(String property) {
        Matcher form = FORM.matcher(property);
        if (!form.matches()) {
            return PREFIX + "[SERVICE.NAMESPACE]."
                    + Stream.of(values()).map(setting -> setting.key).collect(Collectors.joining("|"));
        }
        return Nearest.to(form.group(2), values(), setting -> setting.key).property(form.group(1));
    }

    /**
     * A key, taken apart.
     *
     * @param service as written
     */
    record Key(String service, ServiceSetting setting) {}
}
