package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.simulator.Policy;
import java.util.List;

/** The peers, in the order in which the report names them. */
public final class Peers {

    private Peers() {}

    /** All of them. */
    public static List<Policy> all() {
        return List.of(
                new PlainDns(),
                new SpringHealthCheck(),
                new ArmeriaOrElse(),
                new EnvoyPriority(),
                new LinkerdFailover(),
                new ServiceTalk());
    }
}
