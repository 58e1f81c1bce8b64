package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * By Apache's client: the request is as the user said it, and the route, which is the last thing that is looked at before a connection is
 * taken, gets the endpoint's address. So SNI, the certificate's check, {@code Host}, cookies and redirects are the name's, and the
 * pool is the endpoint's.
 */
final class ApacheSending implements Sending {

    private static final String NAME = "discovery";

    private static final String WITNESS = "discovery-witness";

    /** Where the request goes that this thread sends. */
    private static final ThreadLocal<@Nullable Pin> PINNED = new ThreadLocal<>();

    private static final Logger LOG = LoggerFactory.getLogger(ApacheSending.class);

    private final HttpComponentsClientHttpRequestFactory factory;

    /** The factory sends with a client of somebody's, which knows nothing of pins. */
    private volatile boolean elsewhere;

    private ApacheSending(HttpComponentsClientHttpRequestFactory factory) {
        this.factory = factory;
    }

    static Sending with(HttpComponentsClientHttpRequestFactoryBuilder apache, HttpClientSettings settings) {
        HttpComponentsClientHttpRequestFactory factory = apache.withHttpClientCustomizer(
                        client -> client.setRetryStrategy(new NoResponseAgain())
                                .addExecInterceptorFirst(WITNESS, ApacheSending::meeting)
                                .addExecInterceptorBefore(
                                        ChainElement.CONNECT.name(), NAME, routing(ApacheSending::pinned)))
                .build(settings);
        return new ApacheSending(factory);
    }

    /** For what has an address of ours in its URL and a service's name in {@code Host}: balanced requests, which lose their TLS name otherwise. */
    static HttpComponentsClientHttpRequestFactoryBuilder namingAddresses(
            HttpComponentsClientHttpRequestFactoryBuilder apache, Supplier<Discovery> discovery) {
        return apache.withHttpClientCustomizer(client -> client.addExecInterceptorBefore(
                ChainElement.CONNECT.name(), NAME, routing(hop -> named(hop, discovery))));
    }

    @Override
    public ClientHttpResponse send(Outgoing request, Endpoint endpoint) throws IOException {
        if (elsewhere) {
            throw new Detour();
        }
        Pin before = PINNED.get();
        Pin pin = new Pin(request.uri(), endpoint.socketAddress());
        PINNED.set(pin);
        try {
            ClientHttpResponse response = request.by(factory, request.uri()).execute();
            if (!pin.met) {
                elsewhere = true;
                LOG.warn(
                        "Apache's HTTP client was replaced in its request factory: calls go past discovery (expected: changes by withHttpClientCustomizer)");
            }
            return response;
        } finally {
            if (before == null) {
                PINNED.remove();
            } else {
                PINNED.set(before);
            }
        }
    }

    @Override
    public void close() throws Exception {
        factory.destroy();
    }

    private static ExecChainHandler routing(Rule rule) {
        return (request, scope, chain) -> {
            HttpRoute route = scope.route;
            Optional<HttpHost> target = rule.target(new Hop(request, route));
            if (target.isEmpty()) {
                return chain.proceed(request, scope);
            }
            HttpRoute pinned = new HttpRoute(target.get(), route.getLocalAddress(), route.isSecure());
            return chain.proceed(
                    request,
                    new ExecChain.Scope(
                            scope.exchangeId, pinned, scope.originalRequest, scope.execRuntime, scope.clientContext));
        };
    }

    /** Outermost: an interceptor of the user's may answer by itself, and no connection is asked for. */
    private static ClassicHttpResponse meeting(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Pin pin = PINNED.get();
        if (pin != null) {
            pin.met = true;
        }
        return chain.proceed(request, scope);
    }

    private static Optional<HttpHost> pinned(Hop hop) throws IOException {
        Pin pin = PINNED.get();
        HttpHost target = hop.route().getTargetHost();
        if (pin == null || !pin.isFor(target)) { // a redirect elsewhere
            return Optional.empty();
        }
        if (hop.route().getProxyHost() != null) { // which resolves names itself
            throw new Detour();
        }
        return Optional.of(
                new HttpHost(target.getSchemeName(), pin.at.getAddress(), target.getHostName(), pin.at.getPort()));
    }

    private static Optional<HttpHost> named(Hop hop, Supplier<Discovery> discovery) {
        HttpHost target = hop.route().getTargetHost();
        Header said = hop.request().getFirstHeader(HttpHeaders.HOST);
        if (!hop.route().isSecure()
                || hop.route().getProxyHost() != null
                || said == null
                || said.getValue().startsWith(target.getHostName())) {
            return Optional.empty();
        }
        try {
            URI name = URI.create(target.getSchemeName() + "://" + said.getValue());
            InetSocketAddress at = address(target);
            boolean endpoints = discovery
                    .get()
                    .authority(name.getHost(), SteeringFactory.port(name), SteeringFactory.schemePort(name.getScheme()))
                    .flatMap(authority -> authority.service().verdict(at))
                    .isPresent();
            return endpoints
                    ? Optional.of(new HttpHost(target.getSchemeName(), at.getAddress(), name.getHost(), at.getPort()))
                    : Optional.empty();
        } catch (RuntimeException neither) { // a name where the address should be, or what is no name at all
            return Optional.empty();
        }
    }

    /** Never resolves a name. */
    private static InetSocketAddress address(HttpHost target) {
        String host = target.getHostName();
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return Endpoint.parse((bare ? "[" + host + "]" : host) + ":" + target.getPort())
                .socketAddress();
    }

    private record Hop(ClassicHttpRequest request, HttpRoute route) {}

    /** What to do with a route: the target to take in its place, if any. */
    private interface Rule {
        Optional<HttpHost> target(Hop hop) throws IOException;
    }

    /** Where a request goes. Used by one thread. */
    private static final class Pin {
        private final URI uri;
        private final InetSocketAddress at;
        private boolean met;

        Pin(URI uri, InetSocketAddress at) {
            this.uri = uri;
            this.at = at;
        }

        boolean isFor(HttpHost target) {
            return target.getHostName().equalsIgnoreCase(uri.getHost())
                    && target.getPort() == SteeringFactory.port(uri)
                    && target.getSchemeName().equalsIgnoreCase(uri.getScheme());
        }
    }

    /**
     * A pooled connection that was closed meanwhile is Apache's to mend; a 503 or 429, after which it waits a second, is ours. It takes
     * the place of a strategy that the user has set: a builder doesn't tell whether there is one. Where automatic retries are
     * disabled, they stay so.
     */
    private static final class NoResponseAgain extends DefaultHttpRequestRetryStrategy {

        NoResponseAgain() {
            super(1, TimeValue.ofSeconds(1));
        }

        @Override
        public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
            return false;
        }
    }
}
