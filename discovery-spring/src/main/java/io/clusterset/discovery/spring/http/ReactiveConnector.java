package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Mono;

/** Sends requests for services of ours to their endpoints; all others go by as if it were not there. Thread-safe. */
final class ReactiveConnector implements ClientHttpConnector, Closeable {

    /** As the JDK's client has it. */
    private static final int MOST_REDIRECTS = 5;

    private static final Set<HttpMethod> FOLLOWED = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final List<String> SECRETS =
            List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.PROXY_AUTHORIZATION, HttpHeaders.COOKIE);

    private final Supplier<Discovery> discovery;
    private final ClientHttpConnector plain;
    private final ConnectorPath path;

    /**
     * With what is around it.
     *
     * @param plain for what is not ours
     * @param path for what is
     */
    ReactiveConnector(Supplier<Discovery> discovery, ClientHttpConnector plain, ConnectorPath path) {
        this.discovery = discovery;
        this.plain = plain;
        this.path = path;
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        return connect(method, uri, requestCallback, 0);
    }

    private Mono<ClientHttpResponse> connect(
            HttpMethod method,
            URI uri,
            Function<? super ClientHttpRequest, Mono<Void>> requestCallback,
            int redirects) {
        if (uri.getHost() == null || uri.getScheme() == null) { // nobody's name
            return plain.connect(method, uri, requestCallback);
        }
        return Mono.deferContextual(
                context -> { // asked again for each subscription: it may have been switched off
                    Optional<Authority> ours = authority(uri);
                    if (ours.isEmpty()) {
                        return plain.connect(method, uri, requestCallback);
                    }
                    ReactiveCall call = new ReactiveCall(ours.get(), path, method, uri, requestCallback, context);
                    Mono<ClientHttpResponse> answer = Mono.create(call::run)
                            .doOnCancel(call::cancel) // which is told after the response, too
                            .onErrorResume(
                                    ReactiveCall.Elsewhere.class, none -> plain.connect(method, uri, requestCallback));
                    return path.leavesRedirects()
                            ? answer.flatMap(response -> followed(response, method, uri, requestCallback, redirects))
                            : answer;
                });
    }

    /** What is no GET or HEAD gets the redirect itself: its body is not for everybody. */
    private Mono<ClientHttpResponse> followed(
            ClientHttpResponse response,
            HttpMethod method,
            URI uri,
            Function<? super ClientHttpRequest, Mono<Void>> requestCallback,
            int redirects) {
        boolean may = redirects < MOST_REDIRECTS && FOLLOWED.contains(method);
        Optional<URI> next = may ? ReactiveResponses.redirect(response, uri) : Optional.empty();
        if (next.isEmpty()) {
            return Mono.just(response);
        }
        ReactiveResponses.release(response);
        URI to = next.get();
        boolean same = uri.getRawAuthority().equalsIgnoreCase(to.getRawAuthority());
        return connect(
                method,
                to,
                same ? requestCallback : request -> withoutSecrets(request, requestCallback),
                redirects + 1);
    }

    private static Mono<Void> withoutSecrets(
            ClientHttpRequest request, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        request.beforeCommit(() -> Mono.fromRunnable(() -> {
            SECRETS.forEach(request.getHeaders()::remove);
            request.getCookies().clear(); // which become a header only after this
        }));
        return requestCallback.apply(request);
    }

    private Optional<Authority> authority(URI uri) {
        int ofScheme = SteeringFactory.schemePort(uri.getScheme());
        return discovery
                .get()
                .authority(uri.getHost(), SteeringFactory.port(uri), ofScheme)
                .filter(ours -> path.isDirect(uri));
    }

    /** Closes the client: some need that. */
    @Override
    public void close() throws IOException {
        try (path) {
            if (plain instanceof Closeable closeable) {
                closeable.close();
            }
        }
    }
}
