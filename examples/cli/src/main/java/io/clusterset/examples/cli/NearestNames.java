package io.clusterset.examples.cli;

import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Finds the options a mistyped one may have been meant to be. */
final class NearestNames {

    private static final int SHOWN = 2;

    private NearestNames() {}

    /** The options of a command that are most like the word, best first. */
    static String of(String word, CommandSpec command) {
        String written = word.split("=", 2)[0];
        List<String> nearest = command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .sorted(Comparator.comparingInt((String name) -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .toList();
        return String.join(", ", nearest);
    }

    /** Levenshtein's: how many characters to insert, delete or replace. */
    static int distance(String from, String to) {
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
