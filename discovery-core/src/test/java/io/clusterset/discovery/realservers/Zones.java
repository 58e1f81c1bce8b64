package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The zones a name server is given. Immutable.
 *
 * @param texts by domain, as in a zone file
 * @param sound those of them that load
 */
record Zones(Map<String, String> texts, Set<String> sound) {

    static final String LOCAL = "cluster.local";
    static final String CLUSTERSET = "clusterset.local";

    Zones {
        texts = Map.copyOf(texts);
        sound = Set.copyOf(sound);
    }

    /** Both zones, as the resources have them. */
    static Zones both() {
        return new Zones(Map.of(LOCAL, read(LOCAL), CLUSTERSET, read(CLUSTERSET)), Set.of(LOCAL, CLUSTERSET));
    }

    Zones without(String domain) {
        Map<String, String> fewer = new TreeMap<>(texts);
        fewer.remove(domain);
        return new Zones(fewer, fewer.keySet());
    }

    /** With a zone file that does not load. */
    Zones broken(String domain) {
        return new Zones(put(domain, "this is no zone\n"), sound).notLoading(domain);
    }

    /** The same texts, of which the server will not take this one. */
    Zones notLoading(String domain) {
        Set<String> rest = new HashSet<>(sound);
        rest.remove(domain);
        return new Zones(texts, rest);
    }

    Zones with(String domain, String lines) {
        return new Zones(put(domain, texts.getOrDefault(domain, "") + lines), sound);
    }

    /** With these addresses, and no others, for a service of the namespace {@code shop}. */
    Zones with(String domain, String service, int ttl, List<String> addresses) {
        String owner = service + ".shop.svc";
        String others = texts.getOrDefault(domain, "")
                .lines()
                .filter(line -> !line.startsWith(owner + " "))
                .collect(Collectors.joining("\n", "", "\n"));
        String lines = addresses.stream()
                .map(address -> owner + " " + ttl + " IN A " + address + "\n")
                .collect(Collectors.joining());
        return new Zones(put(domain, others + lines), sound);
    }

    /** So many addresses from 10.{@code block}.0.1 on. */
    static List<String> addresses(int block, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> "10." + block + "." + n / 250 + "." + (n % 250 + 1))
                .toList();
    }

    private Map<String, String> put(String domain, String text) {
        Map<String, String> changed = new TreeMap<>(texts);
        changed.put(domain, text);
        return changed;
    }

    private static String read(String domain) {
        String resource = "/realservers/" + domain + ".zone";
        try (InputStream zone = Zones.class.getResourceAsStream(resource)) {
            if (zone == null) {
                throw new IllegalStateException(resource + ": no such resource");
            }
            return new String(zone.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
