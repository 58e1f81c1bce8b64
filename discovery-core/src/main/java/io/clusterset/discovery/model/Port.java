package io.clusterset.discovery.model;

import java.util.Locale;

/** The port a caller asks for: none, a number, or a name that SRV records (RFC 2782) translate. */
public sealed interface Port permits Port.Unspecified, Port.Number, Port.Named {

    /** The highest port number. */
    int MAX = 65_535;

    /** No port said: the tier's port, else the default one, is used. */
    static Port unspecified() {
        return Unspecified.ONLY;
    }

    /**
     * A port number.
     *
     * @throws IllegalArgumentException unless 1 ≤ {@code number} ≤ 65535
     */
    static Port of(int number) {
        return new Number(number);
    }

    /**
     * A TCP port by name.
     *
     * @throws IllegalArgumentException if the name is not 1 to 15 letters, digits and inner hyphens (RFC 6335)
     */
    static Port named(String name) {
        return new Named(name, Protocol.TCP);
    }

    /**
     * Reads {@code 80} or {@code http}.
     *
     * @throws IllegalArgumentException if it is neither a port number nor a port name
     */
    static Port parse(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return named(text);
        }
        if (text.length() > 5) {
            throw new IllegalArgumentException("port: " + Text.safe(text) + " (expected: 1 to " + MAX + ")");
        }
        return of(Integer.parseInt(text));
    }

    /** No port said. */
    record Unspecified() implements Port {
        private static final Port ONLY = new Unspecified();

        @Override
        public String toString() {
            return "";
        }
    }

    /**
     * A port by number.
     *
     * @param number 1 to 65535
     */
    record Number(int number) implements Port {
        /** Checks the range. */
        public Number {
            if (number < 1 || number > MAX) {
                throw new IllegalArgumentException("port: " + number + " (expected: 1 to " + MAX + ")");
            }
        }

        @Override
        public String toString() {
            return Integer.toString(number);
        }
    }

    /**
     * A port by name.
     *
     * @param name lower case, without the underscore of its SRV label
     * @param protocol TCP unless said
     */
    record Named(String name, Protocol protocol) implements Port {
        /** Checks the form and folds to lower case. */
        public Named {
            if (!name.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?") || !name.matches(".*[A-Za-z].*")) {
                throw new IllegalArgumentException("port: " + Text.quote(name) + " (expected: a number from 1 to " + MAX
                        + ", or a name of 1 to 15 letters, digits and hyphens)");
            }
            name = name.toLowerCase(Locale.ROOT);
        }

        /** The two labels in front of the service in an SRV question: {@code _http._tcp}. */
        public String labels() {
            return "_" + name + "._" + protocol.label();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The transport protocol of a named port. */
    enum Protocol {
        /** {@code _tcp}. */
        TCP,
        /** {@code _udp}. */
        UDP;

        /** The SRV label without its underscore. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
