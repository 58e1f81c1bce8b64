package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Google's Maglev table: each slot has an owner, each endpoint owns slots in proportion to its weight, and of a set that loses
 * or gains one few slots change hands that need not. Tells endpoints apart by their address alone, so that any order, and any
 * process, leads to the same table.
 *
 * <p>It always has 65,537 slots: with fewer for small sets, a set that grows past a size would have all its keys move at once.
 * Those are 128 KiB and a few milliseconds' work, so it is made when the first key comes; and after that with its picker.
 */
final class Maglev {

    /** A prime. */
    static final int SLOTS = 65_537;

    private static final char FREE = Character.MAX_VALUE;

    /** A slot holds a member's place, in a char. Far above any service's size. */
    private static final int MOST = FREE;

    private final Endpoint[] members;
    private final float[] weights;
    private volatile char @Nullable [] slots;

    /** Of candidates in the order of {@link #inOrder}. */
    Maglev(Candidate[] ordered) {
        int size = Math.min(MOST, ordered.length);
        members = new Endpoint[size];
        weights = new float[size];
        for (int i = 0; i < size; i++) {
            members[i] = ordered[i].endpoint();
            weights[i] = ordered[i].weight();
        }
    }

    /** The candidates in an order of their addresses. */
    static Candidate[] inOrder(List<Candidate> candidates) {
        Candidate[] ordered = candidates.toArray(Candidate[]::new);
        Arrays.sort(
                ordered,
                Comparator.comparingInt(
                                (Candidate candidate) -> candidate.endpoint().addressHash())
                        .thenComparing(candidate -> candidate.endpoint().authority()));
        return ordered;
    }

    /** Whether it is these candidates' table. */
    boolean fits(Candidate[] ordered) {
        if (members.length != ordered.length) {
            return false;
        }
        for (int i = 0; i < members.length; i++) {
            if (!members[i].sameAddress(ordered[i].endpoint()) || weights[i] != ordered[i].weight()) {
                return false;
            }
        }
        return true;
    }

    boolean isMade() {
        return slots != null;
    }

    /** The place of a slot's owner in the order. */
    int owner(int slot) {
        return made()[slot];
    }

    char[] made() {
        char[] now = slots;
        if (now != null) {
            return now;
        }
        synchronized (this) {
            char[] filled = slots == null ? filled() : slots;
            slots = filled;
            return filled;
        }
    }

    private char[] filled() {
        char[] table = new char[SLOTS];
        Arrays.fill(table, FREE);
        float heaviest = 0;
        float lightest = Float.MAX_VALUE;
        for (float weight : weights) {
            heaviest = Math.max(heaviest, weight);
            lightest = Math.min(lightest, weight);
        }
        Claimant[] claimants = new Claimant[members.length];
        for (int i = 0; i < claimants.length; i++) {
            claimants[i] = new Claimant(i, members[i].addressHash(), heaviest / (double) weights[i]);
        }
        if (lightest == heaviest) {
            inTurn(claimants, table);
        } else {
            byWeight(claimants, table);
        }
        return table;
    }

    /** What {@link #byWeight} comes to if all have the same pace. */
    private static void inTurn(Claimant[] claimants, char[] table) {
        Arrays.sort(claimants);
        for (int i = 0; i < SLOTS; i++) {
            claimants[i % claimants.length].claim(table);
        }
    }

    private static void byWeight(Claimant[] claimants, char[] table) {
        PriorityQueue<Claimant> next = new PriorityQueue<>(List.of(claimants));
        for (int i = 0; i < SLOTS; i++) {
            Claimant claimant = next.remove();
            claimant.claim(table);
            next.add(claimant);
        }
    }

    /**
     * Takes the first slot that is free of its own permutation of all slots, each time its turn comes. Turns come at a pace
     * given by weight, from a start given by address: so that of many with less than a slot each, some have one.
     */
    private static final class Claimant implements Comparable<Claimant> {
        private final int member;
        private final double pace;
        private final int skip;
        private int slot;
        private double due;

        Claimant(int member, int hash, double pace) {
            this.member = member;
            this.pace = pace;
            this.slot = Integer.remainderUnsigned(Elsewhere.mix(hash), SLOTS);
            this.skip = Integer.remainderUnsigned(Elsewhere.mix(hash + Turns.GOLDEN), SLOTS - 1) + 1;
            this.due = pace * ((Integer.toUnsignedLong(Elsewhere.mix(hash - Turns.GOLDEN)) + 1) * 0x1p-32);
        }

        void claim(char[] table) {
            while (table[slot] != FREE) {
                slot = (slot + skip) % SLOTS;
            }
            table[slot] = (char) member;
            due += pace;
        }

        @Override
        public int compareTo(Claimant other) {
            int byTurn = Double.compare(due, other.due);
            return byTurn != 0 ? byTurn : Integer.compare(member, other.member);
        }
    }
}
