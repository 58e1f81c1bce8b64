package io.clusterset.discovery.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the file that the downward API writes: {@code key="value"}, one a line. */
final class PodLabels {

    private static final Pattern LABEL = Pattern.compile("([^=\\s\"]{1,317})=\"([-A-Za-z0-9_.]{1,63})\"");

    private PodLabels() {}

    /** The labels in it, of two with one key the first; lines that are none are passed over. */
    static Map<String, String> parse(String text) {
        Map<String, String> labels = new HashMap<>();
        text.lines()
                .map(line -> LABEL.matcher(line.strip()))
                .filter(Matcher::matches)
                .forEach(line -> {
                    labels.putIfAbsent(line.group(1), line.group(2));
                });
        return labels;
    }
}
