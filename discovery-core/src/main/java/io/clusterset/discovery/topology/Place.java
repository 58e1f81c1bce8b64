package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is known of the endpoints in a block of addresses; what is left empty stays as their source says.
 *
 * @param block the block
 * @param locality their region, zone and node
 * @param cluster their cluster's id
 * @param labels further labels they have
 */
public record Place(Cidr block, Locality locality, String cluster, Map<String, String> labels) {

    private static final String EXPECTED =
            "BLOCK and words of region=, zone=, node=, cluster= or label.KEY=, such as 10.1.0.0/16 region=eu zone=eu-1";
    private static final String LABEL = "label.";

    /** Copies the map. */
    public Place {
        labels = Map.copyOf(labels);
    }

    /** A block and its place. */
    public static Place of(Cidr block, Locality locality) {
        return new Place(block, locality, "", Map.of());
    }

    /** The same block in a cluster. */
    public Place withCluster(String id) {
        return new Place(block, locality, Policies.name("cluster", id), labels);
    }

    /** The same block with one more label. */
    public Place withLabel(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(Policies.name("label", key), Policies.name("label " + key, value));
        return new Place(block, locality, cluster, more);
    }

    /**
     * Reads {@code 10.1.0.0/16 region=eu zone=eu-1 cluster=west label.track=canary}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static Place parse(String text) {
        String[] words = text.strip().split("\\s+");
        Place place = of(Cidr.parse(words[0]), Locality.UNKNOWN);
        if (words.length == 1) {
            throw refused(text, "says nothing of the block");
        }
        for (String word : List.of(words).subList(1, words.length)) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = Policies.name(key, equals < 0 ? "" : word.substring(equals + 1));
            place = place.with(text, key, value);
        }
        return place;
    }

    /**
     * Reads several, separated by semicolons.
     *
     * @throws IllegalArgumentException if one is malformed or two have the same block
     */
    public static List<Place> parseAll(String text) {
        List<Place> places = Stream.of(text.split(";"))
                .filter(part -> !part.isBlank())
                .map(Place::parse)
                .toList();
        Policies.checkUnique(
                "places", places.stream().map(place -> place.block().toString()).toList());
        return places;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(block.toString());
        word(text, "region", locality.region());
        word(text, "zone", locality.zone());
        word(text, "node", locality.node());
        word(text, "cluster", cluster);
        new TreeMap<>(labels).forEach((key, value) -> word(text, LABEL + key, value));
        return text.toString();
    }

    private static void word(StringBuilder text, String key, String value) {
        if (!value.isEmpty()) {
            text.append(' ').append(key).append('=').append(value);
        }
    }

    private Place with(String text, String key, String value) {
        if (key.startsWith(LABEL)) {
            return withLabel(key.substring(LABEL.length()), value);
        }
        Locality more = switch (key) {
            case "region" -> new Locality(value, "", "");
            case "zone" -> new Locality("", value, "");
            case "node" -> new Locality("", "", value);
            case "cluster" -> Locality.UNKNOWN;
            default -> throw refused(text, "no word is " + Text.quote(key));
        };
        return more.isUnknown() ? withCluster(value) : new Place(block, more.or(locality), cluster, labels);
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(Text.quote(text) + ": " + why + " (expected: " + EXPECTED + ")");
    }
}
