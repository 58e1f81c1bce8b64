package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where endpoints run: as a configured table says, else as their source does if it can be believed. Immutable.
 *
 * <p>What a source says of the places of another cluster's endpoints is not believed: implementations of the multi-cluster API
 * put the cluster's name into the zone and the node, and names of nodes repeat from cluster to cluster.
 */
public final class Places {

    private final Here here;
    private final List<Blocks> four;
    private final List<Blocks> six;

    /** Nothing configured, and the own cluster not known. */
    public Places() {
        this(Here.UNKNOWN, List.of());
    }

    /**
     * As a table says; the longest prefix wins.
     *
     * @param here whose cluster's sources are believed
     */
    public Places(Here here, List<Place> table) {
        this.here = here;
        this.four = blocks(table, Key.V4);
        this.six = blocks(table, Key.V6);
    }

    private static List<Blocks> blocks(List<Place> table, int bits) {
        Map<Integer, Map<Key, Place>> byPrefix = new HashMap<>();
        for (Place place : table) {
            ByteBuffer octets = ByteBuffer.wrap(place.block().network().getAddress());
            int prefix = place.block().prefix();
            if (octets.capacity() * Byte.SIZE == bits) {
                byPrefix.computeIfAbsent(prefix, p -> new HashMap<>())
                        .put(Key.of(octets).masked(prefix, bits), place);
            }
        }
        List<Blocks> longestFirst = new ArrayList<>();
        byPrefix.forEach((prefix, places) -> longestFirst.add(new Blocks(prefix, Map.copyOf(places))));
        longestFirst.sort(Comparator.comparingInt(Blocks::prefix).reversed());
        return List.copyOf(longestFirst);
    }

    /** The endpoint with what is known of its place. */
    public Endpoint placed(Endpoint endpoint) {
        List<Blocks> table = endpoint.isV6() ? six : four;
        if (table.isEmpty()) {
            return believed(endpoint);
        }
        Optional<Place> found = find(table, endpoint);
        return found.isEmpty() ? believed(endpoint) : at(found.get(), endpoint);
    }

    private Endpoint believed(Endpoint endpoint) {
        return here.isHome(endpoint)
                ? endpoint
                : endpoint.withLocality(Locality.UNKNOWN).withHints(Hints.NONE);
    }

    private static Optional<Place> find(List<Blocks> table, Endpoint endpoint) {
        int bits = endpoint.isV6() ? Key.V6 : Key.V4;
        Key address = Key.of(ByteBuffer.wrap(endpoint.address().getAddress()));
        for (Blocks blocks : table) {
            Place place = blocks.places().get(address.masked(blocks.prefix(), bits));
            if (place != null) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    private Endpoint at(Place place, Endpoint endpoint) {
        // whether its source can be believed depends on the cluster that the table says
        Endpoint placed = believed(place.cluster().isEmpty() ? endpoint : endpoint.withCluster(place.cluster()));
        placed = placed.withLocality(place.locality().or(placed.locality()));
        if (place.labels().isEmpty()) {
            return placed;
        } else if (placed.labels().isEmpty()) {
            return placed.withLabels(place.labels());
        }
        Map<String, String> labels = new HashMap<>(placed.labels());
        labels.putAll(place.labels());
        return placed.withLabels(labels);
    }

    /**
     * The blocks of one prefix length.
     *
     * @param places by their first address
     */
    private record Blocks(int prefix, Map<Key, Place> places) {}

    /** An address as a number of 32 or 128 bits. */
    private record Key(long high, long low) {
        static final int V4 = 32;
        static final int V6 = 128;

        static Key of(ByteBuffer octets) {
            return octets.capacity() == 4
                    ? new Key(0, Integer.toUnsignedLong(octets.getInt()))
                    : new Key(octets.getLong(), octets.getLong());
        }

        /** Without the bits behind a prefix. */
        Key masked(int prefix, int bits) {
            int behind = bits - prefix;
            return new Key(
                    behind > Long.SIZE ? high & upper(behind - Long.SIZE) : high,
                    behind >= Long.SIZE ? 0 : low & upper(behind));
        }

        private static long upper(int zeros) {
            return zeros >= Long.SIZE ? 0 : -1L << zeros;
        }

        @Override
        public int hashCode() {
            return Long.hashCode((high ^ low) * 0x9E3779B97F4A7C15L);
        }
    }
}
