package io.clusterset.discovery.failover;

import io.clusterset.discovery.model.Returning;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Splits the load of one service over its tiers. Leaving a tier is immediate, coming back is careful, panic stays home. Not
 * thread-safe; used on the serial executor.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">Envoy's
 *     priority levels</a>, whose arithmetic the target follows
 */
public final class Failover {

    private static final int PANIC = 50;
    private static final int NONE = -1;

    private final Supplier<FailoverOptions> options;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Map<String, TierReturn> returns = new HashMap<>();
    private final Map<String, Ramp> ramps = new HashMap<>();

    /** With the options as they are at any time, the clock and where jitter comes from. */
    public Failover(Supplier<FailoverOptions> options, Ticker ticker, RandomGenerator random) {
        this.options = options;
        this.ticker = ticker;
        this.random = random;
    }

    /** Decides anew. */
    public Loads decide(List<TierHealth> tiers) {
        forgetOthers(tiers);
        int[] natural = targets(tiers, noDrill(tiers));
        int[] drills = drills(tiers);
        int[] target = targets(tiers, drills);
        int[] wished = apply(tiers, target, natural, drills);
        int[] applied = guard(tiers, wished, drills);
        // drilled tiers count: they could carry their part, and nobody need panic for a rehearsal
        int sum = tiers.stream().mapToInt(TierHealth::health).sum();
        List<TierLoad> loads = new ArrayList<>(tiers.size());
        List<String> next = new ArrayList<>();
        List<Returning> underWay = new ArrayList<>();
        Optional<Duration> recheck = Optional.empty();
        for (int i = 0; i < tiers.size(); i++) {
            TierHealth tier = tiers.get(i);
            returning(tier).carries(applied[i]);
            boolean panic = applied[i] > 0 && sum < 100 && tier.healthy() * 100 < PANIC * tier.total();
            String reason = reason(tier, panic, drills[i], target[i])
                    + more(tier, wished[i], applied[i], drills[i], target[i])
                    + guarded(tier, wished[i], applied[i]);
            loads.add(new TierLoad(tier.tier(), applied[i], target[i], tier.health(), panic, reason));
            Optional<Duration> mine = returning(tier).next();
            if (mine.isPresent() && target[i] > 0) {
                next.add(tier.tier() + ": " + returning(tier).announcement());
                returning(tier).underWay().ifPresent(underWay::add);
            }
            if (ramp(tier).rising()) {
                next.add(tier.tier() + ": rises by 20 points a second to "
                        + Math.min(wished[i], tier.maxLoad().orElse(100)) + " %");
            }
            recheck = soonest(recheck, mine);
            recheck = soonest(recheck, ramp(tier).rising() ? Optional.of(Ramp.LOOK_AGAIN) : Optional.empty());
        }
        List<Stage> stages = tiers.stream()
                .flatMap(tier -> returning(tier).stages().stream())
                .toList();
        return new Loads(loads, recheck, next, underWay, stages);
    }

    /** The service may have other tiers than before. */
    private void forgetOthers(List<TierHealth> tiers) {
        if (returns.size() > tiers.size()) {
            List<String> names = tiers.stream().map(TierHealth::tier).toList();
            returns.keySet().retainAll(names);
            ramps.keySet().retainAll(names);
        }
    }

    private static Optional<Duration> soonest(Optional<Duration> one, Optional<Duration> other) {
        return Stream.concat(one.stream(), other.stream()).min(Comparator.naturalOrder());
    }

    private static int[] noDrill(List<TierHealth> tiers) {
        int[] none = new int[tiers.size()];
        Arrays.fill(none, NONE);
        return none;
    }

    /**
     * What each tier is forced to, or {@link #NONE}. Nothing can be forced on a tier without a healthy endpoint; and if no
     * other tier could carry the rest, there is no drill at all: it must not become an outage.
     */
    private static int[] drills(List<TierHealth> tiers) {
        int[] drills = noDrill(tiers);
        int left = 100;
        int others = 0;
        for (int i = 0; i < drills.length; i++) {
            TierHealth tier = tiers.get(i);
            if (tier.drill().isPresent() && tier.health() > 0) {
                drills[i] = Math.min(left, tier.drill().getAsInt());
                left -= drills[i];
            } else {
                others += tier.health();
            }
        }
        return others > 0 || left == 0 ? drills : noDrill(tiers);
    }

    /**
     * Envoy's shares, as whole percents, of what drills leave; with no healthy endpoint anywhere, the first tier that has any
     * takes all.
     */
    private static int[] targets(List<TierHealth> tiers, int[] drills) {
        int[] target = new int[tiers.size()];
        int all = 100;
        int sum = 0;
        for (int i = 0; i < target.length; i++) {
            if (drills[i] == NONE) {
                sum += tiers.get(i).health();
            } else {
                target[i] = drills[i];
                all -= drills[i];
            }
        }
        int left = all;
        int total = Math.min(100, sum);
        int first = NONE;
        for (int i = 0; i < target.length; i++) {
            TierHealth tier = tiers.get(i);
            if (drills[i] == NONE && (sum > 0 ? tier.health() > 0 : tier.total() > 0)) {
                int share = sum == 0 ? left : Math.min(left, 100 * tier.health() / total * all / 100);
                first = first == NONE ? i : first;
                target[i] = share;
                left -= share;
            }
        }
        if (first != NONE) {
            target[first] += left;
        }
        return target;
    }

    private int[] apply(List<TierHealth> tiers, int[] target, int[] natural, int[] drills) {
        int[] applied = new int[target.length];
        int left = 0;
        for (int i = 0; i < target.length; i++) {
            TierReturn returning = returning(tiers.get(i));
            if (drills[i] == NONE) {
                applied[i] = returning.hold(target[i], tiers.get(i), others(tiers, i));
            } else {
                returning.drill(drills[i], natural[i]);
                applied[i] = drills[i];
            }
            left += target[i] - applied[i];
        }
        // What is held back goes to the others, in order, as far as their health carries it …
        for (int i = 0; i < target.length && left > 0; i++) {
            boolean closed = applied[i] < target[i] || drills[i] != NONE;
            int room = closed ? 0 : Math.max(0, tiers.get(i).health() - applied[i]);
            int more = Math.min(room, left);
            applied[i] += more;
            left -= more;
        }
        // … and the rest back to where it belongs, at once.
        for (int i = 0; i < target.length && left > 0; i++) {
            int more = Math.min(target[i] - Math.min(target[i], applied[i]), left);
            if (more > 0) {
                applied[i] += more;
                left -= more;
                if (othersAreDead(tiers, i)) {
                    returning(tiers.get(i)).force(applied[i]);
                }
            }
        }
        return applied;
    }

    /** Takes from guarded tiers what is too much for them; others take it on as far as their health goes, or nobody does. */
    private int[] guard(List<TierHealth> tiers, int[] wished, int[] drills) {
        int[] applied = wished.clone();
        int left = 0;
        for (int i = 0; i < applied.length; i++) {
            TierHealth tier = tiers.get(i);
            if (tier.maxLoad().isPresent()) {
                applied[i] = ramp(tier).admit(wished[i], tier.maxLoad().getAsInt());
                left += wished[i] - applied[i];
            }
        }
        for (boolean drilled :
                new boolean[] {false, true}) { // a drilled tier only if there is no other: it would be an outage
            for (int i = 0; i < applied.length && left > 0; i++) {
                TierHealth tier = tiers.get(i);
                if (tier.maxLoad().isEmpty() && drilled == (drills[i] != NONE)) {
                    int more = Math.min(left, Math.max(0, tier.health() - applied[i]));
                    applied[i] += more;
                    left -= more;
                }
            }
        }
        return applied;
    }

    /** Why it has more than its drill or its return allows. */
    private String more(TierHealth tier, int wished, int applied, int drill, int target) {
        if (applied > wished) {
            return ", and gets what the others may not take (max-load)";
        }
        boolean held = drill == NONE && target > 0 && !returning(tier).reason().isEmpty();
        return held && applied > returning(tier).held() ? ", and gets at once what others can't take" : "";
    }

    private static String guarded(TierHealth tier, int wished, int applied) {
        if (applied >= wished || tier.maxLoad().isEmpty()) {
            return "";
        }
        int most = tier.maxLoad().getAsInt();
        return applied < most ? ", rising to its max-load of " + most + " %" : ", full: max-load " + most + " %";
    }

    private static boolean othersAreDead(List<TierHealth> tiers, int but) {
        for (int i = 0; i < tiers.size(); i++) {
            if (i != but && tiers.get(i).health() > 0) {
                return false;
            }
        }
        return true;
    }

    private static Supplier<TierHealth.Attempts> others(List<TierHealth> tiers, int but) {
        return () -> {
            TierHealth.Attempts sum = new TierHealth.Attempts(0, 0);
            for (int i = 0; i < tiers.size(); i++) {
                sum = i == but ? sum : sum.plus(tiers.get(i).attempts().get());
            }
            return sum;
        };
    }

    private String reason(TierHealth tier, boolean panic, int drill, int target) {
        if (drill != NONE) {
            return "drill: forced to " + drill + " %";
        }
        String suspended = tier.drill().isEmpty()
                ? ""
                : ", its drill is suspended: "
                        + (tier.health() == 0 ? "it has no healthy endpoint" : "no other tier could carry it");
        return plainReason(tier, panic, target) + suspended;
    }

    private String plainReason(TierHealth tier, boolean panic, int target) {
        String returning = target == 0 ? "" : returning(tier).reason(); // it waits for nothing: it stands by
        boolean allWell = tier.healthy() == tier.total() && tier.why().isEmpty();
        if (!returning.isEmpty() && allWell) {
            return returning;
        }
        String plain = counted(tier, panic);
        return returning.isEmpty() ? plain : returning + "; " + plain;
    }

    private static String counted(TierHealth tier, boolean panic) {
        String why = tier.why().isEmpty() ? "" : " (" + tier.why() + ")";
        if (tier.total() == 0) {
            return "no endpoint" + why;
        }
        String counts = tier.healthy() + " of " + tier.total() + " healthy" + why;
        return panic ? counts + ": panic, all of them are used" : counts;
    }

    private TierReturn returning(TierHealth tier) {
        return returns.computeIfAbsent(tier.tier(), name -> new TierReturn(name, options, ticker, random));
    }

    private Ramp ramp(TierHealth tier) {
        return ramps.computeIfAbsent(tier.tier(), name -> new Ramp(ticker));
    }

    /**
     * The split.
     *
     * @param tiers one load per tier, in order; they sum to 100, to less if guarded tiers are full, or to 0 if there is no
     *     endpoint at all
     * @param recheck when to decide again even if nothing happens
     * @param next what will happen then, in words
     * @param returning the returns whose clock runs
     * @param stages what has become of returns since the last decision
     */
    public record Loads(
            List<TierLoad> tiers,
            Optional<Duration> recheck,
            List<String> next,
            List<Returning> returning,
            List<Stage> stages) {
        /** Copies the lists. */
        public Loads {
            tiers = List.copyOf(tiers);
            next = List.copyOf(next);
            returning = List.copyOf(returning);
            stages = List.copyOf(stages);
        }
    }

    /**
     * How far a tier's return has come.
     *
     * @param tier the tier
     * @param failed whether it must begin anew
     * @param what in words
     */
    public record Stage(String tier, boolean failed, String what) {}
}
