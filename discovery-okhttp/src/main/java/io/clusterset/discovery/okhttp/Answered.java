package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Response;

/** An attempt that ended in a response, which is no success of the endpoint's. The caller gets the last one as it is. */
final class Answered extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Response response;
    private final transient Failure failure;

    private Answered(Response response, Failure failure, String what) {
        super(what);
        this.response = response;
        this.failure = failure;
    }

    /** Throws if the response is no success: 5xx and 429, as {@code discovery call} has it; nobody's, if it is from the cache. */
    static void check(Response response, String host) throws Answered {
        int code = response.code();
        boolean asked = response.networkResponse() != null
                || (response.cacheResponse() == null
                        && !response.request().cacheControl().onlyIfCached());
        if (!asked) {
            throw new Answered(response, new Failure(new Outcome.Abandoned(), true), "answered from the cache");
        }
        boolean meant = response.request().url().host().equals(host); // or a redirect's, which is another's business
        Optional<Failure> failure = meant
                ? Failure.ofResponse(
                        code,
                        Optional.ofNullable(response.header("Retry-After")),
                        Optional.ofNullable(response.header("Date")))
                : Optional.empty();
        if (failure.isPresent()) {
            throw new Answered(response, failure.get(), "HTTP " + code);
        }
    }

    Response response() {
        return response;
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
