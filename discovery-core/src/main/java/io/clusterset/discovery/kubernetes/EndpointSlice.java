package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import java.util.List;

/**
 * What is kept of an EndpointSlice ({@code discovery.k8s.io/v1}); the rest is let go on arrival. A text that is absent is empty.
 *
 * @param service label {@code kubernetes.io/service-name}
 * @param imported label {@code multicluster.kubernetes.io/service-name}
 * @param sourceCluster label {@code multicluster.kubernetes.io/source-cluster}
 * @param managedBy label {@code endpointslice.kubernetes.io/managed-by}
 * @param provisionCluster annotation {@code endpointslice.karmada.io/provision-cluster}
 * @param ports those that say a number; none for a placeholder, and for a headless Service without ports
 * @param endpoints by their first address, without port, weight, cluster and traffic; conditions, zone, node and hints as said.
 *     None of an address type other than IPv4 and IPv6
 * @param virtual whether its endpoints are virtual addresses, which have the Service's ports and not those here: Submariner
 *     Lighthouse's, unless label {@code lighthouse.submariner.io/is-headless} is true
 * @param dropped addresses left out on arrival, and why; the first few
 */
record EndpointSlice(
        String service,
        String imported,
        String sourceCluster,
        String managedBy,
        String provisionCluster,
        List<SlicePort> ports,
        List<Endpoint> endpoints,
        boolean virtual,
        List<Evidence.Dropped> dropped) {

    EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
        dropped = List.copyOf(dropped);
    }

    /** Of pods, all of which may be used. */
    EndpointSlice(
            String service,
            String imported,
            String sourceCluster,
            String managedBy,
            String provisionCluster,
            List<SlicePort> ports,
            List<Endpoint> endpoints) {
        this(service, imported, sourceCluster, managedBy, provisionCluster, ports, endpoints, false, List.of());
    }

    /**
     * A port of its endpoints: the target port, not the Service's.
     *
     * @param name empty if unnamed
     * @param number 1 to 65,535
     * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
     * @param appProtocol empty if not said
     */
    record SlicePort(String name, int number, String protocol, String appProtocol) {}
}
