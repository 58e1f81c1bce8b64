package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * That a tier which lost load by its own illness comes back by steps: none of it sooner than the shortest dwell after it was last
 * seen ill, then 5, 25, 50 and 100 % of what its health gives it, 20 s apart. What the others have no room for goes home at once. Told by
 * loads and health alone, decision by decision; where a dwell was longer than it had to be, or a step failed, this is milder
 * than law 5, never harder.
 */
final class Returns {

    private static final int ILL = 72; // percent of health below which no dwell runs
    private static final long DWELL = Duration.ofSeconds(24).toNanos(); // 30 s, less a fifth
    private static final long APART = Duration.ofSeconds(20).toNanos();
    private static final List<Integer> STEPS = List.of(5, 25, 50, 100);

    private final Consumer<String> breaks;
    private final Map<String, Debt> debts = new HashMap<>(); // of tiers that lost load by their own illness
    private final Set<String> everIll = new HashSet<>(); // tiers
    private Map<String, Integer> before = Map.of(); // percent of each tier

    Returns(Consumer<String> breaks) {
        this.breaks = breaks;
    }

    /** Something was decided: each change of the loads must be among what this is told. */
    void decided(Decision decision) {
        long now = decision.snapshot().takenAt();
        decision.tiers().stream()
                .map(Decision.Tier::load)
                .filter(load -> load.health() < 100)
                .forEach(load -> everIll.add(load.tier()));
        Map<String, Integer> percents = new HashMap<>();
        for (Decision.Tier tier : decision.tiers()) {
            TierLoad load = tier.load();
            boolean hasRoom = othersHaveRoom(decision, load);
            Optional<Debt> debt = Optional.ofNullable(debts.get(load.tier()));
            int had = before.getOrDefault(load.tier(), 0);
            if (lost(tier, had, hasRoom)) {
                debts.put(load.tier(), new Debt(now));
            } else if (debt.isPresent() && isAlone(decision, load)) {
                debts.remove(load.tier()); // nobody else can: it has all, and keeps it
            } else {
                debt.ifPresent(mine -> mine.isHeldTo(load, had, hasRoom, now));
            }
            percents.put(load.tier(), load.percent());
        }
        before = percents;
    }

    /** Whether it has less for a reason of its own, be it that it has nobody; not knowing is no illness. */
    private static boolean lost(Decision.Tier tier, int had, boolean hasRoom) {
        TierLoad load = tier.load();
        boolean blind = tier.candidates().isEmpty() && tier.view().resolution() instanceof Resolution.Unknown;
        boolean none = load.percent() == 0 && load.target() == 0; // it stands by, or has nobody
        boolean fell =
                load.percent() < had && (hasRoom || load.target() == 0); // or it gave back what it had for another
        return !blind && load.health() < 100 && (none || fell);
    }

    /** Whether another could take more, and is surely not held back itself: nothing is due to it, or it never was ill. */
    private boolean othersHaveRoom(Decision decision, TierLoad mine) {
        return decision.tiers().stream()
                .map(Decision.Tier::load)
                .anyMatch(other -> !other.equals(mine)
                        && other.percent() < other.health()
                        && (other.target() == 0 || !everIll.contains(other.tier())));
    }

    private static boolean isAlone(Decision decision, TierLoad mine) {
        return mine.percent() > 0
                && decision.tiers().stream()
                        .map(Decision.Tier::load)
                        .allMatch(other -> other.equals(mine) || other.health() == 0);
    }

    /** What one tier has yet to get back by steps, if it was not long ago. */
    private final class Debt {
        private long ill; // when it was last seen so

        Debt(long ill) {
            this.ill = ill;
        }

        void isHeldTo(TierLoad load, int had, boolean othersHaveRoom, long now) {
            boolean noStepYet = load.percent() < share(load, STEPS.get(0));
            if (load.health() < ILL && (now - ill < DWELL || noStepYet)) {
                ill = now; // once it has begun to come back, a step is judged by how its calls end
            }
            int most = share(load, step(now - ill));
            int back = Math.min(load.percent(), load.target()); // beyond that it stands in for another
            if (back > had && back > most && othersHaveRoom) {
                breaks.accept(load.tier() + " came back to " + back + " % " + (now - ill) / 1_000_000
                        + " ms after it was ill, with room elsewhere (expected: at most " + most + " %)");
            }
        }

        private static int step(long well) {
            return well < DWELL ? 0 : STEPS.get((int) Math.min(STEPS.size() - 1, (well - DWELL) / APART));
        }

        private static int share(TierLoad load, int step) {
            return (load.target() * step + 99) / 100;
        }
    }
}
