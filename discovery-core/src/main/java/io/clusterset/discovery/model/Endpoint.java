package io.clusterset.discovery.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * An address and port to call, and what is known of it. Immutable. Two endpoints are equal when all they say is equal;
 * what is learned of one (verdict, latency) is kept by {@link #socketAddress()} and survives a change of the rest.
 */
public final class Endpoint {

    /** The largest weight a source may give. */
    public static final int MAX_WEIGHT = 1_000_000;

    private final InetSocketAddress socketAddress;
    private final String tier;
    private final String cluster;
    private final Locality locality;
    private final int weight;
    private final int priority;

    private Endpoint(
            InetSocketAddress socketAddress, String tier, String cluster, Locality locality, int weight, int priority) {
        this.socketAddress = socketAddress;
        this.tier = tier;
        this.cluster = cluster;
        this.locality = locality;
        this.weight = weight;
        this.priority = priority;
    }

    /**
     * An endpoint of which only the address is known; weight 1.
     *
     * @param address the address; its host name, if any, is dropped so that no reverse lookup can ever happen
     * @param port 1 to 65535, or 0 while the source has not said: the service's own port is filled in later
     * @throws IllegalArgumentException if the port is out of range
     */
    public static Endpoint of(InetAddress address, int port) {
        if (port < 0 || port > Port.MAX) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + Port.MAX + ")");
        }
        return new Endpoint(new InetSocketAddress(Addresses.nameless(address), port), "", "", Locality.UNKNOWN, 1, 0);
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
        return socketAddress.getAddress();
    }

    /** The address in its literal form: {@code 10.0.0.1}, {@code fd00::1}. */
    public String host() {
        return Addresses.literal(address());
    }

    /** The port, 1 to 65535; 0 only inside a {@link Resolution} whose source does not know ports. */
    public int port() {
        return socketAddress.getPort();
    }

    /** Address and port: the key under which verdicts are kept. Never unresolved. */
    public InetSocketAddress socketAddress() {
        return socketAddress;
    }

    /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}: what goes behind {@code http://}. */
    public String authority() {
        return address() instanceof Inet6Address ? "[" + host() + "]:" + port() : host() + ":" + port();
    }

    /** The name of the tier it came from; empty before it is joined into a snapshot. */
    public String tier() {
        return tier;
    }

    /** The cluster it runs in, or empty when no source said. */
    public String cluster() {
        return cluster;
    }

    /** Where it runs. */
    public Locality locality() {
        return locality;
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
        return priority;
    }

    /** The same endpoint at another port. */
    public Endpoint withPort(int port) {
        return new Endpoint(new InetSocketAddress(address(), port), tier, cluster, locality, weight, priority);
    }

    /** The same endpoint as part of a tier. */
    public Endpoint withTier(String name) {
        return new Endpoint(socketAddress, Objects.requireNonNull(name), cluster, locality, weight, priority);
    }

    /** The same endpoint, known to run in a cluster. */
    public Endpoint withCluster(String id) {
        return new Endpoint(socketAddress, tier, Objects.requireNonNull(id), locality, weight, priority);
    }

    /** The same endpoint, known to run at a place. */
    public Endpoint withLocality(Locality place) {
        return new Endpoint(socketAddress, tier, cluster, Objects.requireNonNull(place), weight, priority);
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
        return new Endpoint(socketAddress, tier, cluster, locality, share, priority);
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
        return new Endpoint(socketAddress, tier, cluster, locality, weight, place);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Endpoint that
                && socketAddress.equals(that.socketAddress)
                && tier.equals(that.tier)
                && cluster.equals(that.cluster)
                && locality.equals(that.locality)
                && weight == that.weight
                && priority == that.priority;
    }

    @Override
    public int hashCode() {
        return socketAddress.hashCode();
    }

    /** {@code local 10.0.0.1:80}. */
    @Override
    public String toString() {
        return tier.isEmpty() ? authority() : tier + " " + authority();
    }
}
