package io.clusterset.examples.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of aligned columns, 80 wide: what does not fit into the last column goes on beneath it. */
final class Table {

    static final int WIDTH = 80;

    private static final String GAP = "  ";
    private static final int NARROWEST = 16;

    private record Column(String title, boolean right) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a column of words. */
    Table words(String title) {
        columns.add(new Column(title, false));
        return this;
    }

    /** Adds a column of figures, which end under each other. */
    Table figures(String title) {
        columns.add(new Column(title, true));
        return this;
    }

    /** Adds a row: one cell per column. */
    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The lines, titles first. */
    List<String> lines() {
        int last = columns.size() - 1;
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(columns.stream().map(Column::title).toList(), widths, last + 1));
        for (List<String> row : rows) {
            String front = line(row, widths, last);
            String whole = line(row, widths, last + 1);
            if (whole.length() <= WIDTH) {
                lines.add(whole);
            } else {
                int indent = front.length() + GAP.length();
                boolean beneath = WIDTH - indent < NARROWEST;
                if (beneath) {
                    lines.add(front.stripTrailing());
                }
                lines.addAll(wrap(beneath ? "    " : front + GAP, row.get(last)));
            }
        }
        return lines;
    }

    /** Breaks a text at blanks into lines that begin under each other, after the front of the first. */
    static List<String> wrap(String front, String text) {
        return wrap(front, front.length(), text);
    }

    /** As {@link #wrap(String, String)}, with the later lines indented by this much. */
    static List<String> wrap(String front, int width, String text) {
        List<String> lines = new ArrayList<>();
        String indent = " ".repeat(width);
        StringBuilder line = new StringBuilder(front);
        for (String word : words(text, WIDTH - width)) {
            boolean first = line.length() == (lines.isEmpty() ? front.length() : width);
            if (!first && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(indent);
                first = true;
            }
            line.append(first ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** What stands between blanks; what is too wide for a line, such as a list of addresses, goes on after a comma. */
    private static List<String> words(String text, int most) {
        List<String> words = new ArrayList<>();
        for (String word : text.split(" ")) {
            String left = word;
            while (left.length() > most) {
                int comma = Math.max(left.lastIndexOf(',', most - 1), left.indexOf(',')) + 1;
                int cut = comma == 0 ? left.length() : comma;
                words.add(left.substring(0, cut));
                left = left.substring(cut);
            }
            if (!left.isEmpty() || word.isEmpty()) {
                words.add(left);
            }
        }
        return words;
    }

    private String line(List<String> cells, int[] widths, int count) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            boolean right = columns.get(i).right();
            line.append(i == 0 ? "" : GAP)
                    .append(right ? padding : "")
                    .append(cells.get(i))
                    .append(right ? "" : padding);
        }
        return count == cells.size() ? line.toString().stripTrailing() : line.toString();
    }
}
