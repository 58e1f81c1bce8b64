package io.clusterset.discovery.architecture;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Who may import whom, and who may see which library: the only place where the arrows between packages are drawn.
 *
 * <p>Packages are named relative to a root, so that the same table is held against the fixtures. The root itself is
 * {@value #ROOT}: it wires the rest, may import all of it, and is imported by nobody.
 */
final class PackageTable {
    static final String ROOT = "the root";

    private static final Map<String, Set<String>> MAY_IMPORT = table(
            row("model"),
            row("time"),
            row("io", "time"), // one selector thread: UDP and TCP exchanges with deadlines; no DNS, no verdicts
            row("source", "model", "time"),
            row("dns", "source", "model", "time", "io"),
            row("kubernetes", "source", "model", "time"),
            row("cache", "source", "model", "time"),
            row("health", "model", "time", "io"),
            row("topology", "model"),
            row("failover", "model", "time"),
            row("balance", "model", "time"),
            row("call", "model", "time"),
            row("observe", "model", "time"),
            row("config", "model", "source", "time"));

    private static final Map<String, Set<String>> SEEN_BY = table(
            row("org.xbill", "dns"),
            row("com.github.benmanes.caffeine", "cache", ROOT),
            row("io.github.resilience4j", "health"),
            row("io.fabric8", "kubernetes"),
            row("com.fasterxml.jackson", "kubernetes"),
            row("io.micrometer", "observe"));

    private PackageTable() {}

    static boolean lists(String name) {
        return name.equals(ROOT) || MAY_IMPORT.containsKey(name);
    }

    /** Whether {@code importer} may import {@code imported}; a package may always import itself. */
    static boolean allows(String importer, String imported) {
        return importer.equals(imported)
                || importer.equals(ROOT)
                || MAY_IMPORT.getOrDefault(importer, Set.of()).contains(imported);
    }

    /** The libraries that only some packages may see, each by its outermost Java package. */
    static Set<String> guardedLibraries() {
        return SEEN_BY.keySet();
    }

    static boolean maySee(String importer, String library) {
        return SEEN_BY.getOrDefault(library, Set.of()).contains(importer);
    }

    /** The row of a class: the first part of its package below {@code root}. */
    static String rowOf(String root, String javaPackage) {
        if (javaPackage.equals(root)) {
            return ROOT;
        }
        String below = javaPackage.substring(root.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static Map<String, Set<String>> table(Row... rows) {
        return Arrays.stream(rows).collect(toUnmodifiableMap(Row::name, Row::allowed));
    }

    private static Row row(String name, String... allowed) {
        return new Row(name, Set.of(allowed));
    }

    private record Row(String name, Set<String> allowed) {}
}
