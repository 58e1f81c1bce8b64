package io.clusterset.discovery.failover;

import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What failover needs to know of a tier.
 *
 * @param tier its name
 * @param healthy how many eligible endpoints count as healthy (all but the unhealthy)
 * @param total how many are eligible, or should be
 * @param blind whether its source could not tell: having no endpoints is then our blindness, not its illness
 * @param why what ails it or what is not known of it, in words; empty if there is nothing to say
 * @param attempts how its attempts have ended until now, ever growing; counted when it is asked for, since that takes a look
 *     at every endpoint
 * @param maxLoad the percent of all calls it may ever get; empty if it is not guarded
 * @param drill the percent it is forced to for now; empty without a drill
 */
public record TierHealth(
        String tier,
        int healthy,
        int total,
        boolean blind,
        String why,
        Supplier<Attempts> attempts,
        OptionalInt maxLoad,
        OptionalInt drill) {

    /** A tier that is neither guarded nor drilled. */
    public TierHealth(String tier, int healthy, int total, boolean blind, String why, long succeeded, long failed) {
        this(
                tier,
                healthy,
                total,
                blind,
                why,
                () -> new Attempts(succeeded, failed),
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    /** Envoy's priority health: min(100, 140 · healthy / total); not 0 while one is healthy, be it one of hundreds. */
    int health() {
        return healthy == 0 || total == 0 ? 0 : (int) Math.max(1, Math.min(100, 140L * healthy / total));
    }

    /**
     * How attempts have ended.
     *
     * @param succeeded how many succeeded
     * @param failed how many failed, hard or softly
     */
    public record Attempts(long succeeded, long failed) {
        Attempts plus(Attempts other) {
            return new Attempts(succeeded + other.succeeded, failed + other.failed);
        }
    }
}
