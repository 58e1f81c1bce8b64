package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.simulator.Policy;
import java.util.List;

/** Models of other libraries' policies. */
public final class Peers {

    private Peers() {}

    /** In the order of the report. */
    public static List<Policy> all() {
        return List.of();
    }
}
