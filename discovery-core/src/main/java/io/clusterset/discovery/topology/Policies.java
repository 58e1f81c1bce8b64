package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The policies' names in settings, and what else is written there. */
final class Policies {

    static final String ANY = "any";
    static final String HINTS = "hints";
    static final String PREFER_NEAR = "prefer-near";
    static final String PREFER_NODE = "prefer-node";
    static final String LADDER = "ladder";
    static final String CLUSTERS = "clusters";

    private static final int LONGEST_NAME = 253;
    private static final int MOST_POLICIES = 16;

    private Policies() {}

    /** As {@link Topology#parse}. */
    static Topology parse(String text) {
        List<String> parts = List.of(text.split("\\+", -1));
        if (parts.size() > MOST_POLICIES) {
            throw new IllegalArgumentException(
                    "policy: " + parts.size() + " joined (expected: at most " + MOST_POLICIES + ")");
        }
        return parts.stream()
                .map(part -> one(part.strip()))
                .reduce(Topology::then)
                .orElseThrow();
    }

    private static Topology one(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (colon >= 0) {
            String[] values = text.substring(colon + 1).split("\\s*,\\s*", -1);
            if (name.equals(LADDER)) {
                return Topology.ladder(values);
            } else if (name.equals(CLUSTERS)) {
                return Topology.clusters(values);
            }
        }
        return switch (text) {
            case ANY -> Topology.any();
            case HINTS -> Topology.hints();
            case PREFER_NEAR, "preferNear" -> Topology.preferNear();
            case PREFER_NODE, "preferNode" -> Topology.preferNode();
            default ->
                throw new IllegalArgumentException(Text.quote(text)
                        + " (expected: any, hints, prefer-near, prefer-node, ladder:KEY,KEY,* or clusters:ID,ID,"
                        + " or several joined by +)");
        };
    }

    /**
     * A zone, a cluster id or the like, as it is.
     *
     * @throws IllegalArgumentException if it is empty, too long or has blanks in it
     */
    static String name(String what, String value) {
        boolean printable = value.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (value.isEmpty() || value.length() > LONGEST_NAME || !printable) {
            throw new IllegalArgumentException(Text.safe(what) + ": " + Text.quote(value) + " (expected: 1 to "
                    + LONGEST_NAME + " letters, digits or signs, no blanks)");
        }
        return value;
    }

    /** Refuses a list in which something stands twice. */
    static void checkUnique(String what, List<String> values) {
        Set<String> seen = new HashSet<>();
        for (String value : values) {
            if (!seen.add(value)) {
                throw new IllegalArgumentException(
                        Text.safe(what) + ": " + Text.quote(value) + " given twice (expected: once)");
            }
        }
    }
}
