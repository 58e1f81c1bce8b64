package io.clusterset.discovery.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.clusterset.discovery.model.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers requests: the page, its documents, its events, and a line that says what was expected for all else. Thread-safe. */
final class Site implements HttpHandler {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");
    private static final String WANTED = "(expected: /, /state, /explain or /events)";

    private final DiscoveryPage page;
    private final Feed feed;
    private final Workers workers;
    private final Set<String> hosts; // that may be asked for; empty: any

    Site(DiscoveryPage page, Feed feed, Workers workers, InetSocketAddress address) {
        this.page = page;
        this.feed = feed;
        this.workers = workers;
        this.hosts = hosts(address.getAddress());
    }

    /**
     * A page of somewhere else whose name was pointed here asks for that name: DNS rebinding. The port says nothing: it is another one
     * where a port is forwarded, and none is said of 80.
     */
    private static Set<String> hosts(InetAddress address) {
        return address.isLoopbackAddress()
                ? Stream.of("localhost", "127.0.0.1", "[::1]", host(address)).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /** As it is in a URL. */
    static String host(InetAddress address) {
        String literal = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + literal.replaceFirst("%.*", "") + "]" : literal;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            page.headers().forEach(exchange.getResponseHeaders()::set);
            Optional<Answer> refused = refused(exchange);
            if (refused.isPresent()) {
                send(exchange, refused.get());
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> send(exchange, new Answer(200, "text/html; charset=utf-8", page.html()));
                case "/state" -> send(exchange, state(exchange, query(exchange)));
                case "/explain" -> send(exchange, explain(exchange, query(exchange)));
                case "/events" -> events(exchange, query(exchange));
                default ->
                    send(
                            exchange,
                            Answer.line(
                                    404,
                                    Text.quote(exchange.getRequestURI().getPath()) + ": nothing is here " + WANTED));
            }
        }
    }

    private Optional<Answer> refused(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        if (!hosts.isEmpty() && !hosts.contains(name)) {
            return Optional.of(Answer.line(
                    403,
                    "Host: " + Text.quote(host) + " (expected: "
                            + String.join(", ", hosts.stream().sorted().toList()) + ")"));
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Optional.of(Answer.line(405, Text.quote(method) + ": nothing can be changed here (expected: GET)"));
        }
        return Optional.empty();
    }

    private Answer state(HttpExchange exchange, Map<String, String> query) {
        String service = query.get("service");
        try {
            return new Answer(200, JSON, service == null ? page.overview() : page.service(service));
        } catch (IllegalArgumentException unknown) {
            return Answer.error(unknown);
        } catch (RejectedExecutionException busy) {
            return busy(exchange, "state: ", busy);
        }
    }

    private Answer explain(HttpExchange exchange, Map<String, String> query) {
        String service = query.get("service");
        String at = query.get("at");
        if (service == null) {
            return Answer.line(400, "service: not said (expected: explain?service=NAME)");
        } else if (at != null && !at.matches("-?[0-9]{1,15}")) {
            return Answer.line(400, "at: " + Text.quote(at) + " (expected: milliseconds, as an event's at)");
        }
        try {
            return new Answer(
                    200, TEXT, at == null ? page.explanation(service) : page.explanation(service, Long.parseLong(at)));
        } catch (IllegalArgumentException unknown) {
            return Answer.error(unknown);
        } catch (RejectedExecutionException busy) {
            return busy(exchange, "explain: ", busy);
        }
    }

    private static Answer busy(HttpExchange exchange, String what, RejectedExecutionException busy) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        return Answer.line(503, what + busy.getMessage());
    }

    private void events(HttpExchange exchange, Map<String, String> query) throws IOException {
        Optional<String> service;
        try {
            service = Optional.ofNullable(query.get("service")).map(page::inUse);
        } catch (IllegalArgumentException unknown) {
            send(exchange, Answer.error(unknown));
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            send(exchange, new Answer(200, "text/event-stream", ""));
            return;
        }
        Optional<Viewer> joined = feed.join(service);
        if (joined.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", "5");
            send(
                    exchange,
                    Answer.line(
                            503,
                            "events: " + feed.viewers() + " streams are open (expected: at most " + Feed.MOST_VIEWERS
                                    + "; ask for /state meanwhile)"));
            return;
        }
        try (Viewer viewer = joined.get()) {
            stream(exchange, viewer);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void stream(HttpExchange exchange, Viewer viewer) throws IOException, InterruptedException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "text/event-stream");
        headers.set("X-Accel-Buffering", "no"); // a proxy that gathers events makes them old
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        for (Optional<String> next = next(viewer); next.isPresent(); next = next(viewer)) {
            body.write(next.get().getBytes(StandardCharsets.UTF_8));
            body.flush();
        }
    }

    private Optional<String> next(Viewer viewer) throws InterruptedException {
        workers.rest();
        try {
            return viewer.next();
        } finally {
            workers.goOn();
        }
    }

    /** The last of several of one name; what can't be decoded is left as it is. */
    private static Map<String, String> query(HttpExchange exchange) {
        String raw = exchange.getRequestURI().getRawQuery();
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? List.<String>of() : List.of(raw.split("&"))) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** What is sent. */
    private record Answer(int status, String type, String body) {

        static Answer line(int status, String line) {
            return new Answer(status, TEXT, line + "\n");
        }

        static Answer error(IllegalArgumentException unknown) {
            return line(404, String.valueOf(unknown.getMessage()));
        }
    }
}
