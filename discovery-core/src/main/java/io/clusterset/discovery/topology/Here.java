package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Locality;
import java.util.Map;

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
}
