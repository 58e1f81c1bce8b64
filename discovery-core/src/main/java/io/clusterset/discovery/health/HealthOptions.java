package io.clusterset.discovery.health;

import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;

/** How verdicts are come to. Immutable. */
public final class HealthOptions {

    private static final HealthOptions DEFAULTS = new Builder().build();

    private final Probe probe;
    private final Duration probeInterval;
    private final Duration probeTimeout;

    private HealthOptions(Builder builder) {
        probe = builder.probe;
        probeInterval = builder.probeInterval;
        probeTimeout = builder.probeTimeout;
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
        return new Builder().probe(probe).probeInterval(probeInterval).probeTimeout(probeTimeout);
    }

    /** How an endpoint is probed. */
    public Probe probe() {
        return probe;
    }

    /** The time between two probes of a suspect or unhealthy endpoint, ± 20 %. */
    public Duration probeInterval() {
        return probeInterval;
    }

    /** How long a probe may take. */
    public Duration probeTimeout() {
        return probeTimeout;
    }

    /** Builds {@link HealthOptions}. Not thread-safe. */
    public static final class Builder {
        private Probe probe = Probe.tcp();
        private Duration probeInterval = Duration.ofSeconds(5);
        private Duration probeTimeout = Duration.ofMillis(500);

        private Builder() {}

        /**
         * How endpoints are probed. Default {@link Probe#tcp()}: suspects and unhealthy ones only, so the cost does not grow
         * with the fleet. With {@link Probe#none()} a sick endpoint is tried with calls again after the probe interval.
         */
        public Builder probe(Probe kind) {
            probe = kind;
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
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of range; the text names it and what was expected
         */
        public HealthOptions build() {
            new DurationRange(Duration.ofMillis(100), Duration.ofMinutes(10)).check("probeInterval", probeInterval);
            new DurationRange(Duration.ofMillis(10), Duration.ofSeconds(30)).check("probeTimeout", probeTimeout);
            return new HealthOptions(this);
        }
    }
}
