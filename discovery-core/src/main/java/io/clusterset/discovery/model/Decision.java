package io.clusterset.discovery.model;

import java.util.List;

/**
 * What the stages decided for one service, with their reasons: the snapshot they saw, who is eligible, how the load is
 * split and what happens next. {@code explain} is made of this and of nothing else.
 *
 * @param snapshot what was known
 * @param tiers one per tier, in order
 * @param notes sentences about the whole
 * @param next what will happen next, in words; empty if nothing is scheduled
 */
public record Decision(Snapshot snapshot, List<Tier> tiers, List<String> notes, List<String> next) {

    /** Copies the lists. */
    public Decision {
        tiers = List.copyOf(tiers);
        notes = List.copyOf(notes);
        next = List.copyOf(next);
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

    /** The tier with most load, or empty text if none has any. */
    public String mostLoaded() {
        return TierLoad.most(tiers.stream().map(Tier::load).toList());
    }

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

        /** The percent of all traffic one of its candidates gets, 0 to 100. */
        public double share(Candidate candidate) {
            List<Candidate> used = inUse();
            if (!used.contains(candidate)) {
                return 0;
            }
            return (double) load.percent() / used.size(); // no balancer looks at weights yet
        }

        /**
         * The candidates that picks of this tier go to: everybody in panic, else those in turn, if any of them works. An
         * unhealthy one that the cap keeps in turn is no better than a suspect.
         */
        public List<Candidate> inUse() {
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
