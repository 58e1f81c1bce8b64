package io.clusterset.discovery.spring.http;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import okhttp3.tls.HeldCertificate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A server that says its name, unless told otherwise, and remembers what it saw. */
final class ReactivePod implements AutoCloseable {

    /** What came in. */
    record Seen(String method, String path, String host, String cookie, String body) {}

    /** What goes out. */
    record Reply(int status, String body, Map<String, String> headers, Duration delay) {
        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of(), Duration.ZERO);
        }

        Reply header(String name, String value) {
            return new Reply(status, body, Map.of(name, value), delay);
        }

        Reply late(Duration by) {
            return new Reply(status, body, headers, by);
        }
    }

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private static final LoopResources LOOPS =
            LoopResources.create("pods", 1, true); // clients' are closed with their context

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final DisposableServer server;
    private volatile Function<Seen, Reply> answers;

    private ReactivePod(String name, HttpServer template) {
        this.answers = request -> Reply.of(200, name);
        this.server = template.runOn(LOOPS)
                .doOnConnection(connection -> connections.add(connection.channel()))
                .handle(this::handle)
                .bindNow();
    }

    static ReactivePod start(String name, String address, int port) {
        return new ReactivePod(name, HttpServer.create().host(address).port(port));
    }

    static ReactivePod startTls(String name, String address, int port, HeldCertificate certificate)
            throws SSLException {
        SslContext tls = SslContextBuilder.forServer(certificate.keyPair().getPrivate(), certificate.certificate())
                .build();
        return new ReactivePod(
                name, HttpServer.create().host(address).port(port).secure(spec -> spec.sslContext(tls)));
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asString().defaultIfEmpty("").flatMap(body -> {
            String host = String.valueOf(request.requestHeaders().get("Host"));
            String cookie = String.valueOf(request.requestHeaders().get("Cookie"));
            Seen one = new Seen(request.method().name(), request.uri(), host, cookie, body);
            seen.add(one);
            Reply reply = answers.apply(one);
            response.status(reply.status());
            reply.headers().forEach(response::header);
            Mono<Void> sent = response.sendString(Mono.just(reply.body())).then();
            return reply.delay().isZero() ? sent : Mono.delay(reply.delay()).then(sent);
        });
    }

    void does(Function<Seen, Reply> what) {
        answers = what;
    }

    Function<Seen, Reply> answers() {
        return answers;
    }

    int port() {
        return server.port();
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** Nobody listens there any more, and all connections are closed. */
    void stop() {
        server.disposeNow();
        connections.close().syncUninterruptibly();
    }

    @Override
    public void close() {
        stop();
    }
}
