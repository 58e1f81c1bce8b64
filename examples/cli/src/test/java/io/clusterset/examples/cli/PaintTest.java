package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaintTest {

    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String GREEN = "\u001b[32m";
    private static final String END = "\u001b[0m";

    private final Clusters clusters = new Clusters().headless();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void colourIsForTerminalsThatHaveSomeAndWhereNobodyObjects() {
        Map<String, String> xterm = Map.of("TERM", "xterm-256color");

        assertThat(Paint.suiting(true, xterm).on()).isTrue();
        assertThat(Paint.suiting(true, Map.of("WT_SESSION", "x")).on()).isTrue();
        assertThat(Paint.suiting(true, Map.of("TERM", "xterm", "NO_COLOR", "")).on())
                .isTrue();
        assertThat(Paint.suiting(false, xterm).on()).isFalse();
        assertThat(Paint.suiting(true, Map.of("TERM", "xterm", "NO_COLOR", "1")).on())
                .isFalse();
        assertThat(Paint.suiting(true, Map.of("TERM", "dumb")).on()).isFalse();
        assertThat(Paint.suiting(true, Map.of()).on()).isFalse();
    }

    @Test
    void eachVerdictAndAnswerHasItsColour() {
        clusters.localA.refuse();
        String[] args = clusters.with("resolve", "orders.shop:http");
        assertThat(Ran.onTerminal(args).endsWith(0).out())
                .contains(RED + "unhealthy: connection refused" + END)
                .contains(GREEN + "healthy" + END)
                .contains(GREEN + "found" + END + "    ");
        assertThat(Ran.onTerminal(clusters.with("explain", "orders.shop:http"))
                        .endsWith(0)
                        .out())
                .contains("answer    " + GREEN + "found" + END + " (NOERROR)")
                .contains(" %  " + RED + "unhealthy" + END + ": connection refused")
                .contains(" %  " + GREEN + "healthy" + END + "\n");
        assertThat(Ran.onTerminal(clusters.with("trace", "orders.shop:http", "--probe", "none"))
                        .endsWith(0)
                        .out())
                .contains(GREEN + "local: found 2 (NOERROR) from ");
        assertThat(Ran.onTerminal(clusters.with("resolve", "orders.shop:http", "--probe", "none"))
                        .out())
                .contains(YELLOW + "unknown" + END);
        assertThat(Ran.onTerminal(clusters.with("resolve", "nothing.shop")).out())
                .contains(RED + "no such name" + END);
    }

    /** Who can't see colour, or pipes it into a file, is told the same. */
    @Test
    void withoutItsColoursTheTextIsWhatOthersGet() {
        clusters.localA.refuse();
        for (String command : List.of("resolve", "explain", "pick")) {
            // to one endpoint: whose turn it is first is drawn
            String[] args = clusters.with(command, "orders.shop:http", "--drill", "clusterset=0");
            Ran painted = Ran.onTerminal(args).endsWith(0);
            assertThat(told(Ran.uncoloured(painted.out())))
                    .as(command)
                    .isEqualTo(told(Ran.discovery(args).endsWith(0).out()));
        }
        assertThat(Ran.onTerminal(clusters.with("resolve", "orders.shop:http", "--json"))
                        .out())
                .doesNotContain("\u001b");
    }

    private static List<String> told(String out) {
        return out.lines()
                .takeWhile(line -> !Set.of("  next", "  before", "  recently").contains(line))
                .map(line -> line.replaceAll("within [0-9]+ s", "within N s").replaceAll(" [0-9]+s ", " Ns "))
                .toList();
    }

    @Test
    void helpIsPlainWhereThereIsNoColour() {
        assertThat(Ran.discovery("watch", "--help").endsWith(0).out()).doesNotContain("\u001b");
    }
}
