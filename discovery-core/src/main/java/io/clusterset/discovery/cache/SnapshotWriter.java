package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.source.Question;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Octets that grow. {@link SnapshotReader} reads what is written here, and has the same bounds. */
final class SnapshotWriter {

    static final int LONGEST_NUMBER = 5;
    static final int LONGEST_TEXT = 4_096;
    static final int MOST_ENDPOINTS = 10_000;
    static final int MOST_NAMESERVERS = 64;
    static final int MOST_WORDS = 1_024; // labels, hints

    private byte[] octets = new byte[1_024];
    private int size;

    int size() {
        return size;
    }

    /** Forgets all from there on. */
    void cut(int end) {
        size = end;
    }

    /** All of it, and room behind it. */
    ByteBuffer buffer(int room) {
        return ByteBuffer.wrap(Arrays.copyOf(octets, size + room));
    }

    void append(SnapshotWriter other) {
        octets(other.octets, other.size);
    }

    void octets(byte[] some) {
        octets(some, some.length);
    }

    private void octets(byte[] some, int length) {
        grow(length);
        System.arraycopy(some, 0, octets, size, length);
        size += length;
    }

    private void octet(int value) {
        grow(1);
        octets[size++] = (byte) value;
    }

    private void grow(int by) {
        if (octets.length - size < by) {
            octets = Arrays.copyOf(octets, Math.max(size + by, octets.length * 2));
        }
    }

    void fixed(long value, int width) {
        for (int i = width - 1; i >= 0; i--) {
            octet((int) (value >>> (i * Byte.SIZE)));
        }
    }

    /** Not negative. */
    void number(int value) {
        int left = value;
        while (left > 0x7f) {
            octet(left | 0x80);
            left >>>= 7;
        }
        octet(left);
    }

    private void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        octets(utf8);
    }

    void texts(Collection<String> all) {
        number(all.size());
        all.forEach(this::text);
    }

    /** Whether it could be written; what nobody would read back, or says what has no place here, is not. */
    boolean line(Remembered line) {
        Question question = line.question();
        boolean fits = shortEnough(line.source())
                && shortEnough(question.tier())
                && shortEnough(question.name())
                && shortEnough(question.zone())
                && question.nameservers().size() <= MOST_NAMESERVERS
                && question.nameservers().stream().noneMatch(InetSocketAddress::isUnresolved);
        if (!fits) {
            return false;
        }
        text(line.source());
        fixed(line.at().toEpochMilli(), Long.BYTES);
        question(question);
        List<Endpoint> endpoints =
                line.endpoints().stream().limit(MOST_ENDPOINTS).toList();
        Map<Shared, Integer> shared = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> shared.putIfAbsent(Shared.of(endpoint), shared.size()));
        number(shared.size());
        for (Shared one : shared.keySet()) {
            if (!one.fits()) {
                return false;
            }
            shared(one);
        }
        number(endpoints.size());
        for (Endpoint endpoint : endpoints) {
            address(endpoint.address());
            number(endpoint.port());
            number(endpoint.weight());
            number(shared.getOrDefault(Shared.of(endpoint), 0));
        }
        return true;
    }

    private static boolean shortEnough(String text) {
        return text.length() <= LONGEST_TEXT / 3; // octets of a character in UTF-8
    }

    private void question(Question question) {
        text(question.tier());
        text(question.name());
        text(question.zone());
        octet((question.port().isPresent() ? 1 : 0) | (question.number().isPresent() ? 2 : 0));
        question.port().ifPresent(named -> {
            text(named.name());
            text(named.protocol().name());
        });
        question.number().ifPresent(port -> number(port.number()));
        number(question.nameservers().size());
        question.nameservers().forEach(server -> {
            address(server.getAddress());
            number(server.getPort());
        });
    }

    private void address(InetAddress address) {
        byte[] raw = address.getAddress();
        octet(raw.length);
        octets(raw);
        if (address instanceof Inet6Address six) {
            number(Math.max(0, six.getScopeId()));
        }
    }

    private void shared(Shared one) {
        text(one.tier());
        text(one.cluster());
        text(one.locality().region());
        text(one.locality().zone());
        text(one.locality().node());
        number(one.priority());
        number(one.labels().size());
        one.labels().forEach((key, value) -> {
            text(key);
            text(value);
        });
        text(one.condition().name());
        texts(new TreeSet<>(one.hints().zones()));
        texts(new TreeSet<>(one.hints().nodes()));
        text(one.traffic().name());
    }

    /** What endpoints of an answer have in common, written once. */
    private record Shared(
            String tier,
            String cluster,
            Locality locality,
            int priority,
            Map<String, String> labels,
            Condition condition,
            Hints hints,
            Traffic traffic) {

        static Shared of(Endpoint endpoint) {
            return new Shared(
                    endpoint.tier(),
                    endpoint.cluster(),
                    endpoint.locality(),
                    endpoint.priority(),
                    endpoint.labels(),
                    endpoint.condition(),
                    endpoint.hints(),
                    endpoint.traffic());
        }

        boolean fits() {
            return shortEnough(tier)
                    && shortEnough(cluster)
                    && shortEnough(locality.region())
                    && shortEnough(locality.zone())
                    && shortEnough(locality.node())
                    && fit(labels.keySet())
                    && fit(labels.values())
                    && fit(hints.zones())
                    && fit(hints.nodes());
        }

        private static boolean fit(Collection<String> words) {
            return words.size() <= MOST_WORDS && words.stream().allMatch(SnapshotWriter::shortEnough);
        }
    }
}
