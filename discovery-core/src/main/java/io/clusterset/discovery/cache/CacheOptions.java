package io.clusterset.discovery.cache;

import io.clusterset.discovery.time.DurationRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** For how long answers are believed. Immutable. */
public final class CacheOptions {

    static final Duration LONGEST_STALE = Duration.ofDays(7);

    private static final CacheOptions DEFAULTS = new Builder().build();

    private final Duration minTtl;
    private final Duration maxTtl;
    private final Duration maxNegativeTtl;
    private final Duration staleFor;
    private final Optional<Path> snapshotDirectory;

    private CacheOptions(Builder builder) {
        minTtl = builder.minTtl;
        maxTtl = builder.maxTtl;
        maxNegativeTtl = builder.maxNegativeTtl;
        staleFor = builder.staleFor;
        snapshotDirectory = builder.snapshotDirectory;
    }

    /** 1 s to 60 s, negatives up to 5 s, stale for 24 h. */
    public static CacheOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder()
                .minTtl(minTtl)
                .maxTtl(maxTtl)
                .maxNegativeTtl(maxNegativeTtl)
                .staleFor(staleFor);
        snapshotDirectory.ifPresent(builder::snapshotDirectory);
        return builder;
    }

    /** The shortest time a found answer is believed. */
    public Duration minTtl() {
        return minTtl;
    }

    /** The longest time a found answer is believed. */
    public Duration maxTtl() {
        return maxTtl;
    }

    /** The longest time "nothing" and "no such name" are believed. */
    public Duration maxNegativeTtl() {
        return maxNegativeTtl;
    }

    /** How long what was found is kept while the source cannot tell. */
    public Duration staleFor() {
        return staleFor;
    }

    /** Where what was found is written down for the next start; empty if nowhere. */
    public Optional<Path> snapshotDirectory() {
        return snapshotDirectory;
    }

    /** Builds {@link CacheOptions}. Not thread-safe. */
    public static final class Builder {
        private Duration minTtl = Duration.ofSeconds(1);
        private Duration maxTtl = Duration.ofSeconds(60);
        private Duration maxNegativeTtl = Duration.ofSeconds(5);
        private Duration staleFor = Duration.ofHours(24);
        private Optional<Path> snapshotDirectory = Optional.empty();

        private Builder() {}

        /** Answers with a shorter TTL are believed this long; TTL 0 never means a query per call. Default 1 s, at least 1 s. */
        public Builder minTtl(Duration time) {
            minTtl = time;
            return this;
        }

        /** Answers with a longer TTL are believed this long. Default 60 s; from {@link #minTtl} to 1 h. */
        public Builder maxTtl(Duration time) {
            maxTtl = time;
            return this;
        }

        /** Bounds what negative answers ask for. Default 5 s; from 1 s to 5 min. A new service is found no sooner. */
        public Builder maxNegativeTtl(Duration time) {
            maxNegativeTtl = time;
            return this;
        }

        /** How long endpoints are kept while the source cannot tell. Default 24 h; 0 drops them at the first failure. */
        public Builder staleFor(Duration time) {
            staleFor = time;
            return this;
        }

        /**
         * Writes what DNS last said to a file of this directory, at most every 30 s, and begins with it after a restart: VIPs
         * up to 24 h old, other addresses up to 1 h, as stale until they are confirmed. Processes may share it; it is made if
         * its parent is there. Default: none, and nothing is written.
         */
        public Builder snapshotDirectory(Path directory) {
            snapshotDirectory = Optional.of(directory);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of range; the text names it and what was expected
         */
        public CacheOptions build() {
            new DurationRange(Duration.ofSeconds(1), Duration.ofHours(1)).check("minTtl", minTtl);
            new DurationRange(minTtl, Duration.ofHours(1)).check("maxTtl", maxTtl);
            new DurationRange(Duration.ofSeconds(1), Duration.ofMinutes(5)).check("maxNegativeTtl", maxNegativeTtl);
            new DurationRange(Duration.ZERO, LONGEST_STALE).check("staleFor", staleFor);
            return new CacheOptions(this);
        }
    }
}
