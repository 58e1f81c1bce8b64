package io.clusterset.discovery.observe;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What can be counted of a discovery: for metrics, whatever library makes them. Immutable; the numbers were read one after the
 * other, not all at once. Counts grow from 0 for as long as their service is known, and begin anew if it was forgotten (after 10
 * to 20 min without use).
 *
 * @param enabled whether the library does its work
 * @param services those in use, in no order; a selection counts for its service
 * @param cache what all caches did
 * @param events how many events there were of each kind, of all kinds that there are
 * @param untold how many events no listener was told because one was too slow
 */
public record Figures(boolean enabled, List<OfService> services, OfCache cache, Map<String, Long> events, long untold) {

    /** Copies the collections. */
    public Figures {
        services = List.copyOf(services);
        events = Map.copyOf(events);
    }

    /**
     * One service.
     *
     * @param service its name, with its port if it was asked for with one
     * @param tiers in order, the first is home; after them those that it has only counts of
     * @param shed the percent of calls that fail at once since no tier may take more
     * @param failovers how often the tier with most load became one behind home, or further behind
     * @param away for how long home was not the tier with most load, though some tier was
     * @param calls made by the library's own attempt loop
     * @param retries further attempts of these calls
     * @param retriesDenied how often a further attempt was not made for want of budget
     * @param budgetLeft how many retries are allowed at once now
     */
    public record OfService(
            String service,
            List<OfTier> tiers,
            int shed,
            long failovers,
            Duration away,
            long calls,
            long retries,
            long retriesDenied,
            double budgetLeft) {

        /** Copies the list. */
        public OfService {
            tiers = List.copyOf(tiers);
        }
    }

    /**
     * One tier of a service.
     *
     * @param tier its name
     * @param current whether calls go by it now; if not (the service rests, the library is switched off or closed, settings have other
     *     tiers), only its counts mean something
     * @param load its share of the traffic, 0 to 100
     * @param panic whether all its endpoints are used, whatever their verdicts
     * @param known how many endpoints it has
     * @param healthy how many of the eligible ones count as healthy
     * @param ejected how many of the eligible ones take no traffic, or a few attempts only
     * @param stale for how long its endpoints have not been found, while its source can't tell and they are kept; zero while it can
     * @param attempts at its endpoints
     * @param lookups answers of its source, one for each outcome and code that there was
     */
    public record OfTier(
            String tier,
            boolean current,
            int load,
            boolean panic,
            int known,
            int healthy,
            int ejected,
            Duration stale,
            Attempts attempts,
            List<Lookups> lookups) {

        /** Copies the list. */
        public OfTier {
            lookups = List.copyOf(lookups);
        }
    }

    /**
     * How attempts began and ended. What is picked less what ended is under way, or was never closed.
     *
     * @param picked begun
     * @param succeeded ended well
     * @param failedHard ended in what says that the endpoint does not work: refused, unreachable, …
     * @param failedSoft ended in what says that it did this badly: 5xx, a read timeout, …
     * @param failedOtherwise ended in a failure that says nothing of the endpoint: an exception of the application's own
     * @param abandoned ended without saying how
     */
    public record Attempts(
            long picked, long succeeded, long failedHard, long failedSoft, long failedOtherwise, long abandoned) {

        /** None. */
        public static final Attempts NONE = new Attempts(0, 0, 0, 0, 0, 0);

        /** Both together. */
        public Attempts plus(Attempts other) {
            return new Attempts(
                    picked + other.picked,
                    succeeded + other.succeeded,
                    failedHard + other.failedHard,
                    failedSoft + other.failedSoft,
                    failedOtherwise + other.failedOtherwise,
                    abandoned + other.abandoned);
        }
    }

    /**
     * Answers of one kind.
     *
     * @param outcome {@code found}, {@code empty}, {@code no-such-name} or {@code unknown}
     * @param rcode the DNS response code, such as {@code NOERROR}; empty if there was none
     * @param count how many
     * @param took how long they took together
     */
    public record Lookups(String outcome, String rcode, long count, Duration took) {}

    /**
     * The caches.
     *
     * @param hits how often a name was wanted and no question was needed for it
     * @param questions how often a source was asked
     * @param confirmations how often it was asked once more because an answer was surprising
     * @param watched names that are kept fresh at present
     */
    public record OfCache(long hits, long questions, long confirmations, long watched) {}
}
