package io.clusterset.discovery.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the stages decided for one service, with their reasons: the snapshot they saw, who is eligible, how the load is
 * split and what happens next. {@code explain} is made of this and of nothing else.
 *
 * @param snapshot what was known
 * @param tiers one per tier, in order
 * @param notes sentences about the whole
 * @param next what will happen next, in words; empty if nothing is scheduled
 * @param returning the tiers whose traffic is on its way back; not those whose dwell has yet to begin
 */
public record Decision(
        Snapshot snapshot, List<Tier> tiers, List<String> notes, List<String> next, List<Returning> returning) {

    /** Copies the lists. */
    public Decision {
        tiers = List.copyOf(tiers);
        notes = List.copyOf(notes);
        next = List.copyOf(next);
        returning = List.copyOf(returning);
    }

    /** With no traffic on its way back. */
    public Decision(Snapshot snapshot, List<Tier> tiers, List<String> notes, List<String> next) {
        this(snapshot, tiers, notes, next, List.of());
    }

    /** The service. */
    public ServiceName service() {
        return snapshot.service();
    }

    /** The percent of calls that fail at once because no tier may take more: 0 unless one of them is guarded. */
    public int shed() {
        int sum = tiers.stream().mapToInt(tier -> tier.load().percent()).sum();
        return sum == 0 ? 0 : 100 - sum;
    }

    /**
     * Who takes the load: one portion for each tier that has any. A tier of which nothing but suspects is left keeps its load
     * and has the first tier with better ones do its work, until it is judged.
     */
    public List<Portion> portions() {
        List<Portion> portions = new ArrayList<>(tiers.size());
        for (Tier tier : tiers) {
            List<Candidate> used = tier.load().percent() == 0 ? List.of() : tier.inUse();
            if (!used.isEmpty()) {
                boolean suspects = !tier.load().panic() && used.stream().noneMatch(Candidate::isGood);
                List<Candidate> better = suspects ? good() : List.of();
                portions.add(new Portion(
                        better.isEmpty() ? used : better, tier.load().percent()));
            }
        }
        return portions;
    }

    private List<Candidate> good() {
        return tiers.stream()
                .map(Tier::inUse)
                .filter(used -> used.stream().anyMatch(Candidate::isGood))
                .findFirst()
                .orElse(List.of());
    }

    /** The percent of all traffic that each endpoint gets by its weight; one that is missing gets none. */
    public Map<Endpoint, Double> shares() {
        Map<Endpoint, Double> shares = new HashMap<>();
        for (Portion portion : portions()) {
            double sum = 0;
            for (Candidate candidate : portion.candidates()) {
                sum += candidate.weight();
            }
            for (Candidate candidate : portion.candidates()) {
                shares.merge(candidate.endpoint(), (double) portion.percent() * candidate.weight() / sum, Double::sum);
            }
        }
        return shares;
    }

    /** The tier with most load, or empty text if none has any. */
    public String mostLoaded() {
        return TierLoad.most(tiers.stream().map(Tier::load).toList());
    }

    /**
     * A part of the load and who takes it, by their weights.
     *
     * @param candidates at least one, of one tier, each with a weight above 0
     * @param percent of all calls, 1 to 100
     */
    public record Portion(List<Candidate> candidates, int percent) {}

    /**
     * One tier of a decision.
     *
     * @param view what its source said
     * @param load its share
     * @param candidates its eligible endpoints with their verdicts
     * @param excluded endpoints known but not eligible, and the rule
     */
    public record Tier(TierView view, TierLoad load, List<Candidate> candidates, List<Evidence.Dropped> excluded) {
        /** Copies the lists. */
        public Tier {
            candidates = List.copyOf(candidates);
            excluded = List.copyOf(excluded);
        }

        /**
         * The candidates that picks of this tier go to: everybody in panic, else those in turn, if any of them works. An
         * unhealthy one that the cap keeps in turn is no better than a suspect.
         */
        public List<Candidate> inUse() {
            boolean all = true; // as a rule; with thousands of them, copies count
            for (int i = 0; i < candidates.size() && all; i++) {
                Candidate candidate = candidates.get(i);
                all = candidate.weight() > 0 && (load.panic() || candidate.isGood());
            }
            if (all) {
                return candidates;
            }
            List<Candidate> weighted =
                    candidates.stream().filter(c -> c.weight() > 0).toList();
            if (load.panic()) {
                return weighted;
            }
            List<Candidate> good = weighted.stream()
                    .filter(c -> c.use() == Candidate.Use.IN_TURN)
                    .toList();
            if (good.stream().anyMatch(Candidate::isGood)) {
                return good;
            }
            List<Candidate> suspects = weighted.stream()
                    .filter(c -> c.use() != Candidate.Use.LEFT_OUT)
                    .toList();
            return suspects.isEmpty() ? weighted : suspects;
        }
    }
}
