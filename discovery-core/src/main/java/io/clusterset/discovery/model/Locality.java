package io.clusterset.discovery.model;

import java.util.Objects;

/**
 * Where something runs, as far as known. An empty part is unknown.
 *
 * @param region the region, or empty
 * @param zone the zone, or empty
 * @param node the node, or empty
 */
public record Locality(String region, String zone, String node) {

    /** Nothing known. */
    public static final Locality UNKNOWN = new Locality("", "", "");

    /** Refuses null parts. */
    public Locality {
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(node, "node");
    }

    /** Whether nothing is known. */
    public boolean isUnknown() {
        return region.isEmpty() && zone.isEmpty() && node.isEmpty();
    }

    /** This, with the other's word for each part that is unknown here. */
    public Locality or(Locality other) {
        if (isUnknown()) {
            return other;
        }
        Locality both = new Locality(
                region.isEmpty() ? other.region : region,
                zone.isEmpty() ? other.zone : zone,
                node.isEmpty() ? other.node : node);
        return both.equals(this) ? this : both;
    }
}
