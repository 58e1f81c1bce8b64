package io.clusterset.discovery.kubernetes;

/** What of another cluster stands under a Service's own name. */
final class Foreign {

    private Foreign() {}

    /** Whether it is put there by Karmada's MultiClusterService or Cilium's global service: neither needs a ServiceImport. */
    static boolean underTheOwnName(EndpointSlice slice) {
        return switch (slice.managedBy()) {
            case Flavour.CILIUM_MESH, Flavour.KARMADA_DISPATCH -> true;
            case Flavour.KARMADA -> false; // of Service derived-X, which is nobody else's
            default -> !slice.provisionCluster().isEmpty();
        };
    }

    /** The cluster it comes from; empty if it does not say. */
    static String cluster(EndpointSlice slice) {
        return slice.sourceCluster().isEmpty() ? slice.provisionCluster() : slice.sourceCluster();
    }
}
