package io.clusterset.discovery.model;

import java.util.Locale;
import java.util.Objects;

/**
 * The logical name a caller asks for: {@code service.namespace}, with an optional port and the tiers it may be looked up
 * in. Immutable and already validated: labels follow RFC 1123 (63 octets a label, 253 in all) and are lower case.
 *
 * @param service the Service's name; the full absolute name (no trailing dot) when {@code scope} is {@link Scope.Exactly}
 * @param namespace the namespace; empty only when {@code scope} is {@link Scope.Exactly}
 * @param port which port is wanted
 * @param scope where to look
 */
public record ServiceName(String service, String namespace, Port port, Scope scope) {

    /** Longest name, in characters, without the trailing dot (RFC 1035). */
    public static final int MAX_LENGTH = 253;

    private static final int MAX_LABEL = 63;

    /**
     * Validates and folds to lower case.
     *
     * @throws IllegalArgumentException if a label is not an RFC 1123 label or the name is too long; the text names it
     */
    public ServiceName {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(scope, "scope");
        if (scope instanceof Scope.Exactly) {
            service = name(service);
        } else {
            service = label(service);
            namespace = label(namespace);
        }
    }

    /**
     * A name looked up in all tiers, with no port said.
     *
     * @throws IllegalArgumentException if a label is malformed
     */
    public static ServiceName of(String service, String namespace) {
        return new ServiceName(service, namespace, Port.unspecified(), Scope.AllTiers.ONLY);
    }

    /** The same name with another port. */
    public ServiceName withPort(Port other) {
        return new ServiceName(service, namespace, other, scope);
    }

    /** The name without its port, as a person writes it: {@code orders.shop}. */
    public String base() {
        if (scope instanceof Scope.Exactly) {
            return service + ".";
        }
        String base = service + "." + namespace;
        return scope instanceof Scope.OneTier one && !one.domain().isEmpty() ? base + ".svc." + one.domain() : base;
    }

    /** {@code orders.shop}, {@code orders.shop:80}, {@code orders.shop:http}, {@code _dns._udp.orders.shop}. */
    @Override
    public String toString() {
        if (port instanceof Port.Named named && named.protocol() != Port.Protocol.TCP) {
            return named.labels() + "." + base(); // the only form that says the protocol
        }
        return port instanceof Port.Unspecified ? base() : base() + ":" + port;
    }

    /**
     * Checks one label and folds it to lower case.
     *
     * @throws IllegalArgumentException if it is empty, longer than 63, or holds anything but letters, digits and inner
     *     hyphens; a leading underscore is left to {@link #name}
     */
    public static String label(String label) {
        checkLabel(label, label, false);
        return label.toLowerCase(Locale.ROOT);
    }

    /**
     * Checks a dotted name and folds it to lower case; labels may start with an underscore, as SRV owners do (RFC 2782).
     *
     * @throws IllegalArgumentException if a label is malformed or the whole is longer than 253
     */
    public static String name(String dotted) {
        if (dotted.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    Text.quote(dotted) + ": " + dotted.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        for (String label : dotted.split("\\.", -1)) {
            checkLabel(label, dotted, true);
        }
        return dotted.toLowerCase(Locale.ROOT);
    }

    /**
     * Checks a domain as {@link #name} does; the trailing dot that says it is complete is dropped.
     *
     * @throws IllegalArgumentException as {@link #name}
     */
    public static String domain(String dotted) {
        return name(dotted.endsWith(".") ? dotted.substring(0, dotted.length() - 1) : dotted);
    }

    private static void checkLabel(String label, String whole, boolean underscore) {
        if (label.isEmpty()) {
            throw new IllegalArgumentException(
                    Text.quote(whole) + ": empty label (expected: letters, digits, hyphens)");
        }
        if (label.length() > MAX_LABEL) {
            throw new IllegalArgumentException(Text.quote(whole) + ": label of " + label.length()
                    + " characters (expected: at most " + MAX_LABEL + ")");
        }
        int start = underscore && label.charAt(0) == '_' && label.length() > 1 ? 1 : 0;
        for (int i = start; i < label.length(); i++) {
            char c = label.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean inner = i > start && i < label.length() - 1;
            if (!alphanumeric && !(c == '-' && inner)) {
                throw new IllegalArgumentException(Text.quote(whole) + ": label " + Text.quote(label)
                        + " (expected: letters, digits and inner hyphens, RFC 1123)");
            }
        }
    }

    /** Where a name is looked up. */
    public sealed interface Scope permits Scope.AllTiers, Scope.OneTier, Scope.Exactly {

        /** Every tier, in order. */
        record AllTiers() implements Scope {
            /** The same for all names. */
            public static final AllTiers ONLY = new AllTiers();
        }

        /**
         * Only the tier with this domain, because the caller wrote the domain out.
         *
         * @param tier the tier's name
         * @param domain the tier's domain, lower case, no dots at the ends; empty if it has none
         */
        record OneTier(String tier, String domain) implements Scope {}

        /**
         * Exactly this absolute name, in the tier whose domain it ends in.
         *
         * @param tier the tier's name
         */
        record Exactly(String tier) implements Scope {}
    }
}
