package io.clusterset.discovery.model;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;

/** How text from outside is shown: control characters escaped, length cut, so that no log line can be forged. */
public final class Text {

    private static final int MAX_SHOWN = 253;
    private static final int LONGEST_LINE = 2_000;

    private Text() {}

    /** Escapes control and non-ASCII characters and cuts at 253 characters. */
    public static String safe(String raw) {
        String cut = raw.length() > MAX_SHOWN ? raw.substring(0, MAX_SHOWN) + "…" : raw;
        return escaped(cut, '\\');
    }

    private static String escaped(String text, char too) {
        if (text.chars().allMatch(c -> isPlain(c, too))) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c, too)) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(int c, char too) {
        return (c >= 0x20 && c < 0x7f && c != too) || c == '…';
    }

    /**
     * A sentence of ours that has words from outside in it: on one line, its control and non-ASCII characters escaped, cut at
     * 2,000. What {@link #safe} has escaped stays as it is.
     */
    public static String line(String sentence) {
        String cut = sentence.length() > LONGEST_LINE ? sentence.substring(0, LONGEST_LINE) + "…" : sentence;
        return escaped(cut, '\0');
    }

    /** {@code 350 ms}, {@code 12.5 s}, {@code 1 min 12 s}, {@code 12 min}, {@code 3 h 5 min}. */
    public static String time(Duration time) {
        long millis = time.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        } else if (millis < 60_000) {
            return millis / 1_000 + (millis % 1_000 < 100 ? "" : "." + millis % 1_000 / 100) + " s";
        }
        long minutes = time.toMinutes();
        if (minutes < 10 && time.toSecondsPart() > 0) { // "1 min" of a wait would be half of the truth
            return minutes + " min " + time.toSecondsPart() + " s";
        }
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** A path, with slashes wherever the process runs: escaped backslashes can't be read. */
    public static String path(Path path) {
        String text = path.toString();
        return safe(File.separatorChar == '\\' ? text.replace('\\', '/') : text);
    }

    /** {@link #safe} between single quotes. */
    public static String quote(String raw) {
        return "'" + safe(raw) + "'";
    }
}
