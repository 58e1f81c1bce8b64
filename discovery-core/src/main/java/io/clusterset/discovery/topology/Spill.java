package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Verdict.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Levels of preference within a tier. Each level takes as much as its health carries, what is left spills on to the next: the
 * arithmetic of Envoy's priority levels, by weight. Nobody is excluded.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">Envoy's
 *     priority levels</a>
 */
final class Spill {

    /**
     * The weight of an endpoint that takes over when those before it fail, relative to theirs: no pick in a million goes to it,
     * and yet a call that failed elsewhere can go on to it.
     */
    static final float STANDBY = 1e-9f;

    private static final double OVERPROVISIONED = 1.4;

    private final int[] levels; // of each candidate
    private final double[] all; // weight in each level
    private final double[] good; // of it, what works
    private final float[] heaviest; // of each level

    /** Of candidates and the level of each, 0 first. */
    Spill(List<Candidate> candidates, int[] levelOfEach, int count) {
        levels = levelOfEach;
        all = new double[count];
        good = new double[count];
        heaviest = new float[count];
        for (int i = 0; i < levels.length; i++) {
            Candidate candidate = candidates.get(i);
            heaviest[levels[i]] = Math.max(heaviest[levels[i]], candidate.weight());
            if (!waits(candidate)) {
                all[levels[i]] += candidate.weight();
                good[levels[i]] += candidate.isGood() ? candidate.weight() : 0;
            }
        }
    }

    /** One that nothing is held against and that is passed over all the same: its turn has not come (SRV priorities). */
    private static boolean waits(Candidate candidate) {
        State state = candidate.verdict().state();
        return candidate.use() == Candidate.Use.PASSED_OVER && (state == State.HEALTHY || state == State.UNKNOWN);
    }

    /** The weight of all levels together. */
    double total() {
        return Arrays.stream(all).sum();
    }

    /**
     * The candidates with the weights that give each level its share.
     *
     * @param expected what each level should have at least: one that has less carries only its part
     */
    List<Candidate> weighted(List<Candidate> candidates, double[] expected) {
        float[] factors = factors(expected);
        boolean asTheyAre = true;
        for (int level : levels) {
            asTheyAre &= factors[level] == 1;
        }
        if (asTheyAre) {
            return candidates;
        }
        List<Candidate> weighted = new ArrayList<>(candidates.size());
        for (int i = 0; i < levels.length; i++) {
            Candidate candidate = candidates.get(i);
            float weight = candidate.weight();
            boolean same = weight == 0 || factors[levels[i]] == 1;
            weighted.add(
                    same ? candidate : candidate.withWeight(Math.max(Float.MIN_NORMAL, weight * factors[levels[i]])));
        }
        return weighted;
    }

    /** By what the weights of each level are multiplied: 1 for the most preferred, as it were, less for the others. */
    private float[] factors(double[] expected) {
        double[] health = new double[all.length];
        for (int i = 0; i < health.length; i++) {
            health[i] = good[i] == 0 ? 0 : Math.min(1, OVERPROVISIONED * good[i] / Math.max(all[i], expected[i]));
        }
        float[] factors = new float[all.length];
        double sum = Math.min(1, Arrays.stream(health).sum());
        if (sum == 0) {
            Arrays.fill(factors, 1); // nothing works: no ground to prefer anybody
            return factors;
        }
        double[] perWeight = new double[all.length];
        double left = 1;
        for (int i = 0; i < health.length; i++) {
            double load = Math.min(left, health[i] / sum);
            left -= load;
            perWeight[i] = good[i] == 0 ? 0 : load / good[i];
        }
        double most = Arrays.stream(perWeight).max().orElse(1);
        double inUse = 0; // the heaviest of those that get something
        for (int i = 0; i < factors.length; i++) {
            inUse = Math.max(inUse, heaviest[i] * perWeight[i] / most);
        }
        for (int i = 0; i < factors.length; i++) {
            double heavier =
                    Math.max(1, heaviest[i] / inUse); // a weight of a million must not make up for the billionth
            factors[i] = (float) Math.max(STANDBY / heavier, perWeight[i] / most);
        }
        return factors;
    }
}
