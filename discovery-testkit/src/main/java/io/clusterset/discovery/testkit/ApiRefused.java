package io.clusterset.discovery.testkit;

/** A request that makes no sense, or asks for what is gone: with the answer it gets. */
final class ApiRefused extends Exception {

    private static final long serialVersionUID = 1;

    private final transient ApiStatus status;

    ApiRefused(ApiStatus status) {
        super(status.message(), null, false, false);
        this.status = status;
    }

    ApiStatus status() {
        return status;
    }
}
