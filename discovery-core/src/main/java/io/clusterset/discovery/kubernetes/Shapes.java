package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Traffic;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Endpoints of slices as an answer has them, with port, cluster and traffic. Remembered from one answer to the next: where one
 * slice of a hundred has changed, the endpoints of the others stay the same objects. Not thread-safe.
 */
final class Shapes {

    private IdentityHashMap<EndpointSlice, Shaped> before = new IdentityHashMap<>();
    private IdentityHashMap<EndpointSlice, Shaped> now = new IdentityHashMap<>();

    /** A new answer: what was not shaped for the last one is forgotten. */
    void begin() {
        before = now;
        now = new IdentityHashMap<>();
    }

    /** The slice's endpoints in this shape. */
    List<Endpoint> shaped(EndpointSlice slice, Shape shape) {
        Shaped known = before.get(slice);
        Shaped shaped =
                known != null && known.shape.equals(shape) ? known : new Shaped(shape, shape.of(slice.endpoints()));
        now.put(slice, shaped);
        return shaped.endpoints;
    }

    private record Shaped(Shape shape, List<Endpoint> endpoints) {}

    /**
     * What a slice's endpoints have in common.
     *
     * @param placed whether zone, node and hints are those of this cluster; other clusters' are not kept: a node's name means
     *     something only at home, and Cilium says the cluster's name for both; so they can't be told to stay on a node either
     */
    record Shape(SlicePort port, String cluster, Traffic traffic, boolean placed) {

        private static final String APP_PROTOCOL = "app-protocol";

        /** Endpoints of this shape. */
        List<Endpoint> of(List<Endpoint> bare) {
            Map<String, String> labels =
                    port.appProtocol().isEmpty() ? Map.of() : Map.of(APP_PROTOCOL, port.appProtocol());
            Traffic wished = placed || traffic != Traffic.NODE_LOCAL ? traffic : Traffic.ANY;
            Endpoint.Pool pool = new Endpoint.Pool();
            List<Endpoint> endpoints = new ArrayList<>(bare.size());
            for (Endpoint one : bare) {
                Endpoint there =
                        placed ? one : one.withLocality(Locality.UNKNOWN).withHints(Hints.NONE);
                endpoints.add(pool.sharing(there.withPort(port.number())
                        .withCluster(cluster)
                        .withTraffic(wished)
                        .withLabels(labels)));
            }
            return endpoints;
        }
    }
}
