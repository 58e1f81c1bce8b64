package io.clusterset.discovery.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An address and port to call, and what is known of it. Immutable. Two endpoints are equal when all they say is equal;
 * what is learned of one (verdict, latency) is kept by address and port and survives a change of the rest.
 *
 * <p>Kept small, since a process may know a hundred thousand of them: 40 octets each, besides what it shares with its
 * neighbours. {@link #address()} and {@link #socketAddress()} make a new object each time.
 */
public final class Endpoint {

    /** The largest weight a source may give. */
    public static final int MAX_WEIGHT = 1_000_000;

    private static final int V6 = 1 << 16;
    private static final long MAPPED = 0xFFFF; // the upper half of low in ::ffff:10.0.0.1

    private final long high; // of an IPv6 address
    private final long low; // of an IPv6 address, or the four octets of an IPv4 address
    private final int portAndFamily;
    private final int weight;
    private final Traits traits;

    private Endpoint(long high, long low, int portAndFamily, int weight, Traits traits) {
        this.high = high;
        this.low = low;
        this.portAndFamily = portAndFamily;
        this.weight = weight;
        this.traits = traits;
    }

    /**
     * An endpoint of which only the address is known; weight 1.
     *
     * @param address the address; its host name, if any, is dropped so that no reverse lookup can ever happen
     * @param port 1 to 65535, or 0 while the source has not said: the service's own port is filled in later
     * @throws IllegalArgumentException if the port is out of range
     */
    public static Endpoint of(InetAddress address, int port) {
        checkPort(port);
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        if (address instanceof Inet6Address six) {
            long high = octets.getLong();
            long low = octets.getLong();
            return high == 0 && low >>> Integer.SIZE == MAPPED // as InetAddress reads it: an IPv4 address
                    ? new Endpoint(0, low & 0xFFFF_FFFFL, port, 1, Traits.NONE)
                    : new Endpoint(high, low, port | V6, 1, Traits.NONE.scope(six.getScopeId()));
        }
        return new Endpoint(0, Integer.toUnsignedLong(octets.getInt()), port, 1, Traits.NONE);
    }

    private static void checkPort(int port) {
        if (port < 0 || port > Port.MAX) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + Port.MAX + ")");
        }
    }

    /**
     * Reads {@code 10.0.0.1:80} or {@code [fd00::1]:80}; never resolves a name.
     *
     * @throws IllegalArgumentException if the text is not an IP address and a port
     */
    public static Endpoint parse(String text) {
        InetSocketAddress address = Addresses.parse(text);
        return of(address.getAddress(), address.getPort());
    }

    /** The IP address; carries no host name. */
    public InetAddress address() {
        try {
            if (!isV6()) {
                return InetAddress.getByAddress(
                        ByteBuffer.allocate(4).putInt((int) low).array());
            }
            byte[] octets = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            return traits.scope() == 0
                    ? InetAddress.getByAddress(octets)
                    : Inet6Address.getByAddress(null, octets, traits.scope());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // only thrown for a length other than 4 or 16
        }
    }

    /** Whether the address is an IPv6 one. */
    public boolean isV6() {
        return (portAndFamily & V6) != 0;
    }

    /** The address in its literal form: {@code 10.0.0.1}, {@code fd00::1}. */
    public String host() {
        return Addresses.literal(address());
    }

    /** The port, 1 to 65535; 0 only inside a {@link Resolution} whose source does not know ports. */
    public int port() {
        return portAndFamily & Port.MAX;
    }

    /** Address and port. Never unresolved. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address(), port());
    }

    /** Whether the other has this address and port: the key under which verdicts are kept. */
    public boolean sameAddress(Endpoint other) {
        return low == other.low
                && high == other.high
                && portAndFamily == other.portAndFamily
                && traits.scope() == other.traits.scope();
    }

    /** Of address and port alone, well mixed: equal where {@link #sameAddress} holds. */
    public int addressHash() {
        long mixed = (low ^ (high * 0x9E3779B97F4A7C15L) ^ ((long) portAndFamily << 40)) * 0xBF58476D1CE4E5B9L;
        return (int) (mixed ^ (mixed >>> 32));
    }

    /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}: what goes behind {@code http://}. */
    public String authority() {
        return isV6() ? "[" + host() + "]:" + port() : host() + ":" + port();
    }

    /** Whether both lists have the same endpoints, in whatever order: servers shuffle. */
    public static boolean same(List<Endpoint> some, List<Endpoint> others) {
        return some.size() == others.size() && (some.equals(others) || new HashSet<>(some).containsAll(others));
    }

    /** The name of the tier it came from; empty before it is joined into a snapshot. */
    public String tier() {
        return traits.tier();
    }

    /** The cluster it runs in, or empty when no source said. */
    public String cluster() {
        return traits.cluster();
    }

    /** Where it runs. */
    public Locality locality() {
        return traits.locality();
    }

    /** Its share relative to its neighbours, 0 to 1,000,000; default 1. */
    public int weight() {
        return weight;
    }

    /**
     * Its place in its tier's order of use, 0 first; default 0. One of a higher number is used only while none of a lower one
     * is healthy (RFC 2782).
     */
    public int priority() {
        return traits.priority();
    }

    /** What its source or the settings say of it besides, such as {@code track=canary}; empty if nothing. */
    public Map<String, String> labels() {
        return traits.labels();
    }

    /** Whether its cluster would send it traffic; default {@link Condition#READY}. */
    public Condition condition() {
        return traits.condition();
    }

    /** Whom its cluster's control plane would like to use it; default {@link Hints#NONE}. */
    public Hints hints() {
        return traits.hints();
    }

    /** Where the owner of its Service wants traffic to go; default {@link Traffic#ANY}. */
    public Traffic traffic() {
        return traits.traffic();
    }

    /**
     * The same endpoint at another port.
     *
     * @throws IllegalArgumentException if the port is out of range
     */
    public Endpoint withPort(int port) {
        checkPort(port);
        return port == port() ? this : new Endpoint(high, low, port | (portAndFamily & V6), weight, traits);
    }

    /** The same endpoint as part of a tier. */
    public Endpoint withTier(String name) {
        return with(traits.tier(Objects.requireNonNull(name)));
    }

    /** The same endpoint, known to run in a cluster. */
    public Endpoint withCluster(String id) {
        return with(traits.cluster(Objects.requireNonNull(id)));
    }

    /** The same endpoint, known to run at a place. */
    public Endpoint withLocality(Locality place) {
        return with(traits.locality(Objects.requireNonNull(place)));
    }

    /** The same endpoint with these labels and no others. */
    public Endpoint withLabels(Map<String, String> labels) {
        return with(traits.labels(labels));
    }

    /** The same endpoint in another condition. */
    public Endpoint withCondition(Condition condition) {
        return with(traits.condition(Objects.requireNonNull(condition)));
    }

    /** The same endpoint with other hints. */
    public Endpoint withHints(Hints hints) {
        return with(traits.hints(Objects.requireNonNull(hints)));
    }

    /** The same endpoint of a Service whose traffic should go elsewhere. */
    public Endpoint withTraffic(Traffic traffic) {
        return with(traits.traffic(Objects.requireNonNull(traffic)));
    }

    @SuppressWarnings("ReferenceEquality") // traits return themselves if nothing changes
    private Endpoint with(Traits others) {
        return others == traits ? this : new Endpoint(high, low, portAndFamily, weight, others);
    }

    /**
     * The same endpoint with another weight.
     *
     * @throws IllegalArgumentException unless 0 ≤ {@code share} ≤ 1,000,000
     */
    public Endpoint withWeight(int share) {
        if (share < 0 || share > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + share + " (expected: 0 to " + MAX_WEIGHT + ")");
        }
        return share == weight ? this : new Endpoint(high, low, portAndFamily, share, traits);
    }

    /**
     * The same endpoint at another place in its tier's order of use.
     *
     * @throws IllegalArgumentException unless 0 ≤ {@code place} ≤ 65,535
     */
    public Endpoint withPriority(int place) {
        if (place < 0 || place > Port.MAX) {
            throw new IllegalArgumentException("priority: " + place + " (expected: 0 to " + Port.MAX + ")");
        }
        return with(traits.priority(place));
    }

    /** Lets endpoints of one answer share what they have in common. Not thread-safe; to be thrown away with the answer. */
    public static final class Pool {
        private final Map<Traits, Traits> known = new HashMap<>();
        private Traits last = Traits.NONE; // as a rule the next one's, too

        /** Creates an empty one. */
        public Pool() {}

        /** An equal endpoint, which shares. */
        public Endpoint sharing(Endpoint endpoint) {
            if (!endpoint.traits.equals(last)) {
                Traits first = known.putIfAbsent(endpoint.traits, endpoint.traits);
                last = first == null ? endpoint.traits : first;
            }
            return endpoint.with(last);
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Endpoint that
                        && sameAddress(that)
                        && weight == that.weight
                        && traits.equals(that.traits));
    }

    @Override
    public int hashCode() {
        return addressHash();
    }

    /** {@code local 10.0.0.1:80}. */
    @Override
    public String toString() {
        return tier().isEmpty() ? authority() : tier() + " " + authority();
    }
}
