package io.clusterset.discovery.simulator;

import java.util.List;
import java.util.Locale;

/** A strip for each policy: who served the calls, from left to right, and how many nobody did. */
final class Chart {

    private static final int LEFT = 150;
    private static final int WIDTH = 640;
    private static final int RIGHT = 90;
    private static final int STRIP = 34;
    private static final int GAP = 8;
    private static final int TOP = 26;
    private static final int BOTTOM = 26;
    private static final int COLUMNS = 160;

    private static final String STYLE = """
            text{font:12px system-ui,sans-serif;fill:#1f2328}.small{font-size:11px;fill:#59636e}
            .home{fill:#2f6f9f}.away{fill:#e0a030}.failed{fill:#b3261e}.ground{fill:#eaeef2}.mark{stroke:#59636e;stroke-dasharray:3 3}
            @media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.home{fill:#5ba3d6}.ground{fill:#21262d}.failed{fill:#f0625a}.mark{stroke:#9198a1}}
            """;

    private Chart() {}

    static String of(Scenario scenario, List<Seen> all) {
        int height = TOP + all.size() * (STRIP + GAP) + BOTTOM;
        int width = LEFT + WIDTH + RIGHT;
        StringBuilder svg = new StringBuilder(8_192);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s: %s\">%n",
                width,
                height,
                width,
                height,
                scenario.name(),
                said(all)));
        svg.append("<style>").append(STYLE.strip()).append("</style>\n");
        legend(svg);
        int y = TOP;
        for (Seen seen : all) {
            strip(svg, seen, y);
            y += STRIP + GAP;
        }
        marks(svg, scenario, y - GAP);
        axis(svg, scenario, y + 12);
        return svg.append("</svg>\n").toString();
    }

    private static String said(List<Seen> all) {
        StringBuilder text = new StringBuilder("calls served");
        for (Seen seen : all) {
            text.append(", ").append(seen.policy).append(' ').append(Report.percent(seen.success()));
        }
        return text.toString();
    }

    private static void legend(StringBuilder svg) {
        int x = LEFT;
        for (String who : List.of("home", "away", "failed")) {
            svg.append("<rect class=\"")
                    .append(who)
                    .append("\" x=\"")
                    .append(x)
                    .append("\" y=\"6\" width=\"10\" height=\"10\"/>");
            svg.append("<text class=\"small\" x=\"")
                    .append(x + 14)
                    .append("\" y=\"15\">")
                    .append(legendOf(who))
                    .append("</text>\n");
            x += 150;
        }
    }

    private static String legendOf(String who) {
        return switch (who) {
            case "home" -> "served by home";
            case "away" -> "by the other cluster";
            default -> "failed";
        };
    }

    private static void strip(StringBuilder svg, Seen seen, int y) {
        svg.append("<text x=\"0\" y=\"")
                .append(y + STRIP / 2 + 4)
                .append("\">")
                .append(seen.policy)
                .append("</text>");
        svg.append("<text class=\"small\" x=\"")
                .append(LEFT + WIDTH + 8)
                .append("\" y=\"")
                .append(y + STRIP / 2 + 4)
                .append("\">")
                .append(Report.percent(seen.success()))
                .append("</text>\n");
        svg.append("<rect class=\"ground\" x=\"")
                .append(LEFT)
                .append("\" y=\"")
                .append(y)
                .append("\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(STRIP)
                .append("\"/>\n");
        int[][] heights = heights(seen.series);
        area(svg, "home", y + STRIP, new int[COLUMNS], heights[0]);
        area(svg, "away", y + STRIP, heights[0], heights[1]);
        area(svg, "failed", y + STRIP, heights[1], heights[2]);
    }

    /** For each column, how high home, home and away, and all of them are. */
    private static int[][] heights(Series series) {
        int[][] heights = new int[3][COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            int from = column * series.seconds() / COLUMNS;
            int until = Math.max(from + 1, (column + 1) * series.seconds() / COLUMNS);
            long home = 0;
            long away = 0;
            long failed = 0;
            for (int second = from; second < until; second++) {
                home += series.goodHome[second];
                away += series.goodAway[second];
                failed += series.failed[second];
            }
            long all = Math.max(1, home + away + failed);
            int shown = failed == 0
                    ? 0
                    : (int) Math.max(1, Math.round((double) STRIP * failed / all)); // never lost in rounding
            int good = home + away == 0 ? 0 : STRIP - shown;
            heights[0][column] = home + away == 0 ? 0 : (int) Math.round((double) good * home / (home + away));
            heights[1][column] = good;
            heights[2][column] = home + away + failed == 0 ? 0 : good + shown;
        }
        return heights;
    }

    /** What lies between two lines, in steps; what is nothing is left out. */
    private static void area(StringBuilder svg, String who, int bottom, int[] low, int[] high) {
        StringBuilder path = new StringBuilder();
        for (int column = 0; column < COLUMNS; ) {
            int end = column + 1;
            while (end < COLUMNS && low[end] == low[column] && high[end] == high[column]) {
                end++;
            }
            if (high[column] > low[column]) {
                path.append('M')
                        .append(x(column))
                        .append(' ')
                        .append(bottom - high[column])
                        .append('H')
                        .append(x(end))
                        .append('V')
                        .append(bottom - low[column])
                        .append('H')
                        .append(x(column))
                        .append('z');
            }
            column = end;
        }
        if (path.length() > 0) {
            svg.append("<path class=\"")
                    .append(who)
                    .append("\" d=\"")
                    .append(path)
                    .append("\"/>\n");
        }
    }

    private static int x(int column) {
        return LEFT + column * WIDTH / COLUMNS;
    }

    private static void marks(StringBuilder svg, Scenario scenario, int bottom) {
        scenario.script().stream().mapToLong(Happening::at).distinct().limit(40).forEach(at -> {
            long x = LEFT + at * WIDTH / (scenario.setting().seconds() * 1_000L);
            svg.append("<path class=\"mark\" d=\"M")
                    .append(x)
                    .append(' ')
                    .append(TOP - 4)
                    .append('V')
                    .append(bottom)
                    .append("\"/>\n");
        });
    }

    private static void axis(StringBuilder svg, Scenario scenario, int y) {
        int seconds = scenario.setting().seconds();
        int apart = seconds > 400 ? 120 : 60;
        for (int at = 0; at <= seconds; at += apart) {
            svg.append("<text class=\"small\" text-anchor=\"middle\" x=\"")
                    .append(LEFT + (long) at * WIDTH / seconds)
                    .append("\" y=\"")
                    .append(y)
                    .append("\">")
                    .append(at)
                    .append(" s</text>\n");
        }
    }
}
