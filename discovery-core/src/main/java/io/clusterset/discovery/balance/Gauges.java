package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Outcomes;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Puts a gauge before the outcomes of every candidate of a decision, the one it had before if it had one. */
final class Gauges {

    private Gauges() {}

    /**
     * The decision with gauges.
     *
     * @param before the one that the picker before was built from, with its gauges
     * @param fresh makes a tier's gauges
     * @param stays whether a gauge still does, in the tier of this name
     */
    static Decision over(
            Decision decision,
            Optional<Decision> before,
            BiPredicate<String, Gauge> stays,
            Function<String, Function<Outcomes, Gauge>> fresh) {
        List<Decision.Tier> former = before.map(Decision::tiers).orElse(List.of());
        Former all = new Former(former);
        List<Decision.Tier> tiers = new ArrayList<>(decision.tiers().size());
        for (int t = 0; t < decision.tiers().size(); t++) {
            Decision.Tier tier = decision.tiers().get(t);
            String name = tier.view().tier();
            Function<Outcomes, Gauge> make = fresh.apply(name);
            List<Candidate> then = t < former.size() ? former.get(t).candidates() : List.of();
            List<Candidate> gauged = new ArrayList<>(tier.candidates().size());
            for (int i = 0; i < tier.candidates().size(); i++) {
                Candidate candidate = tier.candidates().get(i);
                Optional<Gauge> had = i < then.size() && measures(then.get(i), candidate.outcomes())
                        ? Optional.of(gauge(then.get(i)))
                        : all.of(candidate.outcomes());
                gauged.add(candidate.withOutcomes(had.filter(gauge -> stays.test(name, gauge))
                        .orElseGet(() -> make.apply(candidate.outcomes()))));
            }
            tiers.add(new Decision.Tier(tier.view(), tier.load(), gauged, tier.excluded()));
        }
        return new Decision(decision.snapshot(), tiers, decision.notes(), decision.next(), decision.returning());
    }

    /** The gauge of a candidate that has one. */
    static Gauge gauge(Candidate gauged) {
        return (Gauge) gauged.outcomes();
    }

    @SuppressWarnings("ReferenceEquality") // an endpoint's outcomes are one object for as long as it is known
    private static boolean measures(Candidate gauged, Outcomes outcomes) {
        return gauge(gauged).to() == outcomes;
    }

    /** As a rule everybody is where they were, and this is not asked for. */
    private static final class Former {
        private final List<Decision.Tier> tiers;
        private Optional<IdentityHashMap<Outcomes, Gauge>> gauges = Optional.empty();

        Former(List<Decision.Tier> tiers) {
            this.tiers = tiers;
        }

        Optional<Gauge> of(Outcomes outcomes) {
            IdentityHashMap<Outcomes, Gauge> known = gauges.orElseGet(this::all);
            gauges = Optional.of(known);
            return Optional.ofNullable(known.get(outcomes));
        }

        private IdentityHashMap<Outcomes, Gauge> all() {
            IdentityHashMap<Outcomes, Gauge> all = new IdentityHashMap<>();
            for (Decision.Tier tier : tiers) {
                tier.candidates().forEach(candidate -> all.put(gauge(candidate).to(), gauge(candidate)));
            }
            return all;
        }
    }
}
