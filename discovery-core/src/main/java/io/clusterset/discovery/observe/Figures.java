package io.clusterset.discovery.observe;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

        /** The tiers that calls go by, the first is home; none while it rests or the library is switched off. */
        public List<OfTier> inForce() {
            return tiers.stream().filter(OfTier::current).toList();
        }

        /** The tier with most load, the first of equals; empty if none has any. */
        public Optional<OfTier> serving() {
            return inForce().stream()
                    .filter(tier -> tier.load() > 0)
                    .reduce((most, tier) -> tier.load() > most.load() ? tier : most);
        }

        /** Whether calls go to another tier than home, and did not always. */
        public boolean isAway() {
            Optional<OfTier> serving = serving();
            boolean atHome =
                    serving.isEmpty() || serving.equals(inForce().stream().findFirst());
            return !atHome && !away.isZero(); // one that never lived at home is not away
        }

        /** What ails it, the worst if it is several things. */
        public Trouble trouble() {
            List<OfTier> now = inForce();
            if (now.isEmpty()) { // it rests
                return Trouble.NONE;
            } else if (serving().isEmpty()) {
                return Trouble.NOBODY_SERVES;
            } else if (shed > 0) {
                return Trouble.CALLS_ARE_SHED;
            } else if (isAway()) {
                return Trouble.AWAY;
            } else if (now.stream().anyMatch(tier -> tier.ejected() > 0)) {
                return Trouble.ENDPOINTS_FAIL;
            }
            return now.stream().anyMatch(tier -> !tier.stale().isZero()) ? Trouble.SOURCE_IS_SILENT : Trouble.NONE;
        }
    }

    /** What ails a service, the worst first. */
    public enum Trouble {
        /** No tier has an endpoint for it. */
        NOBODY_SERVES,
        /** Some calls fail at once: no tier may take more. */
        CALLS_ARE_SHED,
        /** Most calls go to another tier than home. */
        AWAY,
        /** Some endpoints take no traffic, or a few attempts only. */
        ENDPOINTS_FAIL,
        /** A tier's source can't tell, and what it said last is kept. */
        SOURCE_IS_SILENT,
        /** Nothing. */
        NONE
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
