package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Who of the eligible endpoints is picked. Immutable. */
public final class BalanceOptions {

    private static final BalanceOptions DEFAULTS = new Builder().build();

    private final Balancer balancer;
    private final Duration slowStart;
    private final OptionalInt subset;
    private final Optional<String> client;

    private BalanceOptions(Builder builder) {
        balancer = builder.balancer;
        slowStart = builder.slowStart;
        subset = builder.subset;
        client = builder.client;
    }

    /** Weighted round robin, a slow start of 10 s, no subset. */
    public static BalanceOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.balancer = balancer;
        builder.slowStart = slowStart;
        builder.subset = subset;
        builder.client = client;
        return builder;
    }

    /** Who is picked. */
    public Balancer balancer() {
        return balancer;
    }

    /** How long a new endpoint takes to get all of its weight. */
    public Duration slowStart() {
        return slowStart;
    }

    /** How many endpoints of each tier to keep to; empty for all. */
    public OptionalInt subset() {
        return subset;
    }

    /** What this process is called, where that decides which part it keeps to. */
    public Optional<String> client() {
        return client;
    }

    /**
     * Which part of each tier is kept to, if not all of it.
     *
     * @param someName what this process is called if the options don't say
     */
    public Optional<Subset> subset(Supplier<String> someName) {
        return subset.isEmpty()
                ? Optional.empty()
                : Optional.of(new Subset(client.orElseGet(someName), subset.getAsInt()));
    }

    /** Builds {@link BalanceOptions}. Not thread-safe. */
    public static final class Builder {
        private static final DurationRange SLOW_START = new DurationRange(Duration.ZERO, Duration.ofHours(1));
        private static final int LARGEST = 10_000;
        private static final int LONGEST = 253;

        private Balancer balancer = Balancer.weightedRoundRobin();
        private Duration slowStart = Duration.ofSeconds(10);
        private OptionalInt subset = OptionalInt.empty();
        private Optional<String> client = Optional.empty();

        private Builder() {}

        /** Who is picked. Default {@link Balancer#weightedRoundRobin()}. */
        public Builder balancer(Balancer kind) {
            balancer = kind;
            return this;
        }

        /**
         * How long an endpoint that comes to a tier takes to get all of its weight, beginning with a tenth; not where the whole
         * tier is new. Default 10 s; 0 for none, to 1 h.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder slowStart(Duration window) {
            SLOW_START.check("slowStart", window);
            slowStart = window;
            return this;
        }

        /**
         * How many endpoints of each tier to keep to, so that a large service is not connected to by everybody; more where some
         * are not well, and one of each zone at least. Default: all of them; 1 to 10,000.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder subset(int size) {
            if (size < 1 || size > LARGEST) {
                throw new IllegalArgumentException("subset: " + size + " (expected: 1 to " + LARGEST + ")");
            }
            subset = OptionalInt.of(size);
            return this;
        }

        /**
         * What this process is called, where that decides which part it keeps to: another name for each process, and the same
         * after a restart, as a pod's name is. Default: another one each time; 1 to 253 characters.
         *
         * @throws IllegalArgumentException if it is blank or longer
         */
        public Builder client(String name) {
            if (name.isBlank() || name.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "client: " + Text.quote(name) + " (expected: 1 to " + LONGEST + " characters)");
            }
            client = Optional.of(name);
            return this;
        }

        /** The options. */
        public BalanceOptions build() {
            return new BalanceOptions(this);
        }
    }
}
