package io.clusterset.discovery.model;

import java.util.List;

/**
 * The joined view of all tiers of one service at one time.
 *
 * @param service the service
 * @param takenAt when it was joined, in nanoseconds of the discovery's ticker
 * @param tiers all tiers, in order
 */
public record Snapshot(ServiceName service, long takenAt, List<TierView> tiers) {

    /** Copies the list. */
    public Snapshot {
        tiers = List.copyOf(tiers);
    }
}
