package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Traffic;
import java.util.List;

/**
 * What is kept of a Service. A text that is absent is empty.
 *
 * @param ips {@code clusterIPs}, {@code clusterIP} where these are absent; none if headless
 * @param headless whether it says {@code None}
 * @param externalName of a Service of that type
 * @param spansClusters what says that its own name reaches other clusters already ({@code service.cilium.io/global}); else empty
 */
record ServiceObject(
        List<String> ips,
        boolean headless,
        String externalName,
        List<ServicePort> ports,
        Traffic traffic,
        String spansClusters) {

    ServiceObject {
        ips = List.copyOf(ips);
        ports = List.copyOf(ports);
    }
}
