package io.clusterset.benchmarks.failover;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The JDK's own client, and a name that has both addresses, the local one first. */
final class Jdk implements Client {

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;

    Jdk(Served local) {
        request = HttpRequest.newBuilder(URI.create("http://" + Names.BOTH + ":" + local.port() + "/list"))
                .build();
    }

    @Override
    public void call() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(String.valueOf(response.statusCode()));
        }
    }
}
