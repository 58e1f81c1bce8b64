package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Port;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a source: one absolute name in one tier. A numeric port is not part of it (two ports of one service are
 * one question); a named port is, because it is asked for by another record.
 *
 * @param tier the tier's name
 * @param name the absolute name, lower case, without the trailing dot
 * @param zone the tier's domain: answers from outside it are not believed
 * @param port the named port to look up, if any
 * @param nameservers who to ask, in order; empty to ask the discovery's
 */
public record Question(
        String tier, String name, String zone, Optional<Port.Named> port, List<InetSocketAddress> nameservers) {

    /** Copies the list. */
    public Question {
        nameservers = List.copyOf(nameservers);
    }

    /** Asked at the discovery's nameservers. */
    public Question(String tier, String name, String zone, Optional<Port.Named> port) {
        this(tier, name, zone, port, List.of());
    }

    /** {@code _http._tcp.orders.shop.svc.cluster.local}, or the name alone. */
    public String text() {
        return port.map(named -> named.labels() + "." + name).orElse(name);
    }
}
