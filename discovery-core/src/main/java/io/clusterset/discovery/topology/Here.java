package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where this process runs, as far as known.
 *
 * @param locality region, zone and node; an empty part is unknown
 * @param cluster its cluster's id, or empty if unknown
 * @param labels further labels of its node or pod, for {@code ladder} keys that are none of these
 */
public record Here(Locality locality, String cluster, Map<String, String> labels) {

    /** Nothing known. */
    public static final Here UNKNOWN = new Here(Locality.UNKNOWN, "", Map.of());

    /** Copies the map. */
    public Here {
        labels = Map.copyOf(labels);
    }

    /** This, with the other's word for each part of the locality that is unknown. */
    public Here or(Locality other) {
        return new Here(locality.or(other), cluster, labels);
    }

    /** Whether an endpoint runs in the own cluster. One that names a cluster does not, while the own one is unknown. */
    boolean isHome(Endpoint endpoint) {
        return endpoint.cluster().isEmpty() || endpoint.cluster().equals(cluster);
    }

    boolean isNodeUnknown() {
        return locality.node().isEmpty();
    }

    boolean isZoneUnknown() {
        return locality.zone().isEmpty();
    }

    boolean isRegionUnknown() {
        return locality.region().isEmpty();
    }

    /** {@code region eu, zone eu-1, cluster west}; {@code nowhere known}. */
    @Override
    public String toString() {
        String parts = Stream.of(
                        part("region", locality.region()),
                        part("zone", locality.zone()),
                        part("node", locality.node()),
                        part("cluster", cluster))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return parts.isEmpty() ? "nowhere known" : parts;
    }

    private static String part(String name, String value) {
        return value.isEmpty() ? "" : name + " " + value;
    }
}
