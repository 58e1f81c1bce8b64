package io.clusterset.discovery.model;

import java.util.List;

/**
 * One tier of a snapshot: what its source said last, and the endpoints that count as this tier's.
 *
 * @param tier the tier's name
 * @param resolution the last answer; {@link Resolution.Unknown} with the detail {@code not answered yet} before there is one
 * @param answeredAt when it came, in nanoseconds of the discovery's ticker
 * @param foundAt when endpoints were last found, on the same clock; {@code answeredAt} if they never were. That is some time ago
 *     where the source can't tell, and those that are kept are {@linkplain Resolution#stale() stale}
 * @param endpoints the tier's endpoints with ports filled in, duplicates and those of earlier tiers left out
 * @param dropped what was left out of it and why
 */
public record TierView(
        String tier,
        Resolution resolution,
        long answeredAt,
        long foundAt,
        List<Endpoint> endpoints,
        List<Evidence.Dropped> dropped) {

    /** Copies the lists. */
    public TierView {
        endpoints = List.copyOf(endpoints);
        dropped = List.copyOf(dropped);
    }
}
