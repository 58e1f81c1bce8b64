package io.clusterset.discovery.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;

/** What somebody may have meant. */
final class Nearest {

    /** What is much longer than any word of ours is like none of them; the rest of it would only cost time. */
    private static final int LONGEST = 100;

    private Nearest() {}

    /** Of these, the first one whose word takes the fewest changes. */
    static <T> T to(String word, T[] all, Function<T, String> wordOf) {
        String cut = word.substring(0, Math.min(word.length(), LONGEST));
        return Arrays.stream(all)
                .min(Comparator.comparingInt(one -> distance(cut, wordOf.apply(one))))
                .orElseThrow();
    }

    /** Levenshtein's: how many characters to insert, delete or replace. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
