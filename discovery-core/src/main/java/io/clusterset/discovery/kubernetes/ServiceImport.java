package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Traffic;
import java.util.List;

/**
 * What is kept of a ServiceImport ({@code multicluster.x-k8s.io/v1beta1}, {@code v1alpha1}, {@code net.gke.io/v1}: the same fields).
 *
 * @param headless type {@code Headless}
 * @param ips as said: not one of them need be an address
 * @param clusters {@code status.clusters}
 * @param trouble why condition Ready is False, {@code reason: message}; empty if it is not, or nobody says
 */
record ServiceImport(
        boolean headless,
        List<String> ips,
        List<ServicePort> ports,
        Traffic traffic,
        List<String> clusters,
        String trouble) {

    ServiceImport {
        ips = List.copyOf(ips);
        ports = List.copyOf(ports);
        clusters = List.copyOf(clusters);
    }
}
