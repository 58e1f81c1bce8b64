package io.clusterset.discovery;

import io.clusterset.discovery.failover.TierHealth;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Eligibility;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a tier does, in the numbers and words that failover goes by: how many of those that are meant work, how many there should be,
 * and the first reason for what is not well.
 */
final class Assessment {

    static final String NOT_TRIED = "none tried yet";

    private final Function<String, HealthView.Tally> tallies;
    private final Drills drills;

    /**
     * With what is known besides.
     *
     * @param tallies how a tier's attempts have ended until now
     */
    Assessment(Function<String, HealthView.Tally> tallies, Drills drills) {
        this.tallies = tallies;
        this.drills = drills;
    }

    /**
     * Of one tier.
     *
     * @param annotated all candidates there were
     * @param of whose census it is: all of them
     */
    TierHealth of(
            Tier tier, TierView view, Eligibility.Eligible eligible, List<Candidate> annotated, HealthView.Census of) {
        List<Candidate> candidates = eligible.candidates();
        HealthView.Census census = counted(candidates, annotated, of);
        HealthView.Tally tally = tallies.apply(view.tier());
        // a tier that has none at all is out anyway; one that has some but not enough is not well
        int known = candidates.size() + eligible.missing();
        int found = tier.minEndpoints() == 0 ? 0 : found(view);
        int total = candidates.isEmpty() ? 0 : Math.max(known, expected(tier, known, found));
        boolean blind = candidates.isEmpty() && view.resolution() instanceof Resolution.Unknown;
        return new TierHealth(
                view.tier(),
                census.healthy(),
                total,
                blind,
                missing(tier, eligible, found, why(view, eligible, census)),
                () -> new TierHealth.Attempts(tally.succeeded(), tally.failed()),
                tier.maxLoad(),
                drills.percent(tier.name()));
    }

    /** How many the tier's source found, without those that end. */
    private static int found(TierView view) {
        return (int) view.endpoints().stream()
                .map(Endpoint::condition)
                .filter(condition -> condition == Condition.READY || condition == Condition.NOT_READY)
                .count();
    }

    /** How many there should be of those known to be meant: who is left out by selection, topology or subset is not missing. */
    private static int expected(Tier tier, int known, int found) {
        if (found == 0) {
            return tier.minEndpoints();
        }
        return found >= tier.minEndpoints() ? 0 : (tier.minEndpoints() * known + found - 1) / found;
    }

    private static String missing(Tier tier, Eligibility.Eligible eligible, int found, String why) {
        String words = eligible.candidates().isEmpty()
                ? ""
                : Stream.of(
                                eligible.missing() > 0 ? eligible.missing() + " more not ready" : "",
                                tier.minEndpoints() > found
                                        ? "only " + found + " of the " + tier.minEndpoints() + " expected found"
                                        : "")
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("; "));
        return words + (words.isEmpty() || why.isEmpty() ? "" : "; ") + why;
    }

    /** The first reason for what is not well; for a tier without endpoints, what its source said. */
    private static String why(TierView view, Eligibility.Eligible eligible, HealthView.Census census) {
        if (!eligible.candidates().isEmpty()) {
            return census.allUnknown() ? NOT_TRIED : census.why();
        }
        if (!eligible.excluded().isEmpty()) {
            return eligible.excluded().size() + " known, none eligible: "
                    + eligible.excluded().get(0).rule();
        }
        if (view.resolution() instanceof Resolution.Found && !view.dropped().isEmpty()) {
            return "all of them: " + view.dropped().get(0).rule();
        }
        String detail = view.resolution().evidence().detail();
        return detail.isEmpty() ? view.resolution().word().replace('-', ' ') : detail;
    }

    /** The census, if it is of these; there are thousands to count otherwise. */
    @SuppressWarnings("ReferenceEquality")
    private static HealthView.Census counted(
            List<Candidate> candidates, List<Candidate> annotated, HealthView.Census census) {
        if (candidates == annotated) {
            return census;
        }
        int healthy = 0;
        boolean allUnknown = true;
        String why = "";
        for (Candidate candidate : candidates) {
            Verdict verdict = candidate.verdict();
            healthy += verdict.countsAsHealthy() ? 1 : 0;
            allUnknown &= verdict.state() == State.UNKNOWN;
            if (why.isEmpty() && (verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY)) {
                why = (verdict.state() == State.SUSPECT ? "suspect: " : "") + verdict.reason();
            }
        }
        return new HealthView.Census(healthy, false, allUnknown, why);
    }
}
