package io.clusterset.discovery.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * Words that come again and again (zones, nodes, clusters, port names), kept once. Bounded: where two words meet in a slot, the
 * later one takes it. Not thread-safe; one per reader, for as long as it reads.
 */
final class Words {

    /** Room for the nodes of a large cluster; 16 KiB. */
    private static final int SLOTS = 4096;

    private final @Nullable String[] slots = new @Nullable String[SLOTS];

    /** The word that stands there. Makes no object if it was met before. */
    String of(char[] text, int from, int length) {
        int hash = 0; // as String has it
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + text[i];
        }
        int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        String known = slots[slot];
        if (known != null && known.hashCode() == hash && same(known, text, from, length)) {
            return known;
        }
        String word = new String(text, from, length);
        slots[slot] = word;
        return word;
    }

    private static boolean same(String known, char[] text, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }
}
