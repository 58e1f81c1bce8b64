package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import java.util.List;

/**
 * The whole decision as a ring of 2³² points: each candidate has an arc as long as its share of all traffic, the arcs of a
 * tier lie side by side, tiers in order. Who owns a point is found in O(1): a guide says where to begin to look, and there is
 * one arc or two to look at on average, however uneven the weights are. Immutable.
 */
final class Ring {

    private static final double POINTS = 0x1p32;
    private static final int MOST_MARKS = 1 << 16;

    private final Candidate[] candidates;
    private final boolean even; // one tier, equal weights: no need to store arcs
    private final int[] ends; // where arcs end, exclusive, as unsigned ints; the last one ends at 2^32
    private final int[] guide;
    private final int shift;
    private final int[] firsts; // the first candidate of each portion, and behind the last portion

    Ring(List<Decision.Portion> portions) {
        firsts = new int[portions.size() + 1];
        for (int i = 0; i < portions.size(); i++) {
            firsts[i + 1] = firsts[i] + portions.get(i).candidates().size();
        }
        candidates = portions.get(0).candidates().toArray(new Candidate[firsts[portions.size()]]);
        for (int i = 1; i < portions.size(); i++) {
            Object[] more = portions.get(i).candidates().toArray();
            System.arraycopy(more, 0, candidates, firsts[i], more.length);
        }
        float[] weights = new float[candidates.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = candidates[i].weight();
        }
        even = portions.size() == 1 && equal(weights);
        ends = even ? new int[0] : ends(portions, weights);
        int marks = Math.min(MOST_MARKS, Integer.highestOneBit(Math.max(1, candidates.length * 2 - 1)));
        shift = 32 - Integer.numberOfTrailingZeros(marks);
        guide = even ? new int[0] : guide(marks);
    }

    private static boolean equal(float[] weights) {
        for (float weight : weights) {
            if (weight != weights[0]) {
                return false;
            }
        }
        return true;
    }

    private int[] ends(List<Decision.Portion> portions, float[] weights) {
        int[] all = new int[weights.length];
        double percents = 0; // less than 100 where guarded tiers are full
        for (Decision.Portion portion : portions) {
            percents += portion.percent();
        }
        double before = 0;
        for (int p = 0; p < portions.size(); p++) {
            double sum = 0;
            for (int i = firsts[p]; i < firsts[p + 1]; i++) {
                sum += weights[i];
            }
            double arc = portions.get(p).percent() / percents * POINTS;
            double pointsPerWeight = arc / sum;
            double covered = 0;
            for (int i = firsts[p]; i < firsts[p + 1]; i++) {
                covered += weights[i];
                all[i] = (int) (long) Math.min(POINTS - 1, before + covered * pointsPerWeight);
            }
            before += arc;
        }
        all[all.length - 1] = 0; // 2^32, whatever was lost in rounding
        return all;
    }

    private int[] guide(int marks) {
        int[] first = new int[marks];
        int i = 0;
        for (int mark = 0; mark < marks; mark++) {
            i = reached(i, mark << (shift & 31));
            first[mark] = i;
        }
        return first;
    }

    /** The first arc from this one on that ends behind the point. */
    private int reached(int from, int point) {
        int i = from;
        while (i < ends.length - 1 && Integer.compareUnsigned(ends[i], point) <= 0) {
            i++;
        }
        return i;
    }

    /** How many candidates it has. */
    int size() {
        return candidates.length;
    }

    Candidate candidate(int index) {
        return candidates[index];
    }

    /**
     * The index of the candidate whose turn it is: a fixed stride, the golden section of the ring, from turn to turn. Any run
     * of turns meets each arc as often as its length says, give or take a few, and evenly spread; and since the stride is odd,
     * the turn's overflow is no seam. With equal weights it is each in turn.
     */
    int inTurn(int turn) {
        return even ? (turn & Integer.MAX_VALUE) % candidates.length : at(turn * Turns.GOLDEN);
    }

    /** The index of the candidate that owns a point. */
    int at(int point) {
        if (even) {
            return (int) ((Integer.toUnsignedLong(point) * candidates.length) >>> 32);
        }
        return reached(guide.length == 1 ? 0 : guide[point >>> shift], point);
    }

    /** Another one of the same tier, drawn by weight as if this one were not there; itself if it is alone. */
    int otherThan(int index, int point) {
        if (even) {
            int other = (int) ((Integer.toUnsignedLong(point) * (candidates.length - 1)) >>> 32);
            return candidates.length > 1 && other >= index ? other + 1 : other;
        }
        int portion = 0;
        while (firsts[portion + 1] <= index) {
            portion++;
        }
        int first = firsts[portion];
        int last = firsts[portion + 1] - 1;
        if (first == last) {
            return index;
        }
        long start = start(first);
        long without = start(index);
        long length = end(index) - without;
        long left = end(last) - start - length;
        if (left <= (length >>> 20)) {
            return index; // the others are there for want of better ones
        }
        long drawn = start + (((point >>> 1) * left) >>> 31); // left is below 2^32
        int other = at((int) (drawn < without ? drawn : drawn + length));
        return other == index ? (index == last ? first : last) : other;
    }

    private long start(int index) {
        return index == 0 ? 0 : Integer.toUnsignedLong(ends[index - 1]);
    }

    private long end(int index) {
        return index == ends.length - 1 ? (1L << 32) : Integer.toUnsignedLong(ends[index]);
    }
}
