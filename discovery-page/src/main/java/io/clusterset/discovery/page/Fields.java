package io.clusterset.discovery.page;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes one JSON object, field by field. What is not known is left out. Characters that mean something in HTML are escaped too, so
 * that a document is inert wherever it is put. Not thread-safe.
 */
final class Fields {

    private final StringBuilder json = new StringBuilder(160).append('{');

    Fields text(String name, String value) {
        name(name);
        quote(value, json);
        return this;
    }

    /** A text, unless it is empty. */
    Fields known(String name, String value) {
        return value.isEmpty() ? this : text(name, value);
    }

    Fields texts(String name, List<String> values) {
        return json(name, array(values.stream().map(Fields::quoted).toList()));
    }

    Fields number(String name, long value) {
        name(name).json.append(value);
        return this;
    }

    /** With two decimals at most. */
    Fields decimal(String name, double value) {
        double rounded = Math.round(value * 100) / 100.0;
        name(name);
        if (rounded == Math.rint(rounded)) {
            json.append((long) rounded);
        } else {
            json.append(rounded);
        }
        return this;
    }

    /** A truth, unless it is none. */
    Fields truth(String name, boolean value) {
        if (value) {
            name(name).json.append("true");
        }
        return this;
    }

    /** What is JSON already. */
    Fields json(String name, String value) {
        name(name).json.append(value);
        return this;
    }

    String end() {
        return json.append('}').toString();
    }

    private Fields name(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        quote(name, json);
        json.append(':');
        return this;
    }

    static String array(List<String> values) {
        return values.stream().collect(Collectors.joining(",", "[", "]"));
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        quote(text, quoted);
        return quoted.toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= 0x20 && c < 0x7f && c != '<' && c != '>' && c != '&' && c != '\'') {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        out.append('"');
    }
}
