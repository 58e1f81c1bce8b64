package io.clusterset.discovery.spring.http;

/** A failure after which the request can't be sent again. An error, since after one the call's attempts end. Never gets to the caller. */
final class ReactiveFinal extends Error {

    private static final long serialVersionUID = 1;

    private final Throwable reason;

    ReactiveFinal(Throwable reason) {
        super(null, reason, true, false);
        this.reason = reason;
    }

    Throwable reason() {
        return reason;
    }

    /** The reason, told of what was before it. */
    Throwable concluded() {
        for (Throwable before : getSuppressed()) {
            reason.addSuppressed(before);
        }
        return reason;
    }
}
