package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Addresses;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that one nameserver said.
 *
 * @param replies in the order the questions were asked; one that was asked again is there twice
 */
record Server(InetSocketAddress address, List<Reply> replies) {

    private static final int DNS_PORT = 53;

    Server {
        replies = List.copyOf(replies);
    }

    Server with(List<Reply> later) {
        List<Reply> all = new ArrayList<>(replies);
        all.addAll(later);
        return new Server(address, all);
    }

    /** The first reply to a question; empty if it was not asked. */
    Optional<Reply> reply(Query query) {
        return replies.stream().filter(reply -> reply.query().equals(query)).findFirst();
    }

    /** The last one. */
    Optional<Reply> lastReply(Query query) {
        return replies.stream().filter(reply -> reply.query().equals(query)).reduce((first, second) -> second);
    }

    /** The complete reply: by TCP if the one by UDP was cut and TCP worked. */
    Optional<Reply> whole(Query query) {
        return reply(query.byTcp()).filter(Reply::answered).or(() -> reply(query));
    }

    /** Whether it answered anything by UDP. */
    boolean answers() {
        return replies.stream().anyMatch(reply -> reply.query().how() != Query.How.TCP && reply.answered());
    }

    /** {@code 10.96.0.10}, with the port if it is not DNS's. */
    String shown() {
        return shown(address);
    }

    static String shown(InetSocketAddress address) {
        String host = Addresses.literal(address.getAddress());
        if (address.getPort() == DNS_PORT) {
            return host;
        }
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
