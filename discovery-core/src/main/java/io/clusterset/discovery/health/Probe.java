package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Text;

/** How an endpoint is probed. */
public sealed interface Probe permits Probe.None, Probe.Tcp, Probe.Http {

    /** Not at all: verdicts come from outcomes alone. */
    static Probe none() {
        return new None();
    }

    /** By opening a TCP connection. */
    static Probe tcp() {
        return new Tcp();
    }

    /**
     * By an HTTP/1.1 GET; a status from 200 to 399 passes.
     *
     * @throws IllegalArgumentException if the path does not start with a slash or holds white space
     */
    static Probe http(String path) {
        return new Http(path);
    }

    /**
     * Reads {@code none}, {@code tcp} or {@code http:/path}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Probe parse(String text) {
        if (text.equals("none")) {
            return none();
        } else if (text.equals("tcp")) {
            return tcp();
        } else if (text.startsWith("http:")) {
            return http(text.substring("http:".length()));
        }
        throw new IllegalArgumentException("probe: " + Text.quote(text) + " (expected: tcp, http:/PATH or none)");
    }

    /** No probe. */
    record None() implements Probe {}

    /** A TCP connect. */
    record Tcp() implements Probe {}

    /**
     * An HTTP GET.
     *
     * @param path what is asked for, starting with a slash
     */
    record Http(String path) implements Probe {
        /** Checks the path. */
        public Http {
            if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
                throw new IllegalArgumentException(
                        "probe path: " + Text.quote(path) + " (expected: a path such as /ready, printable ASCII)");
            }
        }
    }
}
