package io.clusterset.discovery.simulator;

/** One call of an application: idempotent, two seconds, made at a time. */
public final class Request {

    /** Milliseconds after which nobody waits for an answer any more. */
    public static final int PATIENCE = 2_000;

    final long began;
    int attempts;
    boolean over;
    Side servedBy = Side.NONE;

    Request(long began) {
        this.began = began;
    }

    /** Which tier served it. */
    enum Side {
        NONE,
        HOME,
        AWAY
    }
}
