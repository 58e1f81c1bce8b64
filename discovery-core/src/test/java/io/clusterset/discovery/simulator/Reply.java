package io.clusterset.discovery.simulator;

/** What comes back of an attempt or a probe, if anything does: who is silent gives none. */
public enum Reply {
    /** HTTP 200. */
    GOOD,
    /** Nobody listens; nothing was sent. */
    REFUSED,
    /** HTTP 500. */
    ERROR,
    /** HTTP 503: it has more to do than it can. */
    OVERLOADED
}
