package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.call.Failure;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;

/** An attempt that ended in a response, which is no success of the endpoint's. The caller gets the last one as it is. */
final class Answered extends IOException {

    private static final long serialVersionUID = 1;

    private final transient ClientHttpResponse response;
    private final transient Failure failure;

    private Answered(ClientHttpResponse response, Failure failure, int status) {
        super("HTTP " + status);
        this.response = response;
        this.failure = failure;
    }

    /** Throws if the response is no success: 5xx and 429. */
    static void check(ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value(); // some clients read it only now
        HttpHeaders headers = response.getHeaders();
        Optional<Failure> failure = Failure.ofResponse(
                status,
                Optional.ofNullable(headers.getFirst(HttpHeaders.RETRY_AFTER)),
                Optional.ofNullable(headers.getFirst(HttpHeaders.DATE)));
        if (failure.isPresent()) {
            throw new Answered(response, failure.get(), status);
        }
    }

    ClientHttpResponse response() {
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
