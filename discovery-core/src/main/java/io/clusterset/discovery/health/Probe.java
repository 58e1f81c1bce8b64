package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Text;
import java.net.URI;
import java.net.URISyntaxException;

/** How an endpoint is probed. */
public sealed interface Probe permits Probe.None, Probe.Tcp, Probe.Http, Probe.Https {

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
     * As {@link #http}, over TLS. The certificate is verified as ever, against the address that is probed. One that can't be
     * is no failure: nothing was asked then, but the endpoint is there and speaks TLS, which is what a TCP probe would have
     * learned; an event says so once. For more, let the certificates name the addresses, and see
     * {@link HealthOptions.Builder#probeTls}.
     *
     * @throws IllegalArgumentException if the path does not start with a slash or is none that a URI may have
     */
    static Probe https(String path) {
        return new Https(path);
    }

    /**
     * Reads {@code none}, {@code tcp}, {@code http:/path} or {@code https:/path}.
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
        } else if (text.startsWith("https:")) {
            return https(text.substring("https:".length()));
        }
        throw new IllegalArgumentException(
                "probe: " + Text.quote(text) + " (expected: tcp, http:/PATH, https:/PATH or none)");
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

    /**
     * An HTTPS GET.
     *
     * @param path what is asked for, starting with a slash; may have a query
     */
    record Https(String path) implements Probe {
        /** Checks the path. */
        public Https {
            if (!path.startsWith("/") || !isOfUri(path)) {
                throw new IllegalArgumentException(
                        "probe path: " + Text.quote(path) + " (expected: a path such as /ready, escaped as in a URI)");
            }
        }

        private static boolean isOfUri(String path) {
            try {
                URI whole = new URI("https://endpoint" + path);
                return whole.getRawFragment() == null && path.chars().allMatch(c -> c < 0x7f);
            } catch (URISyntaxException malformed) {
                return false;
            }
        }
    }
}
