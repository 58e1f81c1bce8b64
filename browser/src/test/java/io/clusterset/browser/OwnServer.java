package io.clusterset.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clusterset.discovery.page.DiscoveryPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A server of somebody's own for the page, as {@link DiscoveryPage} allows: it may say other documents than it was told, and its stream
 * of events, which it takes from the page's own server, can be cut.
 */
final class OwnServer implements AutoCloseable {

    private static final int BUFFER = 8192;

    private final DiscoveryPage page;
    private final URI streams;
    private final UnaryOperator<String> change;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final HttpServer server;
    private volatile boolean cut;
    private volatile boolean mute;
    private volatile Optional<Refusal> refusal = Optional.empty();

    /**
     * Serves this page.
     *
     * @param streams where the page's own server is
     * @param change what becomes of each document
     */
    OwnServer(DiscoveryPage page, URI streams, UnaryOperator<String> change) {
        this.page = page;
        this.streams = streams;
        this.change = change;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, "text/html; charset=utf-8", page.html()));
        server.createContext("/state", exchange -> unlessRefused(exchange, "application/json", this::state));
        server.createContext(
                "/explain",
                exchange -> unlessRefused(
                        exchange, "text/plain; charset=utf-8", asked -> page.explanation(service(asked))));
        server.createContext("/events", this::events);
        server.start();
    }

    URI uri(String fragment) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + fragment);
    }

    /** Ends the streams there are, and refuses others, for as long as it is on. */
    void cut(boolean on) {
        cut = on;
    }

    /** Keeps to itself what streams say, as a network that loses everything does, or a proxy that gathers. */
    void mute(boolean on) {
        mute = on;
    }

    /** Answers so, and not with documents. */
    void refuse(int status, String text) {
        refusal = Optional.of(new Refusal(status, text));
    }

    /** Answers with documents again. */
    void answer() {
        refusal = Optional.empty();
    }

    /** How many streams have been asked for. */
    int begun() {
        return begun.get();
    }

    /** How many streams are listened to; who has gone is found out by the next thing that is said. */
    int open() {
        return open.get();
    }

    private String state(HttpExchange exchange) {
        return change.apply(
                exchange.getRequestURI().getQuery() == null ? page.overview() : page.service(service(exchange)));
    }

    /** Its name as the discovery knows it: what a page was told of may be changed. */
    private String service(HttpExchange exchange) {
        String asked = URLDecoder.decode(
                String.valueOf(exchange.getRequestURI().getRawQuery()).replaceAll("^service=|&.*", ""),
                StandardCharsets.UTF_8);
        return page.overview().contains("\"service:" + asked + "\"") ? asked : TwoClusters.ORDERS;
    }

    private void unlessRefused(HttpExchange exchange, String type, Function<HttpExchange, String> document)
            throws IOException {
        Optional<Refusal> refused = refusal;
        if (refused.isPresent()) {
            answer(
                    exchange,
                    refused.get().status(),
                    "text/plain; charset=utf-8",
                    refused.get().text());
        } else {
            answer(exchange, type, document.apply(exchange));
        }
    }

    private void answer(HttpExchange exchange, String type, String body) throws IOException {
        answer(exchange, 200, type, body);
    }

    private void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        page.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void events(HttpExchange exchange) throws IOException {
        begun.incrementAndGet();
        if (cut) {
            exchange.sendResponseHeaders(502, -1);
            exchange.close();
            return;
        }
        page.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        open.incrementAndGet();
        URI from = streams.resolve(exchange.getRequestURI().toString());
        try (exchange;
                InputStream in = client.send(
                                HttpRequest.newBuilder(from).build(), HttpResponse.BodyHandlers.ofInputStream())
                        .body()) {
            byte[] buffer = new byte[BUFFER];
            while (!cut) {
                if (in.available() > 0 && !mute) {
                    exchange.getResponseBody().write(buffer, 0, in.read(buffer));
                    exchange.getResponseBody().flush();
                } else {
                    Await.pause();
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    /** What is answered and is no document. */
    private record Refusal(int status, String text) {}

    @Override
    public void close() {
        cut = true;
        server.stop(0);
        threads.shutdownNow();
    }
}
