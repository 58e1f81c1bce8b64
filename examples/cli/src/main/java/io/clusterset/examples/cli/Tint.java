package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Verdict;

/** What a word means to who reads it. The word says it by itself; on a terminal its colour says it sooner. */
enum Tint {
    /** Nothing in particular. */
    PLAIN(""),
    /** Healthy, found. */
    GOOD("32"),
    /** Suspect, unknown, stale. */
    DOUBT("33"),
    /** Unhealthy, gone, trouble. */
    BAD("31");

    private final String code;

    Tint(String code) {
        this.code = code;
    }

    /** The number of its colour (ECMA-48, select graphic rendition); empty if it has none. */
    String code() {
        return code;
    }

    /** Of a verdict. */
    static Tint of(Verdict.State verdict) {
        return switch (verdict) {
            case HEALTHY -> GOOD;
            case SUSPECT, UNKNOWN -> DOUBT;
            case UNHEALTHY -> BAD;
        };
    }

    /** Of an answer. */
    static Tint of(Resolution answer) {
        if (answer instanceof Resolution.Unknown || answer.stale()) {
            return DOUBT;
        }
        return answer instanceof Resolution.Found ? GOOD : BAD;
    }
}
