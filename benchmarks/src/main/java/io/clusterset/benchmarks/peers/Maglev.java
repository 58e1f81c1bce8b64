package io.clusterset.benchmarks.peers;

import java.util.Arrays;
import java.util.function.Supplier;

/** Maglev's look-up table as its paper fills it: each endpoint in turn takes the next free slot of its own permutation. */
public final class Maglev {

    private static final int SLOTS = 65_537;
    private static final int FREE = -1;

    private Maglev() {}

    /** The table of so many endpoints, from their hashes. */
    public static Supplier<Object> rebuild(int endpoints) {
        int[] hashes = Addresses.each(endpoints, nth -> Addresses.socket(nth).hashCode()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return () -> table(hashes);
    }

    private static int[] table(int[] hashes) {
        int[] next = new int[hashes.length];
        int[] skip = new int[hashes.length];
        for (int i = 0; i < hashes.length; i++) {
            next[i] = Integer.remainderUnsigned(mix(hashes[i]), SLOTS);
            skip[i] = Integer.remainderUnsigned(mix(hashes[i] ^ 0x9E3779B9), SLOTS - 1) + 1;
        }
        int[] table = new int[SLOTS];
        Arrays.fill(table, FREE);
        int filled = 0;
        while (true) {
            for (int i = 0; i < hashes.length; i++) {
                int slot = next[i];
                while (table[slot] != FREE) {
                    slot = (slot + skip[i]) % SLOTS;
                }
                table[slot] = i;
                next[i] = (slot + skip[i]) % SLOTS;
                filled++;
                if (filled == SLOTS) {
                    return table;
                }
            }
        }
    }

    private static int mix(int value) {
        int h = value;
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return h ^ (h >>> 16);
    }
}
