package io.clusterset.discovery.health;

import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** How verdicts are come to. Immutable. */
public final class HealthOptions {

    private static final HealthOptions DEFAULTS = new Builder().build();

    private final Probe probe;
    private final Probing probing;
    private final Duration probeInterval;
    private final Duration probeTimeout;
    private final int healthyAfter;
    private final int unhealthyAfter;
    private final Optional<SSLContext> probeTls;

    private HealthOptions(Builder builder) {
        probe = builder.probe;
        probing = builder.probing;
        probeInterval = builder.probeInterval;
        probeTimeout = builder.probeTimeout;
        healthyAfter = builder.healthyAfter;
        unhealthyAfter = builder.unhealthyAfter;
        probeTls = builder.probeTls;
    }

    /** TCP probes of suspects, 5 s apart, 500 ms each. */
    public static HealthOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder()
                .probe(probe)
                .probing(probing)
                .probeInterval(probeInterval)
                .probeTimeout(probeTimeout)
                .healthyAfter(healthyAfter)
                .unhealthyAfter(unhealthyAfter);
        probeTls.ifPresent(builder::probeTls);
        return builder;
    }

    /** How an endpoint is probed. */
    public Probe probe() {
        return probe;
    }

    /** Who is probed. */
    public Probing probing() {
        return probing;
    }

    /** The time between two probes of a suspect or unhealthy endpoint, ± 20 %. */
    public Duration probeInterval() {
        return probeInterval;
    }

    /** How long a probe may take. */
    public Duration probeTimeout() {
        return probeTimeout;
    }

    /** How many probes in a row must pass before a sick endpoint is healthy. */
    public int healthyAfter() {
        return healthyAfter;
    }

    /** How many probes in a row must fail before a suspect is unhealthy. */
    public int unhealthyAfter() {
        return unhealthyAfter;
    }

    /** What HTTPS probes use in place of the JVM's default. */
    public Optional<SSLContext> probeTls() {
        return probeTls;
    }

    /** Builds {@link HealthOptions}. Not thread-safe. */
    public static final class Builder {
        private static final int MOST_PROBES = 10;

        private Probe probe = Probe.tcp();
        private Probing probing = Probing.ON_SUSPICION;
        private Duration probeInterval = Duration.ofSeconds(5);
        private Duration probeTimeout = Duration.ofMillis(500);
        private int healthyAfter = 2;
        private int unhealthyAfter = 1;
        private Optional<SSLContext> probeTls = Optional.empty();

        private Builder() {}

        /**
         * How endpoints are probed. Default {@link Probe#tcp()}. {@link Probe#none()} is the same as {@link Probing#OFF}.
         */
        public Builder probe(Probe kind) {
            probe = kind;
            return this;
        }

        /** Who is probed. Default {@link Probing#ON_SUSPICION}. */
        public Builder probing(Probing who) {
            probing = who;
            return this;
        }

        /** The time between two probes of a sick endpoint, ± 20 %. Default 5 s; from 100 ms to 10 min. */
        public Builder probeInterval(Duration time) {
            probeInterval = time;
            return this;
        }

        /** How long a probe may take; after that it has failed. Default 500 ms; from 10 ms to 30 s. */
        public Builder probeTimeout(Duration time) {
            probeTimeout = time;
            return this;
        }

        /**
         * How many probes in a row must pass before a sick endpoint is healthy. Default 2; from 1 to 10. A call that succeeds
         * makes it healthy at once; and if calls fail again after probes alone had brought it back, probes alone don't for
         * the next 30 s.
         */
        public Builder healthyAfter(int probes) {
            healthyAfter = probes;
            return this;
        }

        /**
         * How many probes in a row must fail before a suspect is unhealthy. Default 1; from 1 to 10. The only address of a
         * tier takes three refused ones at least; a third hard failure of calls in a row makes any other endpoint unhealthy
         * whatever its probes say.
         */
        public Builder unhealthyAfter(int probes) {
            unhealthyAfter = probes;
            return this;
        }

        /**
         * Whom HTTPS probes trust, and the key they show where endpoints ask for one. Default: the JVM's default context, read
         * at the first HTTPS probe. A certificate that it can't verify for the address is not held against the endpoint: see
         * {@link Probe#https}.
         */
        public Builder probeTls(SSLContext context) {
            probeTls = Optional.of(context);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of range; the text names it and what was expected
         */
        public HealthOptions build() {
            new DurationRange(Duration.ofMillis(100), Duration.ofMinutes(10)).check("probeInterval", probeInterval);
            new DurationRange(Duration.ofMillis(10), Duration.ofSeconds(30)).check("probeTimeout", probeTimeout);
            checkProbes("healthyAfter", healthyAfter);
            checkProbes("unhealthyAfter", unhealthyAfter);
            return new HealthOptions(this);
        }

        private static void checkProbes(String name, int probes) {
            if (probes < 1 || probes > MOST_PROBES) {
                throw new IllegalArgumentException(
                        name + ": " + probes + " (expected: 1 to " + MOST_PROBES + " probes)");
            }
        }
    }
}
