package io.clusterset.examples.cli;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.call.TimedCall;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** One GET of a path at an endpoint. A status of 400 or more is a failure. Thread-safe. */
final class HttpGet implements TimedCall<HttpGet.Answer, IOException> {

    /**
     * What came of it.
     *
     * @param endpoint who served it
     * @param status below 400
     */
    record Answer(Endpoint endpoint, int status) {}

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int FIRST_ERROR = 400;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final LongAdder attempts = new LongAdder();
    private final String path;

    private HttpGet(String path) {
        this.path = path;
    }

    /** A server's errors are its endpoint's; that a path does not exist says nothing of any endpoint. */
    static Failure judge(Throwable thrown) {
        if (thrown instanceof HttpError error && !error.isTheEndpoints()) {
            return Failure.otherwise(String.valueOf(error.getMessage()));
        }
        return Failure.of(thrown);
    }

    /** What is got. */
    String path() {
        return path;
    }

    /** Calls of a service that get this, and fail over. */
    Getter through(Service service, Duration timeout) {
        Call call = Call.idempotent().deadline(timeout).classify(HttpGet::judge);
        long before = attempts.sum();
        return new Getter() {
            @Override
            public String get() throws IOException {
                return service.call(call, HttpGet.this).endpoint().tier();
            }

            @Override
            public long attempts() {
                return attempts.sum() - before;
            }
        };
    }

    @Override
    public Answer on(Endpoint endpoint, Duration left) throws IOException {
        attempts.increment();
        HttpRequest request = HttpRequest.newBuilder(uri(endpoint.authority(), path))
                .timeout(within(left))
                .build();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status >= FIRST_ERROR) {
                throw new HttpError(status);
            }
            return new Answer(endpoint, status);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Reads the option that says what to get. */
    static HttpGet of(String path) {
        return new HttpGet(Options.read("--path", path, "a path such as /list", HttpGet::checked));
    }

    private static String checked(String text) {
        return uri("0.0.0.0:1", text).getRawPath().isEmpty() ? "/" : text;
    }

    /**
     * The address of a path at an endpoint.
     *
     * @throws IllegalArgumentException if the path is none
     */
    private static URI uri(String authority, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("no path");
        }
        return URI.create("http://" + authority + path);
    }

    /** An answer that is none. */
    static final class HttpError extends IOException {
        private static final long serialVersionUID = 1;
        private static final int TOO_MANY_REQUESTS = 429;
        private static final int FIRST_SERVER_ERROR = 500;

        private final int status;

        HttpError(int status) {
            super("HTTP " + status);
            this.status = status;
        }

        boolean isTheEndpoints() {
            return status >= FIRST_SERVER_ERROR || status == TOO_MANY_REQUESTS;
        }
    }

    private static Duration within(Duration left) {
        Duration most = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        return most.compareTo(SHORTEST) < 0 ? SHORTEST : most;
    }
}
