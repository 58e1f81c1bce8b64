package io.clusterset.discovery.dns;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Whom to ask, as far as it shows on the machine. Immutable.
 *
 * @param nameservers in the order to ask them; empty if none is known
 * @param note why there are none, or why those there are may be the wrong ones; empty if nothing is odd
 */
public record Detected(List<InetSocketAddress> nameservers, String note) {

    /** Copies the list. */
    public Detected {
        nameservers = List.copyOf(nameservers);
    }

    /** Nobody, and nobody was looked for. */
    public static Detected nobody() {
        return new Detected(List.of(), "no nameserver known (expected: discovery.dns.nameservers)");
    }
}
