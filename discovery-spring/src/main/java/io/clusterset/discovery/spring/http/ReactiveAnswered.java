package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.call.Failure;
import java.io.IOException;

/** An attempt that ended in a response, which is no success of the endpoint's. The caller gets the last one as it is. */
final class ReactiveAnswered extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    ReactiveAnswered(Failure failure, int status) {
        super("HTTP " + status);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }

    /** Nobody looks at where it was made, and every 503 makes one. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public Throwable fillInStackTrace() {
        return this;
    }
}
