package io.clusterset.discovery.model;

import java.util.Locale;

/**
 * What is thought of one endpoint at one port, and why. Suspect is passed over while a better endpoint exists but still
 * counts as healthy in its tier's load; unknown (never tried) counts as healthy.
 *
 * @param state the verdict
 * @param reason why, in words; empty while there is nothing to say
 */
public record Verdict(State state, String reason) {

    /** Never tried. */
    public static final Verdict UNKNOWN = new Verdict(State.UNKNOWN, "");

    /** Worked the last time. */
    public static final Verdict HEALTHY = new Verdict(State.HEALTHY, "");

    /** Escapes the reason: it may be an exception's message. */
    public Verdict {
        reason = Text.line(reason);
    }

    /** Whether the endpoint counts as healthy in its tier's load: all but unhealthy do. */
    public boolean countsAsHealthy() {
        return state != State.UNHEALTHY;
    }

    /** {@code healthy}, or {@code unhealthy: connection refused}. */
    @Override
    public String toString() {
        return reason.isEmpty() ? state.word() : state.word() + ": " + reason;
    }

    /** The four verdicts. */
    public enum State {
        /** It answered. */
        HEALTHY,
        /** It failed hard and the probe has not yet settled it. */
        SUSPECT,
        /** It does not work. */
        UNHEALTHY,
        /** Never tried. */
        UNKNOWN;

        /** The word used in JSON, events and metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
