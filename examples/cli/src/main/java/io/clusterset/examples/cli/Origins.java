package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Provenance;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who said what a setting is, as the command's user sees it: what the builder was told here, an option said. */
final class Origins {

    private static final String OPTION = "option";
    private static final String IN_BRACKETS = " (" + Provenance.BUILDER + ")";

    private Origins() {}

    /** The origin of a setting. */
    static String of(Provenance setting) {
        return setting.origin().equals(Provenance.BUILDER) ? OPTION : setting.origin();
    }

    /** A setting as JSON. */
    static Map<String, Object> document(Provenance setting) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", setting.key());
        fields.put("value", setting.value());
        fields.put("origin", of(setting));
        return fields;
    }

    /** A line about a setting, {@code key=value (origin)}. */
    static String in(String line) {
        return line.endsWith(IN_BRACKETS)
                ? line.substring(0, line.length() - IN_BRACKETS.length()) + " (" + OPTION + ")"
                : line;
    }
}
