package io.clusterset.discovery.kubernetes;

/** Who makes EndpointSlices: the values of label {@code endpointslice.kubernetes.io/managed-by} that rules depend on. */
final class Flavour {

    /** The cluster's own, of Services with a selector. */
    static final String IN_TREE = "endpointslice-controller.k8s.io";

    /** The cluster's own, of hand-made Endpoints. */
    static final String MIRRORED = "endpointslicemirroring-controller.k8s.io";

    /** Karmada, of Service {@code derived-X}. */
    static final String KARMADA = "endpointslice-controller.karmada.io";

    /** Karmada's MultiClusterService: other clusters' slices under a Service's own name. */
    static final String KARMADA_DISPATCH = "endpointslice-dispatch-controller.karmada.io";

    /** Submariner. */
    static final String LIGHTHOUSE = "lighthouse-agent.submariner.io";

    /** Cilium, of other clusters. */
    static final String CILIUM_MESH = "endpointslice-mesh-controller.cilium.io";

    /** Cilium, of this cluster, for its ServiceImports. */
    static final String CILIUM_LOCAL = "endpointslice-local-mcsapi-controller.cilium.io";

    /** AWS Cloud Map. */
    static final String AWS = "aws-cloud-map-mcs-controller-for-k8s";

    private Flavour() {}

    /** The product's name; empty for what the cluster itself makes, and for what is made by hand. */
    static String product(String managedBy) {
        return switch (managedBy) {
            case KARMADA, KARMADA_DISPATCH -> "Karmada";
            case LIGHTHOUSE -> "Lighthouse";
            case CILIUM_MESH, CILIUM_LOCAL -> "Cilium";
            case AWS -> "AWS";
            case MIRRORED -> "mirrored";
            default -> "";
        };
    }
}
