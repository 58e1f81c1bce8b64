package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Verdict.State;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What all pickers have in common: where to go when the one that was picked fails, in which order to try, and trials. */
final class Elsewhere {

    private static final int TRIALS_APART = 16;

    /** What is lighter than this part of the heaviest is there for want of better ones: too far away, says topology. */
    private static final float FAR = 1e-6f;

    private static final int NOT_AT_ALL = Integer.MAX_VALUE;

    private final Decision decision;
    private final Candidate[] onTrial; // of the tiers in use
    private final AtomicInteger retries; // not the picker's turns: a retry must not shift whose turn it is

    /** With where retries begin: the first of them must not meet the same endpoint after every rebuild. */
    Elsewhere(Decision decision, List<Decision.Portion> portions, int start) {
        this.decision = decision;
        this.retries = new AtomicInteger(start);
        List<Candidate> trials = new ArrayList<>();
        for (Decision.Tier tier : decision.tiers()) {
            boolean none = tier.load().percent() == 0 || allInTurn(tier, portions);
            for (Candidate candidate : none ? List.<Candidate>of() : tier.candidates()) {
                if (candidate.use() == Use.ON_TRIAL && candidate.weight() > 0) {
                    trials.add(candidate);
                }
            }
        }
        this.onTrial = trials.toArray(Candidate[]::new);
    }

    /** Whether a portion is a tier as it is: there are thousands to look at otherwise. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean allInTurn(Decision.Tier tier, List<Decision.Portion> portions) {
        return !tier.load().panic() && portions.stream().anyMatch(portion -> portion.candidates() == tier.candidates());
    }

    /** One of 16 turns goes to a candidate on trial that takes another attempt, if there is any. */
    Optional<Candidate> trial(int turn) {
        if (onTrial.length == 0 || turn % TRIALS_APART != 0) {
            return Optional.empty();
        }
        Candidate tried = onTrial[((turn / TRIALS_APART) & Integer.MAX_VALUE) % onTrial.length];
        return tried.outcomes().admits() ? Optional.of(tried) : Optional.empty();
    }

    /** As {@link io.clusterset.discovery.model.Picker#another}. */
    Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        int bestScore = NOT_AT_ALL;
        int best = 0;
        int equals = 0; // all of one tier: its order is in the score
        for (int order = 0; order < decision.tiers().size(); order++) {
            List<Candidate> candidates = decision.tiers().get(order).candidates();
            float far = FAR * heaviest(candidates);
            boolean stays = isLeft(order, leaving);
            for (int i = 0; i < candidates.size(); i++) { // no iterator: there may be thousands
                int score = again(candidates.get(i), stays, order, far, tried);
                if (score < bestScore) {
                    bestScore = score;
                    best = order;
                    equals = 1;
                } else if (score == bestScore && score < NOT_AT_ALL) {
                    equals++;
                }
            }
        }
        if (equals == 0) {
            return Optional.empty();
        }
        // mixed: where calls retry in pairs, each first retry would have an even number
        long drawn = Integer.toUnsignedLong(mix(retries.getAndIncrement()));
        return Optional.of(nth((int) ((drawn * equals) >>> 32), bestScore, best, tried, leaving));
    }

    /** By number, not the first from somewhere on: whoever stands behind a row of worse ones would be met by all who end up among those. */
    private Candidate nth(int number, int score, int order, Set<InetSocketAddress> tried, Optional<String> leaving) {
        List<Candidate> candidates = decision.tiers().get(order).candidates();
        float far = FAR * heaviest(candidates);
        boolean stays = isLeft(order, leaving);
        int left = number;
        for (int i = 0; i < candidates.size(); i++) {
            if (again(candidates.get(i), stays, order, far, tried) == score) {
                if (left == 0) {
                    return candidates.get(i);
                }
                left--;
            }
        }
        throw new IllegalStateException("number " + number + " (expected: one of those that were counted)");
    }

    private boolean isLeft(int order, Optional<String> leaving) {
        return leaving.isPresent()
                && leaving.get().equals(decision.tiers().get(order).view().tier());
    }

    /** For a call that has failed elsewhere: who has answered before goes before who was never tried. */
    private static int again(Candidate candidate, boolean stays, int order, float far, Set<InetSocketAddress> tried) {
        if (candidate.weight() <= 0 || tried.contains(candidate.endpoint().socketAddress())) {
            return NOT_AT_ALL;
        }
        return 2 * score(candidate, stays, order, far) + (candidate.verdict().state() == State.UNKNOWN ? 1 : 0);
    }

    /** As {@link io.clusterset.discovery.model.Picker#ordered}, this one first. */
    List<Candidate> ordered(Candidate first) {
        record Scored(Candidate candidate, int score) {}
        List<Scored> all = new ArrayList<>();
        for (int order = 0; order < decision.tiers().size(); order++) {
            List<Candidate> candidates = decision.tiers().get(order).candidates();
            float far = FAR * heaviest(candidates);
            boolean behind = !decision.tiers()
                    .get(order)
                    .view()
                    .tier()
                    .equals(first.endpoint().tier());
            for (Candidate candidate : candidates) {
                boolean equal = rank(candidate) == rank(first) && !behind;
                all.add(new Scored(
                        candidate, equal ? candidate.weight() < far ? 1 : 0 : 2 + score(candidate, false, order, far)));
            }
        }
        all.sort(Comparator.comparingInt(Scored::score)); // stable
        Set<Candidate> order = new LinkedHashSet<>();
        order.add(first);
        all.forEach(scored -> order.add(scored.candidate()));
        return List.copyOf(order);
    }

    /** Better verdicts first, then tiers in order, then near ones. */
    private static int score(Candidate candidate, boolean stays, int order, float far) {
        return rank(candidate) * 10_000 + (stays ? 5_000 : 0) + order * 2 + (candidate.weight() < far ? 1 : 0);
    }

    private static float heaviest(List<Candidate> candidates) {
        float heaviest = 0;
        for (Candidate candidate : candidates) {
            heaviest = Math.max(heaviest, candidate.weight());
        }
        return heaviest;
    }

    private static int rank(Candidate candidate) {
        if (candidate.isGood()) {
            return 0;
        }
        return candidate.verdict().countsAsHealthy() ? 1 : 2;
    }

    /** The same candidate for the same key while the set stays the same: weighted rendezvous, O(endpoints). */
    static Candidate of(Affinity affinity, List<Decision.Portion> portions) {
        int key = hash(affinity);
        List<Candidate> tier = portions.get(portionOf(key, portions)).candidates();
        Candidate best = tier.get(0);
        double highest = Double.NEGATIVE_INFINITY;
        for (Candidate candidate : tier) {
            int hash = mix(key ^ candidate.endpoint().addressHash());
            double score = candidate.weight() / -Math.log((Integer.toUnsignedLong(hash) + 0.5) * 0x1p-32);
            if (score > highest) {
                highest = score;
                best = candidate;
            }
        }
        return best;
    }

    /** Of the key. */
    static int hash(Affinity affinity) {
        return mix(affinity.key().hashCode());
    }

    /** Which portion a key's calls go to: a key stays where it is for as long as that tier's load does not shrink below it. */
    static int portionOf(int key, List<Decision.Portion> portions) {
        int all = 0;
        for (int i = 0; i < portions.size(); i++) { // no iterator: picks make no garbage
            all += portions.get(i).percent();
        }
        long point = (Integer.toUnsignedLong(mix(key + Turns.GOLDEN)) * all) >>> 32;
        int last = portions.size() - 1;
        for (int i = 0; i < last; i++) {
            point -= portions.get(i).percent();
            if (point < 0) {
                return i;
            }
        }
        return last;
    }

    /** A finaliser of MurmurHash3: spreads every input bit over the whole word. */
    static int mix(int value) {
        int h = value;
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return h ^ (h >>> 16);
    }
}
