package io.clusterset.discovery.model;

import java.io.File;
import java.nio.file.Path;

/** How text from outside is shown: control characters escaped, length cut, so that no log line can be forged. */
public final class Text {

    private static final int MAX_SHOWN = 253;

    private Text() {}

    /** Escapes control and non-ASCII characters and cuts at 253 characters. */
    public static String safe(String raw) {
        String cut = raw.length() > MAX_SHOWN ? raw.substring(0, MAX_SHOWN) + "…" : raw;
        if (cut.chars().allMatch(c -> (c >= 0x20 && c < 0x7f && c != '\\') || c == '…')) {
            return cut;
        }
        StringBuilder out = new StringBuilder(cut.length() + 16);
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            if ((c >= 0x20 && c < 0x7f && c != '\\') || c == '…') {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.toString();
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
