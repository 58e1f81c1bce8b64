package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import java.util.Map;

/** The labels that Kubernetes gives nodes and, as far as known, pods; and what they say of a place. */
final class Labels {

    private static final String LEGACY = "failure-domain.beta.kubernetes.io/";
    private static final String CURRENT = "topology.kubernetes.io/";
    private static final String NODE = "kubernetes.io/hostname";

    private Labels() {}

    /** What these labels say of a place; the former names count where the present ones are missing. */
    static Locality locality(Map<String, String> labels) {
        return new Locality(
                labels.getOrDefault(CURRENT + "region", labels.getOrDefault(LEGACY + "region", "")),
                labels.getOrDefault(CURRENT + "zone", labels.getOrDefault(LEGACY + "zone", "")),
                labels.getOrDefault(NODE, ""));
    }

    /** The own value of a label; empty if unknown. */
    static String of(Here here, String key) {
        return value(here.locality(), here.labels(), key);
    }

    /** An endpoint's value of a label; empty if unknown. */
    static String of(Endpoint endpoint, String key) {
        return value(endpoint.locality(), endpoint.labels(), key);
    }

    private static String value(Locality locality, Map<String, String> labels, String key) {
        String known = switch (key) {
            case CURRENT + "region", LEGACY + "region" -> locality.region();
            case CURRENT + "zone", LEGACY + "zone" -> locality.zone();
            case NODE -> locality.node();
            default -> "";
        };
        return known.isEmpty() ? labels.getOrDefault(key, "") : known;
    }
}
