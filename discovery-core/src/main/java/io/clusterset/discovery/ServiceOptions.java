package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.source.OwnLookup;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Topology;
import java.util.List;
import java.util.Optional;

/** What holds for one service in place of what holds for all. Immutable. */
public final class ServiceOptions {

    private final OwnLookup lookup;
    private final Optional<Probe> probe;
    private final Optional<Topology> topology;
    private final Optional<Balancer> balancer;

    private ServiceOptions(Builder builder) {
        lookup = new OwnLookup(builder.tiers, builder.port, builder.name, builder.staticList);
        probe = builder.probe;
        topology = builder.topology;
        balancer = builder.balancer;
    }

    /** A builder that starts with nothing said: all is as for every other service. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.tiers = lookup.tiers();
        builder.port = lookup.port();
        builder.name = lookup.name();
        builder.staticList = lookup.staticList();
        builder.probe = probe;
        builder.topology = topology;
        builder.balancer = balancer;
        return builder;
    }

    /** How it is looked up. */
    public OwnLookup lookup() {
        return lookup;
    }

    /** How its endpoints are probed; empty for as all others. */
    public Optional<Probe> probe() {
        return probe;
    }

    /** Who of them is eligible; empty for as all others. */
    public Optional<Topology> topology() {
        return topology;
    }

    /** Who of those is picked; empty for as all others. */
    public Optional<Balancer> balancer() {
        return balancer;
    }

    /** Builds {@link ServiceOptions}. Not thread-safe. */
    public static final class Builder {

        private List<Tier> tiers = List.of();
        private Port port = Port.unspecified();
        private Optional<String> name = Optional.empty();
        private List<Endpoint> staticList = List.of();
        private Optional<Probe> probe = Optional.empty();
        private Optional<Topology> topology = Optional.empty();
        private Optional<Balancer> balancer = Optional.empty();

        private Builder() {}

        /**
         * Where it is looked up, in order; the first is its home. Replaces the discovery's tiers; to add one, name those as
         * well. Their names differ. Default: the discovery's tiers.
         */
        public Builder tiers(Tier... inOrder) {
            return tiers(List.of(inOrder));
        }

        /** As {@link #tiers(Tier...)}. */
        public Builder tiers(List<Tier> inOrder) {
            tiers = List.copyOf(inOrder);
            return this;
        }

        /**
         * The port of a caller who says none: a number, 1 to 65535, or a port's name, which SRV records translate. A tier's
         * own port wins over it. Default: the discovery's {@code defaultPort}.
         *
         * @throws IllegalArgumentException if it is neither
         */
        public Builder port(String numberOrName) {
            port = Port.parse(numberOrName);
            return this;
        }

        /**
         * As {@link #port(String)}.
         *
         * @throws IllegalArgumentException unless 1 ≤ {@code number} ≤ 65535
         */
        public Builder port(int number) {
            port = Port.of(number);
            return this;
        }

        /**
         * Looks this service up in its place, in the same tiers: {@code orders-v2.shop}. Callers, logs and {@code explain} keep
         * the name it is asked for; names with a trailing dot and pods' names are not replaced. Default: none.
         */
        public Builder name(String other) {
            name = Optional.of(other);
            return this;
        }

        /**
         * Its endpoints, with their ports: on a laptop, or for what no DNS knows. Nothing is looked up then, so it goes with
         * neither {@link #tiers} nor {@link #name}. The setting is called {@code static}, which Java has taken. Default:
         * none; an empty list is none.
         */
        public Builder staticList(List<Endpoint> endpoints) {
            staticList = List.copyOf(endpoints);
            return this;
        }

        /**
         * How its endpoints are probed: what {@code /ready} says of this service need not be true of another at the same address.
         * Default: as all others.
         */
        public Builder probe(Probe kind) {
            probe = Optional.of(kind);
            return this;
        }

        /** Who of a tier is eligible, and with what weight. Default: as for all others. */
        public Builder topology(Topology policy) {
            topology = Optional.of(policy);
            return this;
        }

        /** Who of those is picked. Default: as for all others. */
        public Builder balancer(Balancer kind) {
            balancer = Optional.of(kind);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if they contradict each other; the text says how
         */
        public ServiceOptions build() {
            return new ServiceOptions(this);
        }
    }
}
