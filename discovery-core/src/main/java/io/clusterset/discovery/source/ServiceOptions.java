package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Port;
import java.util.List;
import java.util.Optional;

/** What holds for one service in place of what holds for all. Immutable. */
public final class ServiceOptions {

    private final List<Tier> tiers;
    private final Port port;
    private final Optional<String> name;
    private final List<Endpoint> staticList;

    private ServiceOptions(Builder builder) {
        tiers = builder.tiers;
        port = builder.port;
        name = builder.name;
        staticList = builder.staticList;
    }

    /** A builder that starts with nothing said: all is as for every other service. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.tiers = tiers;
        builder.port = port;
        builder.name = name;
        builder.staticList = staticList;
        return builder;
    }

    /** Where it is looked up, in order; empty to use the discovery's tiers. */
    public List<Tier> tiers() {
        return tiers;
    }

    /** The port of a caller who says none. */
    public Port port() {
        return port;
    }

    /** The service looked up in its place. */
    public Optional<String> name() {
        return name;
    }

    /** Its endpoints, which replace any lookup; empty to look it up. */
    public List<Endpoint> staticList() {
        return staticList;
    }

    /** Builds {@link ServiceOptions}. Not thread-safe. */
    public static final class Builder {

        private List<Tier> tiers = List.of();
        private Port port = Port.unspecified();
        private Optional<String> name = Optional.empty();
        private List<Endpoint> staticList = List.of();

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
         * The options.
         *
         * @throws IllegalArgumentException if they contradict each other; the text says how
         */
        public ServiceOptions build() {
            if (!staticList.isEmpty() && !(tiers.isEmpty() && name.isEmpty())) {
                throw new IllegalArgumentException("static: " + staticList
                        + " (expected: neither tiers nor name beside it, for nothing is looked up)");
            }
            return new ServiceOptions(this);
        }
    }
}
