package io.clusterset.discovery.model;

import java.util.List;

/**
 * The share of traffic of one tier and why it is that.
 *
 * @param tier the tier's name
 * @param percent 0 to 100; the loads of a service sum to 100, to less if guarded tiers are full, or are all 0 if it has no
 *     endpoint
 * @param target what its health alone would give it, 0 to 100; above {@code percent} while a return is under way
 * @param health min(100, 140 · healthy / total) over eligible endpoints, 0 to 100 (Envoy's priority health)
 * @param panic whether all its endpoints are used, whatever their verdicts
 * @param reason why, in words
 */
public record TierLoad(String tier, int percent, int target, int health, boolean panic, String reason) {

    /** The name of the tier with most load, the first of equals; empty text if none has any. */
    public static String most(List<TierLoad> loads) {
        String most = "";
        int percent = 0;
        for (TierLoad load : loads) {
            if (load.percent() > percent) {
                most = load.tier();
                percent = load.percent();
            }
        }
        return most;
    }
}
