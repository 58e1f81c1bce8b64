package io.clusterset.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table in Markdown, aligned so that it can be read as text, too.
 *
 * @param title what is in it; may be empty
 * @param head the columns' names; all but the first are numbers
 * @param lines the cells
 */
record Table(String title, List<String> head, List<List<String>> lines) {

    String markdown() {
        List<Integer> widths = IntStream.range(0, head.size())
                .mapToObj(column -> Math.max(
                        head.get(column).length(),
                        lines.stream()
                                .mapToInt(line -> line.get(column).length())
                                .max()
                                .orElse(0)))
                .toList();
        List<String> text = new ArrayList<>();
        if (!title.isEmpty()) {
            text.add("**" + title + "**");
            text.add("");
        }
        text.add(line(head, widths));
        text.add(IntStream.range(0, widths.size())
                .mapToObj(column ->
                        column == 0 ? "-".repeat(widths.get(column) + 2) : "-".repeat(widths.get(column) + 1) + ":")
                .collect(Collectors.joining("|", "|", "|")));
        lines.forEach(cells -> text.add(line(cells, widths)));
        return String.join("\n", text) + "\n";
    }

    private static String line(List<String> cells, List<Integer> widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(column -> {
                    String space =
                            " ".repeat(widths.get(column) - cells.get(column).length());
                    return column == 0 ? cells.get(column) + space : space + cells.get(column);
                })
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
