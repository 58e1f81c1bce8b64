package io.clusterset.examples.cli;

import java.util.Map;

/**
 * Puts colour on words, or leaves them alone.
 *
 * @param on whether there is colour
 */
record Paint(boolean on) {

    /** No colour. */
    static final Paint NONE = new Paint(false);

    private static final String ESCAPE = "\u001b[";
    private static final String END = ESCAPE + "0m";

    /**
     * What suits where the output goes: colour only on a terminal that has some, and not where {@code NO_COLOR} says
     * otherwise (no-color.org).
     */
    static Paint suiting(boolean terminal, Map<String, String> environment) {
        String kind = environment.getOrDefault("TERM", "");
        boolean capable = (!kind.isEmpty() && !kind.equals("dumb")) || environment.containsKey("WT_SESSION"); // Windows
        boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Paint(terminal && capable && wanted);
    }

    /** The text in its colour. */
    String on(Tint tint, String text) {
        return !on || tint == Tint.PLAIN || text.isBlank() ? text : ESCAPE + tint.code() + "m" + text + END;
    }
}
