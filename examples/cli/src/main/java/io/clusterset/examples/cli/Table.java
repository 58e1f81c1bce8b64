package io.clusterset.examples.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines of aligned columns, 80 wide: what does not fit into the last column goes on beneath it, and words of other columns
 * are cut in the middle, unless all of them are wanted.
 */
final class Table {

    static final int WIDTH = 80;

    private static final String GAP = "  ";
    private static final int NARROWEST = 16;
    private static final int LEAST_WORD = 8;
    private static final String BREAKS = ",./;";

    private enum Kind {
        WORDS,
        ADDRESSES,
        FIGURES
    }

    private record Column(String title, Kind kind) {}

    /**
     * What stands in a row under one title.
     *
     * @param text what is said
     * @param tint what it means
     */
    record Cell(String text, Tint tint) {}

    private final Paint paint;
    private final boolean whole;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();

    /** In colour or not; whole, however wide that is, or cut to fit. */
    Table(Paint paint, boolean whole) {
        this.paint = paint;
        this.whole = whole;
    }

    /** Adds a column of words. */
    Table words(String title) {
        return column(title, Kind.WORDS);
    }

    /** Adds a column of addresses, which are of little use if cut. */
    Table addresses(String title) {
        return column(title, Kind.ADDRESSES);
    }

    /** Adds a column of figures, which end under each other. */
    Table figures(String title) {
        return column(title, Kind.FIGURES);
    }

    private Table column(String title, Kind kind) {
        columns.add(new Column(title, kind));
        return this;
    }

    /** Adds a row: one cell per column. */
    Table row(String... cells) {
        return row(Arrays.stream(cells).map(Table::plain).toArray(Cell[]::new));
    }

    /** As {@link #row(String...)}, of cells that mean something. */
    Table row(Cell... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** A cell that means nothing in particular. */
    static Cell plain(String text) {
        return new Cell(text, Tint.PLAIN);
    }

    /** The lines, titles first. */
    List<String> lines() {
        int last = columns.size() - 1;
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        lines.add(front(columns.stream().map(column -> plain(column.title())).toList(), widths, last + 1)
                .stripTrailing());
        for (List<Cell> row : rows) {
            Cell end = row.get(last);
            int indent = IntStream.range(0, last).map(i -> widths[i]).sum() + last * GAP.length();
            String front = front(row, widths, last);
            if (indent + Math.max(widths[last], end.text().length()) <= WIDTH || (whole && isFigures(last))) {
                lines.add(front(row, widths, last + 1).stripTrailing());
            } else if (indent + end.text().length() <= WIDTH) {
                lines.add((front + GAP + paint.on(end.tint(), end.text())).stripTrailing());
            } else {
                boolean beneath = WIDTH - indent < NARROWEST;
                if (beneath) {
                    lines.add(front.stripTrailing());
                }
                List<String> said = wrap(" ".repeat(beneath ? 4 : indent), end.text());
                for (int i = 0; i < said.size(); i++) {
                    String text = said.get(i).stripLeading();
                    int blanks = said.get(i).length() - text.length();
                    String lead = i == 0 && !beneath ? front + GAP : " ".repeat(blanks);
                    lines.add(lead + paint.on(end.tint(), text));
                }
            }
        }
        return lines;
    }

    private boolean isFigures(int column) {
        return columns.get(column).kind() == Kind.FIGURES;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        if (!whole) {
            int last = widths.length - 1;
            int end = isFigures(last) ? widths[last] : columns.get(last).title().length();
            int room = WIDTH - end - last * GAP.length();
            narrow(widths, last, room, Kind.WORDS);
            narrow(widths, last, room, Kind.ADDRESSES); // only if that was not enough
        }
        return widths;
    }

    /** Takes from the widest of the first columns until they fit. */
    private void narrow(int[] widths, int count, int room, Kind kind) {
        for (int over = IntStream.range(0, count).map(i -> widths[i]).sum() - room; over > 0; over--) {
            int widest = -1;
            for (int i = 0; i < count; i++) {
                int least = Math.max(LEAST_WORD, columns.get(i).title().length());
                boolean can = columns.get(i).kind() == kind && widths[i] > least;
                widest = can && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private String front(List<Cell> cells, int[] widths, int count) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean open = i == columns.size() - 1;
            String text = open ? cells.get(i).text() : Cut.middle(cells.get(i).text(), widths[i]);
            String padding = " ".repeat(Math.max(0, widths[i] - text.length()));
            boolean right = isFigures(i);
            line.append(i == 0 ? "" : GAP)
                    .append(right ? padding : "")
                    .append(paint.on(cells.get(i).tint(), text))
                    .append(right ? "" : padding);
        }
        return line.toString();
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
        for (Word word : words(text, WIDTH - width)) {
            boolean first = line.length() == (lines.isEmpty() ? front.length() : width);
            if (!first && (word.goesOn() || line.length() + 1 + word.text().length() > WIDTH)) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(indent);
                first = true;
            }
            line.append(first ? "" : " ").append(word.text());
        }
        lines.add(line.toString());
        return lines;
    }

    /** A word, or a part of one that began on the line before. */
    private record Word(String text, boolean goesOn) {}

    /**
     * What stands between blanks; what is too wide for a line goes on in the next: a list after a comma, a name after a
     * dot.
     */
    private static List<Word> words(String text, int most) {
        List<Word> words = new ArrayList<>();
        for (String word : text.split(" ")) {
            String left = word;
            while (left.length() > most) {
                int cut = most;
                for (int i = 0; i < BREAKS.length() && cut == most; i++) {
                    int found = left.lastIndexOf(BREAKS.charAt(i), most - 1) + 1;
                    cut = found == 0 ? most : found;
                }
                words.add(new Word(left.substring(0, cut), left.length() < word.length()));
                left = left.substring(cut);
            }
            if (!left.isEmpty() || word.isEmpty()) {
                words.add(new Word(left, left.length() < word.length()));
            }
        }
        return words;
    }
}
