package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import reactor.core.publisher.Mono;

/** With any client: the endpoint's address in the URL, and {@code Host} as the caller's URL says it. Not with TLS, which would check the address. */
final class ConnectorRewriting implements ConnectorPath {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectorRewriting.class);

    private final Supplier<ClientHttpConnector> client;
    private final boolean follows;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean toldOfTls = new AtomicBoolean();
    private volatile @Nullable ClientHttpConnector made;

    /**
     * With a client, which is made when it is needed: most applications have none of ours to call by it.
     *
     * @param client gives up connecting soon enough, and follows no redirect: it would take our {@code Host} elsewhere
     * @param follows whether the caller wants them followed
     */
    ConnectorRewriting(Supplier<ClientHttpConnector> client, boolean follows) {
        this.client = client;
        this.follows = follows;
    }

    @Override
    public boolean leavesRedirects() {
        return follows;
    }

    @Override
    public boolean isDirect(URI uri) {
        if ("https".equalsIgnoreCase(uri.getScheme())) {
            if (toldOfTls.compareAndSet(false, true)) {
                LOG.warn(
                        "https://{} goes past discovery, if it is a service: this client of WebClient's can't check a certificate for a name at an address (expected: Reactor Netty)",
                        uri.getHost());
            }
            return false;
        }
        return SteeringFactory.isDirect(uri);
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            Endpoint endpoint, HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> callback) {
        URI at = RewrittenSending.at(uri, endpoint);
        if (!SteeringFactory.isDirect(at)) {
            if (told.compareAndSet(false, true)) {
                LOG.warn(
                        "{}: a proxy is set for {}, though not for this name: calls go past discovery (expected: the pods' addresses in http.nonProxyHosts, too)",
                        uri.getHost(),
                        endpoint.authority());
            }
            return Mono.error(new ReactiveCall.Elsewhere());
        }
        ClientHttpConnector connector = connector();
        boolean settable = !(connector instanceof JdkClientHttpConnector) || HostHeader.isAllowedOrSaid();
        return connector.connect(method, at, request -> {
            if (settable) { // at the end, or the caller's own would be passed over
                request.beforeCommit(() -> Mono.fromRunnable(() -> nameHost(request.getHeaders(), uri)));
            }
            return callback.apply(request);
        });
    }

    @Override
    public void close() throws IOException {
        if (made instanceof Closeable closeable) {
            closeable.close();
        }
    }

    /** The JDK's client with Boot's filter of addresses refuses before it connects; the exception's class is new in Boot 4.1. */
    @Override
    public Failure read(Throwable thrown, ReactiveLeg leg) {
        if (thrown instanceof ReactiveCall.Elsewhere) {
            return new Failure(new Outcome.Abandoned(), true);
        }
        return thrown.getClass().getName().equals("org.springframework.boot.http.client.FilteredHostException")
                ? new Failure(new Outcome.FailedOtherwise(String.valueOf(thrown.getMessage())), false)
                : Failure.of(thrown);
    }

    private ClientHttpConnector connector() {
        ClientHttpConnector there = made;
        return there != null ? there : make();
    }

    private synchronized ClientHttpConnector make() {
        ClientHttpConnector there = made;
        if (there == null) {
            there = client.get();
            made = there;
        }
        return there;
    }

    private static void nameHost(HttpHeaders headers, URI uri) {
        if (!headers.containsHeader(HttpHeaders.HOST)) {
            headers.set(HttpHeaders.HOST, HostHeader.of(uri));
        }
    }
}
