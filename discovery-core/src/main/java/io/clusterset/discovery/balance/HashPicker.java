package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The endpoint that owns a key's slot of its tier's {@link Maglev} table, or, while that one has more than its part of the open
 * attempts, the next slot's that has not. Calls without a key go round the ring.
 */
final class HashPicker implements Picker {

    private final Decision decision;
    private final Turns turns;
    private final RingPicker ring;
    private final List<Decision.Portion> portions;
    private final List<Homes> homes; // one for each portion

    private HashPicker(Decision decision, Turns turns, double factor, List<Homes> before) {
        this.decision = decision;
        this.turns = turns;
        this.ring = new RingPicker(decision, turns, false);
        this.portions = decision.portions();
        this.homes = new ArrayList<>(portions.size());
        for (Decision.Portion portion : portions) {
            homes.add(new Homes(portion.candidates(), busyBeside(portion.candidates()), factor, before));
        }
    }

    static Picker of(Balancer.Rebuild rebuild, double factor) {
        if (rebuild.decision().portions().isEmpty()) {
            return new EmptyPicker(rebuild.decision());
        }
        Optional<HashPicker> before =
                rebuild.before().filter(picker -> picker instanceof HashPicker).map(picker -> (HashPicker) picker);
        Decision gauged = Gauges.over(
                rebuild.decision(),
                before.map(picker -> picker.decision),
                (tier, gauge) -> ((CrowdGauge) gauge).tier().equals(tier),
                tier -> {
                    LongAdder crowd =
                            before.flatMap(picker -> picker.crowdOf(tier)).orElseGet(LongAdder::new);
                    return to -> new CrowdGauge(to, tier, crowd);
                });
        Turns turns = before.map(picker -> picker.turns)
                .orElseGet(() -> new Turns(rebuild.random().nextInt()));
        return new HashPicker(
                gauged, turns, factor, before.map(picker -> picker.homes).orElse(List.of()));
    }

    /** Of the same crowd, but no keys go there: what hangs at one that is left out must not make room at the others. */
    private Gauge[] busyBeside(List<Candidate> members) {
        LongAdder crowd = ((CrowdGauge) Gauges.gauge(members.get(0))).crowd();
        Set<Candidate> present = new HashSet<>();
        List<Gauge> beside = new ArrayList<>();
        for (Decision.Tier tier : decision.tiers()) {
            boolean theirs = !tier.candidates().isEmpty()
                    && ((CrowdGauge) Gauges.gauge(tier.candidates().get(0))).crowd() == crowd;
            if (!theirs || tier.candidates().size() == members.size()) {
                continue;
            }
            present.addAll(members);
            for (Candidate candidate : tier.candidates()) {
                if (Gauges.gauge(candidate).open() > 0 && !present.contains(candidate)) {
                    beside.add(Gauges.gauge(candidate));
                }
            }
        }
        return beside.toArray(Gauge[]::new);
    }

    private Optional<LongAdder> crowdOf(String tier) {
        return decision.tiers().stream()
                .flatMap(known -> known.candidates().stream())
                .map(candidate -> (CrowdGauge) candidate.outcomes())
                .filter(gauge -> gauge.tier().equals(tier))
                .map(CrowdGauge::crowd)
                .findFirst();
    }

    @Override
    public Candidate pick() {
        return ring.pick();
    }

    @Override
    public Candidate pick(Affinity affinity) {
        int key = Elsewhere.hash(affinity);
        return homes.get(Elsewhere.portionOf(key, portions)).of(key);
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        return ring.another(tried, leaving);
    }

    @Override
    public List<Candidate> ordered() {
        return ring.ordered();
    }

    /** Where the keys of one portion live. */
    private static final class Homes {
        private final Candidate[] candidates; // in the table's order
        private final Maglev table;
        private final LongAdder crowd;
        private final Gauge[] beside;
        private final double factor;
        private final double weight; // of all

        Homes(List<Candidate> members, Gauge[] beside, double factor, List<Homes> before) {
            this.candidates = Maglev.inOrder(members);
            this.factor = factor;
            this.beside = beside;
            this.crowd = ((CrowdGauge) candidates[0].outcomes()).crowd();
            double sum = 0;
            for (Candidate candidate : candidates) {
                sum += candidate.weight();
            }
            this.weight = sum;
            this.table = before.stream()
                    .map(homes -> homes.table)
                    .filter(made -> made.fits(candidates))
                    .findFirst()
                    .orElseGet(() -> new Maglev(candidates));
            if (before.stream().anyMatch(homes -> homes.table.isMade())) {
                table.made(); // not on a caller's time
            }
        }

        Candidate of(int key) {
            int slot = Integer.remainderUnsigned(key, Maglev.SLOTS);
            Candidate home = candidates[table.owner(slot)];
            if (hasRoom(home)) {
                return home;
            }
            // those without room own no more than 1 / factor of the slots
            for (int i = 1; i < Maglev.SLOTS; i++) {
                Candidate next = candidates[table.owner((slot + i) % Maglev.SLOTS)];
                if (hasRoom(next)) {
                    return next;
                }
            }
            return home;
        }

        /** Whether with one more it has at most the factor times its part of all, rounded up. */
        private boolean hasRoom(Candidate candidate) {
            int open = Gauges.gauge(candidate).open();
            return open == 0 || open < factor * (all() + 1) * candidate.weight() / weight;
        }

        private long all() {
            long all = crowd.sum();
            for (Gauge gauge : beside) {
                all -= gauge.open();
            }
            return all;
        }
    }
}
