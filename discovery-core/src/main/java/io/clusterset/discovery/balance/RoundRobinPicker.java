package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Round robin over the endpoints of each tier, tiers by their percent.
 *
 * <p>With one tier in use a pick is {@code sequence mod n}. With several, one hundred slots are dealt out to the tiers, evenly
 * spread; the n-th draw of a tier takes its n-th endpoint, so that every endpoint of a tier gets the same share exactly.
 */
final class RoundRobinPicker implements Picker {

    private static final int SLOTS = 100;
    private static final int TRIALS_APART = 16;

    private final Candidate[][] tiers;
    private final byte[] slotTier; // which tier a slot belongs to; empty with one tier
    private final byte[] slotRank; // the how-many-th slot of its tier it is
    private final int[] slotCount; // how many slots a tier has
    private final Candidate[] onTrial; // of the tiers in use
    private final List<Candidate> preference;
    private final Map<String, Integer> tierOrder;
    private final IntSupplier sequence;
    private final AtomicInteger retries =
            new AtomicInteger(); // not the sequence: a retry must not shift whose turn it is

    private RoundRobinPicker(
            List<List<Candidate>> used, List<Integer> percents, Decision decision, IntSupplier sequence) {
        this.preference = preference(decision);
        this.onTrial = decision.tiers().stream()
                .filter(tier -> tier.load().percent() > 0)
                .flatMap(tier -> tier.candidates().stream())
                .filter(candidate -> (candidate.use() == Use.ON_TRIAL) && candidate.weight() > 0)
                .toArray(Candidate[]::new);
        this.tierOrder = new HashMap<>();
        decision.tiers().forEach(tier -> tierOrder.put(tier.view().tier(), tierOrder.size()));
        this.sequence = sequence;
        this.tiers = used.stream().map(list -> list.toArray(Candidate[]::new)).toArray(Candidate[][]::new);
        int several = tiers.length > 1 ? SLOTS : 0;
        this.slotTier = new byte[several];
        this.slotRank = new byte[several];
        this.slotCount = new int[tiers.length];
        int[] credit = new int[tiers.length];
        int all = percents.stream().mapToInt(Integer::intValue).sum(); // less than 100 where guarded tiers are full
        for (int slot = 0; slot < several; slot++) {
            int best = 0;
            for (int t = 0; t < tiers.length; t++) {
                credit[t] += percents.get(t);
                best = credit[t] > credit[best] ? t : best;
            }
            credit[best] -= all;
            slotTier[slot] = (byte) best;
            slotRank[slot] = (byte) slotCount[best]++;
        }
    }

    static Picker of(Decision decision, IntSupplier sequence) {
        List<List<Candidate>> used = new ArrayList<>();
        List<Integer> percents = new ArrayList<>();
        List<Candidate> better = decision.tiers().stream()
                .map(Decision.Tier::inUse)
                .filter(tier -> tier.stream().anyMatch(Candidate::isGood))
                .findFirst()
                .orElse(List.of());
        for (Decision.Tier tier : decision.tiers()) {
            List<Candidate> candidates = tier.inUse();
            if (tier.load().percent() == 0 || candidates.isEmpty()) {
                continue;
            }
            // a tier of suspects is passed over while another has better ones: it keeps its load, the others do its
            // work
            boolean suspects = !tier.load().panic() && candidates.stream().noneMatch(Candidate::isGood);
            used.add(suspects && !better.isEmpty() ? better : candidates);
            percents.add(tier.load().percent());
        }
        if (used.isEmpty()) {
            return new EmptyPicker(decision);
        }
        return new RoundRobinPicker(used, percents, decision, sequence);
    }

    /** Everybody, best verdicts first, tiers in order. */
    private static List<Candidate> preference(Decision decision) {
        List<Candidate> all = new ArrayList<>();
        decision.tiers().forEach(tier -> all.addAll(tier.candidates()));
        all.sort(Comparator.comparingInt(RoundRobinPicker::rank)); // stable: tiers keep their order
        return List.copyOf(all);
    }

    private static int rank(Candidate candidate) {
        if (candidate.isGood()) {
            return 0;
        }
        return candidate.verdict().countsAsHealthy() ? 1 : 2;
    }

    @Override
    public Candidate pick() {
        int draw = sequence.getAsInt();
        if (onTrial.length > 0 && draw % TRIALS_APART == 0) {
            Candidate tried = onTrial[draw / TRIALS_APART % onTrial.length];
            if (tried.outcomes().admits()) {
                return tried;
            }
        }
        return at(draw);
    }

    @Override
    public Candidate pick(Affinity affinity) {
        int key = mix(affinity.key().hashCode());
        Candidate[] tier = tiers.length == 1 ? tiers[0] : tiers[slotTier[(key & Integer.MAX_VALUE) % SLOTS]];
        Candidate best = tier[0];
        int highest = Integer.MIN_VALUE;
        for (Candidate candidate : tier) {
            int score = mix(key ^ candidate.endpoint().socketAddress().hashCode());
            if (score > highest) {
                highest = score;
                best = candidate;
            }
        }
        return best;
    }

    private Candidate at(int draw) {
        if (tiers.length == 1) {
            Candidate[] only = tiers[0];
            return only[draw % only.length];
        }
        int slot = draw % SLOTS;
        int tier = slotTier[slot];
        Candidate[] endpoints = tiers[tier];
        long nth = (long) (draw / SLOTS) * slotCount[tier] + slotRank[slot];
        return endpoints[(int) (nth % endpoints.length)];
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        int size = preference.size();
        int start = size == 0 ? 0 : (retries.getAndIncrement() & Integer.MAX_VALUE) % size;
        Candidate best = null;
        int bestScore = Integer.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            int index = (start + i) % size; // so that retries of many calls spread over equals
            Candidate candidate = preference.get(index);
            if (candidate.weight() == 0 || tried.contains(candidate.endpoint().socketAddress())) {
                continue;
            }
            boolean stays = leaving.isPresent()
                    && leaving.get().equals(candidate.endpoint().tier());
            int order = tierOrder.getOrDefault(candidate.endpoint().tier(), 0);
            int score = rank(candidate) * 1000 + (stays ? 500 : 0) + order;
            if (score < bestScore) {
                bestScore = score;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    @Override
    public List<Candidate> ordered() {
        Set<Candidate> order = new LinkedHashSet<>();
        Candidate first = at(sequence.getAsInt()); // no trial: its permits are for attempts, and this is none
        order.add(first);
        for (Candidate candidate : preference) {
            if (rank(candidate) == rank(first)
                    && candidate.endpoint().tier().equals(first.endpoint().tier())) {
                order.add(candidate);
            }
        }
        order.addAll(preference);
        return List.copyOf(order);
    }

    /** A finaliser of MurmurHash3: spreads every input bit over the whole word. */
    private static int mix(int value) {
        int h = value;
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return h ^ (h >>> 16);
    }
}
