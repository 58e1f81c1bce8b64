package io.clusterset.examples.quickstart;

import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The application's own HTTP client; the library hands out endpoints and leaves the calling to it. Thread-safe. */
final class HttpCaller {

    private static final Duration CONNECT = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /**
     * Gets {@code /list} from an endpoint.
     *
     * @throws IOException if it can't be reached, or answers something else than 200
     */
    void get(Endpoint endpoint) throws IOException {
        URI uri = URI.create("http://" + endpoint.authority() + "/list");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER).build();
        try {
            int status = client.send(request, BodyHandlers.ofString()).statusCode();
            if (status != 200) {
                throw new IOException("status " + status);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
