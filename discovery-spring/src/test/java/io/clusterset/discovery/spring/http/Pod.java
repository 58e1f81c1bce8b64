package io.clusterset.discovery.spring.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server that remembers what it was asked. It says its name, unless told otherwise. */
final class Pod implements AutoCloseable {

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Function<Seen, Said> answers;

    Pod(String name, String address, int port, @Nullable SSLContext tls) {
        this.name = name;
        this.answers = request -> Said.ok(name);
        try {
            InetSocketAddress at = new InetSocketAddress(address, port);
            if (tls == null) {
                server = HttpServer.create(at, 0);
            } else {
                HttpsServer secure = HttpsServer.create(at, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Seen request = new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Host"),
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        seen.add(request);
        Said said = answers.apply(request);
        said.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    void does(Function<Seen, Said> what) {
        answers = what;
    }

    void fails(int status) {
        answers = request -> new Said(status, Map.of(), name + " says " + status);
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * A request.
     *
     * @param host the header
     */
    record Seen(
            String method,
            String path,
            String host,
            @Nullable String authorization,
            String body) {}

    /** A response. */
    record Said(int status, Map<String, String> headers, String body) {
        static Said ok(String text) {
            return new Said(200, Map.of(), text);
        }

        static Said redirect(String location) {
            return new Said(302, Map.of("Location", location), "");
        }
    }
}
