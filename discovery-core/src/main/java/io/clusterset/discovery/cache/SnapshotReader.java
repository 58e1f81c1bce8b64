package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.source.Question;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what {@link SnapshotWriter} wrote. What it can't have written is refused with an IllegalArgumentException, what ends
 * too soon with a BufferUnderflowException.
 */
final class SnapshotReader {

    private static final int LEAST_ENDPOINT = 8; // IPv4
    private static final int LEAST_NAMESERVER = 6;
    private static final int LEAST_SHARED = 17;

    private final ByteBuffer in;

    SnapshotReader(ByteBuffer in) {
        this.in = in;
    }

    void end() {
        require(!in.hasRemaining(), "octets left over");
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    long fixed() {
        return in.getLong();
    }

    private int number() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            int octet = in.get();
            value |= (octet & 0x7f) << shift;
            if (octet >= 0) {
                require(value >= 0, "a negative number");
                return value;
            }
        }
        throw new IllegalArgumentException("a number without an end");
    }

    /** How many things of at least so many octets follow. */
    int count(int most, int least) {
        int count = number();
        require(count <= most, "too many");
        require(count <= in.remaining() / least, "more than there is room for");
        return count;
    }

    private String text() {
        int length = count(SnapshotWriter.LONGEST_TEXT, 1);
        if (length == 0) {
            return "";
        }
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    List<String> texts(int most) {
        int count = count(most, 1);
        List<String> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(text());
        }
        return all;
    }

    Remembered line() {
        String source = text();
        Instant at = Instant.ofEpochMilli(fixed());
        Question question = question();
        List<Endpoint> shared = shared();
        int count = count(SnapshotWriter.MOST_ENDPOINTS, LEAST_ENDPOINT);
        List<Endpoint> endpoints = new ArrayList<>(count);
        Endpoint.Pool pool = new Endpoint.Pool();
        for (int i = 0; i < count; i++) {
            endpoints.add(pool.sharing(endpoint(shared)));
        }
        return new Remembered(source, question, endpoints, at);
    }

    private Question question() {
        String tier = text();
        String name = text();
        String zone = text();
        int parts = in.get();
        require((parts & ~3) == 0, "a question with more parts than there are");
        Optional<Port.Named> port = (parts & 1) == 0 ? Optional.empty() : Optional.of(named());
        Optional<Port.Number> number = (parts & 2) == 0 ? Optional.empty() : Optional.of(new Port.Number(number()));
        int count = count(SnapshotWriter.MOST_NAMESERVERS, LEAST_NAMESERVER);
        List<InetSocketAddress> nameservers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            InetAddress server = address();
            nameservers.add(new InetSocketAddress(server, number()));
        }
        return new Question(tier, name, zone, port, nameservers, number);
    }

    private Port.Named named() {
        String name = text();
        return new Port.Named(name, Port.Protocol.valueOf(text()));
    }

    private InetAddress address() {
        int length = in.get();
        require(length == 4 || length == 16, "an address of another length");
        byte[] raw = new byte[length];
        in.get(raw);
        int scope = length == 16 ? number() : 0;
        try {
            return scope == 0 ? InetAddress.getByAddress(raw) : Inet6Address.getByAddress(null, raw, scope);
        } catch (UnknownHostException refused) {
            throw new IllegalArgumentException(refused);
        }
    }

    /** Endpoints of no address, for what they say besides. */
    private List<Endpoint> shared() {
        int count = count(SnapshotWriter.MOST_ENDPOINTS, LEAST_SHARED);
        List<Endpoint> all = new ArrayList<>(count);
        Endpoint bare = Endpoint.of(InetAddress.getLoopbackAddress(), 0);
        for (int i = 0; i < count; i++) {
            all.add(bare.withTier(text())
                    .withCluster(text())
                    .withLocality(locality())
                    .withPriority(number())
                    .withLabels(labels())
                    .withCondition(Condition.valueOf(text()))
                    .withHints(hints())
                    .withTraffic(Traffic.valueOf(text())));
        }
        return all;
    }

    private Locality locality() {
        String region = text();
        String zone = text();
        return new Locality(region, zone, text());
    }

    private Map<String, String> labels() {
        int count = count(SnapshotWriter.MOST_WORDS, 2);
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = text();
            labels.put(key, text());
        }
        return labels;
    }

    private Hints hints() {
        HashSet<String> zones = new HashSet<>(texts(SnapshotWriter.MOST_WORDS));
        HashSet<String> nodes = new HashSet<>(texts(SnapshotWriter.MOST_WORDS));
        return zones.isEmpty() && nodes.isEmpty() ? Hints.NONE : new Hints(zones, nodes);
    }

    private Endpoint endpoint(List<Endpoint> shared) {
        InetAddress address = address();
        Endpoint bare = Endpoint.of(address, number()).withWeight(number());
        int which = number();
        require(which < shared.size(), "an endpoint that shares with nobody");
        Endpoint like = shared.get(which);
        return bare.withTier(like.tier())
                .withCluster(like.cluster())
                .withLocality(like.locality())
                .withPriority(like.priority())
                .withLabels(like.labels())
                .withCondition(like.condition())
                .withHints(like.hints())
                .withTraffic(like.traffic());
    }
}
