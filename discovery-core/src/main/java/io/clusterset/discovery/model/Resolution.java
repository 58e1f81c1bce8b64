package io.clusterset.discovery.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a source said of one question. Four answers, kept apart: <em>empty</em> and <em>no such name</em> both mean "nothing
 * usable here now"; <em>unknown</em> changes nothing that is known.
 */
public sealed interface Resolution
        permits Resolution.Found, Resolution.Empty, Resolution.NoSuchName, Resolution.Unknown {

    /** How the source came to it. */
    Evidence evidence();

    /** How long from now this may be believed before the source is asked again; never negative. */
    Duration freshFor();

    /** The endpoints to work with: those found, or for {@link Unknown} those found earlier and still kept. */
    default List<Endpoint> endpoints() {
        return List.of();
    }

    /** {@code found}, {@code empty}, {@code no-such-name} or {@code unknown}: the word used in JSON, events and metrics. */
    String word();

    /** Whether {@link #endpoints()} are older than the source would like. */
    default boolean stale() {
        return false;
    }

    /** The same answer with another freshness. */
    Resolution freshFor(Duration left);

    /** The same answer with other evidence. */
    Resolution withEvidence(Evidence other);

    /**
     * The name exists and has endpoints (DNS: NOERROR with addresses).
     *
     * @param endpoints at least one, in the source's order
     * @param complete false when the source could not see all of them: such an answer adds and never removes
     */
    record Found(List<Endpoint> endpoints, boolean complete, Duration freshFor, Evidence evidence)
            implements Resolution {
        /** Copies the list; refuses an empty one. */
        public Found {
            endpoints = List.copyOf(endpoints);
            if (endpoints.isEmpty()) {
                throw new IllegalArgumentException("endpoints: none (expected: at least one; nothing found is Empty)");
            }
            requireNotNegative(freshFor);
        }

        /** A complete answer. */
        public Found(List<Endpoint> endpoints, Duration freshFor, Evidence evidence) {
            this(endpoints, true, freshFor, evidence);
        }

        @Override
        public String word() {
            return "found";
        }

        @Override
        public Found freshFor(Duration left) {
            return new Found(endpoints, complete, left, evidence);
        }

        @Override
        public Found withEvidence(Evidence other) {
            return new Found(endpoints, complete, freshFor, other);
        }
    }

    /**
     * The name exists and has nothing usable (DNS: NODATA).
     *
     * @param freshFor how long to believe it
     * @param evidence how it was learned
     * @param outside the name it is an alias of, if that lies outside the tier's zone: a Service of type ExternalName
     */
    record Empty(Duration freshFor, Evidence evidence, Optional<String> outside) implements Resolution {
        /** Checks the duration, and escapes the name. */
        public Empty {
            requireNotNegative(freshFor);
            outside = outside.map(Text::line);
        }

        /** Of a name that is no alias. */
        public Empty(Duration freshFor, Evidence evidence) {
            this(freshFor, evidence, Optional.empty());
        }

        @Override
        public String word() {
            return "empty";
        }

        @Override
        public Empty freshFor(Duration left) {
            return new Empty(left, evidence, outside);
        }

        @Override
        public Empty withEvidence(Evidence other) {
            return new Empty(freshFor, other, outside);
        }
    }

    /** The name does not exist (DNS: NXDOMAIN). */
    record NoSuchName(Duration freshFor, Evidence evidence) implements Resolution {
        /** Checks the duration. */
        public NoSuchName {
            requireNotNegative(freshFor);
        }

        @Override
        public String word() {
            return "no-such-name";
        }

        @Override
        public NoSuchName freshFor(Duration left) {
            return new NoSuchName(left, evidence);
        }

        @Override
        public NoSuchName withEvidence(Evidence other) {
            return new NoSuchName(freshFor, other);
        }
    }

    /**
     * The source could not tell (DNS: SERVFAIL, REFUSED, NOTIMP, NOTZONE, timeout, bad message, every address filtered out).
     *
     * @param kept what was found earlier and is still believed; empty if nothing
     */
    record Unknown(List<Endpoint> kept, Duration freshFor, Evidence evidence) implements Resolution {
        /** Copies the list. */
        public Unknown {
            kept = List.copyOf(kept);
            requireNotNegative(freshFor);
        }

        @Override
        public List<Endpoint> endpoints() {
            return kept;
        }

        @Override
        public String word() {
            return "unknown";
        }

        @Override
        public boolean stale() {
            return !kept.isEmpty();
        }

        @Override
        public Unknown freshFor(Duration left) {
            return new Unknown(kept, left, evidence);
        }

        @Override
        public Unknown withEvidence(Evidence other) {
            return new Unknown(kept, freshFor, other);
        }
    }

    private static void requireNotNegative(Duration freshFor) {
        if (freshFor.isNegative()) {
            throw new IllegalArgumentException("freshFor: " + freshFor + " (expected: >= 0)");
        }
    }
}
