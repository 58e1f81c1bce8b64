package io.clusterset.discovery.model;

/**
 * A setting as it holds, and who said so. Immutable.
 *
 * @param key its one name, such as {@code discovery.failover.dwell}
 * @param value as it would be written in a file, escaped; empty if nothing is set
 * @param origin {@code default}, {@code builder}, {@code environment variable CLUSTERSET_FAILOVER_DWELL}, {@code system property}, a
 *     file's name, where it was detected, or {@code Discovery.enabled(false)} while that holds
 */
public record Provenance(String key, String value, String origin) {

    private static final int MOST_SHOWN = 500;

    /** The origin of what nobody said. */
    public static final String DEFAULT = "default";

    /** The origin of what the application said. */
    public static final String BUILDER = "builder";

    /** Escapes what came from outside. */
    public Provenance {
        origin = Text.line(origin);
    }

    /** Whether somebody said so, or it was detected. */
    public boolean isDefault() {
        return origin.equals(DEFAULT);
    }

    /** {@code discovery.failover.dwell=5s (environment variable CLUSTERSET_FAILOVER_DWELL)}; a long value is cut. */
    @Override
    public String toString() {
        String cut = value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN) + "…" : value;
        return key + "=" + cut + " (" + origin + ")";
    }
}
