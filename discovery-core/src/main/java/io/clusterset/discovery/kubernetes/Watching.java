package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Text;
import java.util.Locale;

/** What of a cluster is watched. */
public enum Watching {
    /** Nothing: DNS answers. */
    OFF,
    /**
     * The services asked for and no others: five watches for each in its namespace, at most 80; needs a Role in these namespaces.
     */
    SERVICES,
    /** All services of all namespaces, by four watches: for gateways, which call most of them; needs a ClusterRole. */
    CLUSTER;

    /** As settings write it: {@code services}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@code off}, {@code services} or {@code cluster}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static Watching parse(String text) {
        for (Watching one : values()) {
            if (one.word().equals(text)) {
                return one;
            }
        }
        throw new IllegalArgumentException(Text.quote(text) + " (expected: off, services or cluster)");
    }
}
