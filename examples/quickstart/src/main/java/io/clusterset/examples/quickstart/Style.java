package io.clusterset.examples.quickstart;

import java.io.Console;
import java.nio.charset.StandardCharsets;

/** How the output looks: colour and blocks on a terminal that can show them, plain ASCII elsewhere. */
enum Style {
    PLAIN,
    TERMINAL,
    TERMINAL_UNICODE;

    /** What standard output can show. {@code NO_COLOR} and {@code TERM=dumb} are respected. */
    @SuppressWarnings("SystemConsoleNull") // the property sees to it
    static Style detect() {
        System.setProperty("jdk.console", "java.base"); // JDK 22 to 24 would give a console even for a pipe
        Console console = System.console();
        if (console == null || System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"))) {
            return PLAIN;
        }
        return console.charset().equals(StandardCharsets.UTF_8) ? TERMINAL_UNICODE : TERMINAL;
    }

    String bold(String text) {
        return with("1", text);
    }

    String dim(String text) {
        return with("2", text);
    }

    String green(String text) {
        return with("32", text);
    }

    String cyan(String text) {
        return with("36", text);
    }

    String yellow(String text) {
        return with("33", text);
    }

    String red(String text) {
        return with("31", text);
    }

    /** Ten blocks for 100 percent; anything above zero shows at least one. */
    String bar(int percent) {
        int full = percent == 0 ? 0 : Math.max(1, percent / 10);
        return this == TERMINAL_UNICODE
                ? "\u2588".repeat(full) + "\u2591".repeat(10 - full)
                : "#".repeat(full) + ".".repeat(10 - full);
    }

    private String with(String code, String text) {
        return this == PLAIN ? text : "\033[" + code + "m" + text + "\033[0m";
    }
}
