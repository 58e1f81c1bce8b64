package io.clusterset.examples.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** Findings as lines of at most 80 columns. */
final class Page {

    private static final int WIDTH = 80;
    private static final int MARGIN = 9;
    private static final int LABEL = 7;
    private static final String VERBATIM = "    ";

    private Page() {}

    static List<String> lines(Finding finding) {
        List<String> lines = new ArrayList<>();
        String severity = finding.severity().word();
        String front = severity + " ".repeat(MARGIN - severity.length());
        lines.addAll(wrapped(front, MARGIN, finding.check() + ": " + finding.seen()));
        lines.addAll(part("means", finding.means()));
        lines.addAll(part("mend", finding.mend()));
        return lines;
    }

    private static List<String> part(String label, String text) {
        List<String> lines = new ArrayList<>();
        if (text.isEmpty()) {
            return lines;
        }
        String front = " ".repeat(MARGIN) + label + " ".repeat(LABEL - label.length());
        int copied = copiedFrom(text);
        for (String line : text.split("\n")) {
            if (line.startsWith(VERBATIM)) {
                int depth = line.length() - line.stripLeading().length() - VERBATIM.length();
                lines.addAll(wrapped(" ".repeat(copied + depth), copied + depth + VERBATIM.length(), line.strip()));
            } else {
                lines.addAll(wrapped(front, MARGIN + LABEL, line));
            }
            front = " ".repeat(MARGIN + LABEL);
        }
        return lines;
    }

    /** Where lines to be copied begin: under the text, or as much further left as the widest needs. */
    private static int copiedFrom(String text) {
        int widest = text.lines()
                .filter(line -> line.startsWith(VERBATIM))
                .mapToInt(line -> line.length() - VERBATIM.length())
                .max()
                .orElse(0);
        return Math.max(MARGIN, Math.min(MARGIN + LABEL + 2, WIDTH - widest));
    }

    /** Breaks at blanks; a word wider than a line is cut. */
    private static List<String> wrapped(String front, int indent, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(front);
        boolean empty = true;
        for (String word : text.split(" +")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                line = next(lines, line, indent);
                empty = true;
            }
            String left = (empty ? "" : " ") + word;
            while (line.length() + left.length() > WIDTH) {
                int room = WIDTH - line.length();
                line.append(left, 0, room);
                left = left.substring(room);
                line = next(lines, line, indent);
            }
            line.append(left);
            empty = false;
        }
        lines.add(line.toString());
        return lines;
    }

    private static StringBuilder next(List<String> lines, StringBuilder line, int indent) {
        lines.add(line.toString());
        return new StringBuilder(" ".repeat(indent));
    }
}
