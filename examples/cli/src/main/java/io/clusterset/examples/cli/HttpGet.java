package io.clusterset.examples.cli;

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

/** One GET of a path at an endpoint; says which tier served it. A status of 400 or more is a failure. Thread-safe. */
final class HttpGet implements TimedCall<String, IOException> {

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

    HttpGet(String path) {
        this.path = path;
    }

    /** How many requests were begun. */
    long attempts() {
        return attempts.sum();
    }

    @Override
    public String on(Endpoint endpoint, Duration left) throws IOException {
        attempts.increment();
        HttpRequest request = HttpRequest.newBuilder(uri(endpoint.authority(), path))
                .timeout(within(left))
                .build();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status >= FIRST_ERROR) {
                throw new IOException("HTTP " + status);
            }
            return endpoint.tier();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /**
     * The address of a path at an endpoint.
     *
     * @throws IllegalArgumentException if the path is none
     */
    static URI uri(String authority, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("no path");
        }
        return URI.create("http://" + authority + path);
    }

    private static Duration within(Duration left) {
        Duration most = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        return most.compareTo(SHORTEST) < 0 ? SHORTEST : most;
    }
}
