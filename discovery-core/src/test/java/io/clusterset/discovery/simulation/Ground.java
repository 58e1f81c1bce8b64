package io.clusterset.discovery.simulation;

import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What all clients stand on: one clock, and endpoints that are up, down or worse, for calls and for probes alike. */
final class Ground implements Prober {

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(200);

    final ManualTime time = new ManualTime();
    private final Map<InetSocketAddress, State> states = new HashMap<>();
    private final Map<String, InetSocketAddress> addresses = new HashMap<>();

    /** {@code 10.0.0.1:80}, … */
    static List<String> home(int endpoints) {
        return IntStream.rangeClosed(1, endpoints)
                .mapToObj(i -> "10.0.0." + i + ":80")
                .toList();
    }

    /** {@code 10.1.0.1:80}, … */
    static List<String> away(int endpoints) {
        return IntStream.rangeClosed(1, endpoints)
                .mapToObj(i -> "10.1.0." + i + ":80")
                .toList();
    }

    void turn(Collection<String> endpoints, State state) {
        endpoints.forEach(endpoint -> turn(endpoint, state));
    }

    void turn(String endpoint, State state) {
        states.put(address(endpoint), state);
    }

    State state(InetSocketAddress address) {
        return states.getOrDefault(address, State.UP);
    }

    State state(String endpoint) {
        return state(address(endpoint));
    }

    private InetSocketAddress address(String endpoint) {
        return addresses.computeIfAbsent(endpoint, text -> Endpoint.parse(text).socketAddress());
    }

    /** What a call there comes to: its tier, or what a socket would throw. */
    String call(Endpoint endpoint) throws IOException {
        return switch (state(endpoint.socketAddress())) {
            case UP -> endpoint.tier();
            case REFUSING -> throw new ConnectException("Connection refused");
            case SILENT -> {
                time.advance(CONNECT_TIMEOUT);
                throw new SocketTimeoutException("Connect timed out");
            }
            case FAILING -> throw new IOException("HTTP 500");
        };
    }

    /** As {@link #call}, without waiting. */
    CompletableFuture<String> callAsync(Endpoint endpoint) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        switch (state(endpoint.socketAddress())) {
            case UP -> answer.complete(endpoint.tier());
            case REFUSING -> answer.completeExceptionally(new ConnectException("Connection refused"));
            case SILENT ->
                time.schedule(
                        CONNECT_TIMEOUT,
                        () -> answer.completeExceptionally(new SocketTimeoutException("Connect timed out")));
            case FAILING -> answer.completeExceptionally(new IOException("HTTP 500"));
        }
        return answer;
    }

    @Override
    public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
        switch (state(address)) {
            case REFUSING -> done.accept(new Refused("connection refused"));
            case SILENT -> time.schedule(timeout, () -> done.accept(new TimedOut()));
            case UP, FAILING -> done.accept(new Passed());
        }
    }

    long millis() {
        return time.nanos() / 1_000_000;
    }

    void pass(Duration by) {
        time.advance(by);
    }

    void passMillis(long by) {
        time.advance(Duration.ofMillis(by));
    }

    /** How an endpoint is. */
    enum State {
        UP,
        /** Nobody listens. */
        REFUSING,
        /** A black hole. */
        SILENT,
        /** It listens, and answers every call with an error. */
        FAILING
    }
}
