package io.clusterset.discovery.failover;

import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Splits the load of one service over its tiers. Leaving a tier is immediate, coming back is careful, panic stays home. Not
 * thread-safe; used on the serial executor.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">Envoy's
 *     priority levels</a>, whose arithmetic the target follows
 */
public final class Failover {

    private static final int PANIC = 50;

    private final FailoverOptions options;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Map<String, TierReturn> returns = new HashMap<>();

    /** With the options, the clock and where jitter comes from. */
    public Failover(FailoverOptions options, Ticker ticker, RandomGenerator random) {
        this.options = options;
        this.ticker = ticker;
        this.random = random;
    }

    /** Decides anew. */
    public Loads decide(List<TierHealth> tiers) {
        int sum = tiers.stream().mapToInt(TierHealth::health).sum();
        int[] target = targets(tiers, sum);
        int[] applied = apply(tiers, target);
        List<TierLoad> loads = new ArrayList<>(tiers.size());
        List<String> next = new ArrayList<>();
        Optional<Duration> recheck = Optional.empty();
        for (int i = 0; i < tiers.size(); i++) {
            TierHealth tier = tiers.get(i);
            TierReturn returning = returning(tier);
            boolean panic = applied[i] > 0 && sum < 100 && tier.healthy() * 100 < PANIC * tier.total();
            loads.add(new TierLoad(
                    tier.tier(), applied[i], target[i], tier.health(), panic, reason(tier, panic, returning)));
            Optional<Duration> mine = returning.next();
            if (mine.isPresent()) {
                next.add(tier.tier() + ": next step of the return in at most "
                        + mine.get().toMillis() + " ms");
                recheck = recheck.filter(soonest -> soonest.compareTo(mine.get()) <= 0)
                        .or(() -> mine);
            }
        }
        return new Loads(loads, recheck, next);
    }

    /** Envoy's shares, as whole percents; with no healthy endpoint anywhere, the first tier that has any takes all. */
    private static int[] targets(List<TierHealth> tiers, int sum) {
        int[] target = new int[tiers.size()];
        int left = 100;
        if (sum > 0) {
            int total = Math.min(100, sum);
            int first = -1;
            for (int i = 0; i < target.length; i++) {
                target[i] = Math.min(left, 100 * tiers.get(i).health() / total);
                left -= target[i];
                first = first < 0 && target[i] > 0 ? i : first;
            }
            target[first] += left;
            return target;
        }
        for (int i = 0; i < target.length && left > 0; i++) {
            if (tiers.get(i).total() > 0) {
                target[i] = left;
                left = 0;
            }
        }
        return target;
    }

    private int[] apply(List<TierHealth> tiers, int[] target) {
        int[] applied = new int[target.length];
        int left = 0;
        for (int i = 0; i < target.length; i++) {
            applied[i] = returning(tiers.get(i)).hold(target[i], tiers.get(i), others(tiers, i));
            left += target[i] - applied[i];
        }
        // What is held back goes to the others, in order, as far as their health carries it …
        for (int i = 0; i < target.length && left > 0; i++) {
            boolean heldBack = applied[i] < target[i];
            int room = heldBack ? 0 : Math.max(0, tiers.get(i).health() - applied[i]);
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

    private static boolean othersAreDead(List<TierHealth> tiers, int but) {
        for (int i = 0; i < tiers.size(); i++) {
            if (i != but && tiers.get(i).health() > 0) {
                return false;
            }
        }
        return true;
    }

    private static TierHealth others(List<TierHealth> tiers, int but) {
        long succeeded = 0;
        long failed = 0;
        for (int i = 0; i < tiers.size(); i++) {
            if (i != but) {
                succeeded += tiers.get(i).succeeded();
                failed += tiers.get(i).failed();
            }
        }
        return new TierHealth("", 0, 0, false, "", succeeded, failed);
    }

    private static String reason(TierHealth tier, boolean panic, TierReturn returning) {
        if (!returning.reason().isEmpty()) {
            return returning.reason();
        }
        String why = tier.why().isEmpty() ? "" : " (" + tier.why() + ")";
        if (tier.total() == 0) {
            return "no endpoint" + why;
        }
        String counts = tier.healthy() + " of " + tier.total() + " healthy" + why;
        return panic ? counts + ": panic, all of them are used" : counts;
    }

    private TierReturn returning(TierHealth tier) {
        return returns.computeIfAbsent(tier.tier(), name -> new TierReturn(options, ticker, random));
    }

    /**
     * The split.
     *
     * @param tiers one load per tier, in order; they sum to 100, or to 0 if there is no endpoint at all
     * @param recheck when to decide again even if nothing happens
     * @param next what will happen then, in words
     */
    public record Loads(List<TierLoad> tiers, Optional<Duration> recheck, List<String> next) {
        /** Copies the lists. */
        public Loads {
            tiers = List.copyOf(tiers);
            next = List.copyOf(next);
        }
    }
}
