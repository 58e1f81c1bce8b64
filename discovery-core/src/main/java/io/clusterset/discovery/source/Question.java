package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Port;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a source: one name in one tier. For DNS a numeric port is not part of it (two ports of one service are one
 * question); a named port is, because it is asked for by another record.
 *
 * @param tier the tier's name
 * @param name for DNS the absolute name, lower case, without the trailing dot; else {@code service.namespace}
 * @param zone the tier's domain: answers from outside it are not believed; empty for a load balancer's name, an alias of
 *     whatever its owner likes, and for sources that have no zones
 * @param port the named port to look up, if any
 * @param nameservers who to ask, in order; empty to ask the discovery's
 * @param number the Service's port wanted, told only to sources that know which ports a Service has
 */
public record Question(
        String tier,
        String name,
        String zone,
        Optional<Port.Named> port,
        List<InetSocketAddress> nameservers,
        Optional<Port.Number> number) {

    /** Copies the list. */
    public Question {
        nameservers = List.copyOf(nameservers);
    }

    /** Of a source that knows no port numbers. */
    public Question(
            String tier, String name, String zone, Optional<Port.Named> port, List<InetSocketAddress> nameservers) {
        this(tier, name, zone, port, nameservers, Optional.empty());
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
