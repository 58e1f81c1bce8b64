package io.clusterset.discovery.dns;

import io.clusterset.discovery.model.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How DNS is asked. Immutable. */
public final class DnsOptions {

    private static final DnsOptions DEFAULTS = new Builder().build();

    private final List<InetSocketAddress> nameservers;
    private final List<Cidr> allowAddresses;
    private final Duration timeout;
    private final boolean srvWeights;

    private DnsOptions(Builder builder) {
        nameservers = builder.nameservers;
        allowAddresses = builder.allowAddresses;
        timeout = builder.timeout;
        srvWeights = builder.srvWeights;
    }

    /** The defaults: nameservers of resolv.conf, no exempt addresses, 2 s. */
    public static DnsOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder()
                .nameservers(nameservers)
                .allowAddresses(allowAddresses)
                .timeout(timeout)
                .srvWeights(srvWeights);
    }

    /** Who is asked, in order; empty to take resolv.conf's. */
    public List<InetSocketAddress> nameservers() {
        return nameservers;
    }

    /** Blocks of otherwise refused addresses that are let through. */
    public List<Cidr> allowAddresses() {
        return allowAddresses;
    }

    /** Whether an address may be used if DNS says it. */
    public boolean allows(InetAddress address) {
        return refuses(address).isEmpty();
    }

    /** The rule by which an address is left out if DNS says it, such as {@code loopback address from DNS}; empty if it may be used. */
    public Optional<String> refuses(InetAddress address) {
        return new AddressPolicy(allowAddresses).drops(address);
    }

    /** How long one question may take in all, retransmissions and TCP included. */
    public Duration timeout() {
        return timeout;
    }

    /** Whether priority and weight of SRV records are honoured. */
    public boolean srvWeights() {
        return srvWeights;
    }

    /** Builds {@link DnsOptions}. Not thread-safe. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofSeconds(30);

        private List<InetSocketAddress> nameservers = List.of();
        private List<Cidr> allowAddresses = List.of();
        private Duration timeout = Duration.ofSeconds(2);
        private boolean srvWeights;

        private Builder() {}

        /**
         * Who is asked, in order, for tiers that have no nameservers of their own. Default: resolv.conf's, read again when it
         * may have changed. At most 8, resolved addresses only: a nameserver that needs DNS to be found is no use.
         */
        public Builder nameservers(List<InetSocketAddress> servers) {
            nameservers = List.copyOf(servers);
            return this;
        }

        /**
         * Lets addresses through that are dropped otherwise: loopback, link-local, multicast, unspecified and broadcast.
         * Default: none. For a laptop or a test: {@code 127.0.0.0/8}.
         */
        public Builder allowAddresses(List<Cidr> blocks) {
            allowAddresses = List.copyOf(blocks);
            return this;
        }

        /** How long one question may take in all. Default 2 s, more than 0, at most 30 s. */
        public Builder timeout(Duration time) {
            timeout = time;
            return this;
        }

        /**
         * Honours priority and weight of SRV records (RFC 2782): endpoints of a higher priority number are used only while none
         * of a lower one is healthy, and weights are the endpoints' weights. Default false: CoreDNS puts ⌊100/n⌋ and
         * Lighthouse 50 there, which says nothing about load.
         */
        public Builder srvWeights(boolean honoured) {
            srvWeights = honoured;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of range; the text names it and what was expected
         */
        public DnsOptions build() {
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0, at most " + LONGEST + ")");
            }
            if (nameservers.size() > 8) {
                throw new IllegalArgumentException("nameservers: " + nameservers.size() + " (expected: at most 8)");
            }
            nameservers.stream()
                    .filter(InetSocketAddress::isUnresolved)
                    .findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException("nameservers: " + name + " (expected: IP addresses)");
                    });
            return new DnsOptions(this);
        }
    }
}
