package io.clusterset.discovery.spring.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.http.client.HttpClientInfos;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.transport.ProxyProvider;

/**
 * With Reactor Netty: the name stays in the URL, and so in {@code Host}, SNI and the certificate's check; where it leads is a
 * resolver's business. Each endpoint has a client of its own, and so a part of the pool; all share what the user's client has.
 */
final class ReactiveNettyPath implements ConnectorPath {

    private static final int LONGEST_CONNECT_MILLIS = (int) LONGEST_CONNECT.toMillis();

    private static final int MOST_CLIENTS = 10_000;
    private static final Duration UNUSED_AFTER = Duration.ofMinutes(10);
    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(ReactiveNettyPath.class, "used");

    private final HttpClientConfig config;
    private final SingletonSupplier<ProxyProvider> proxies;
    private final HttpClient steered;
    private final Cache<NettyPin.Lane, ReactorClientHttpConnector> clients = Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(UNUSED_AFTER)
            .executor(Runnable::run)
            .build();

    private ReactiveNettyPath(HttpClient client) {
        this.config = client.configuration();
        this.proxies = SingletonSupplier.ofNullable(() -> proxy(config));
        HttpClient direct = config.hasProxy() ? client.noProxy() : client;
        this.steered = direct.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(config))
                .doOnRequest((request, connection) -> begun(request, connection))
                .doOnRedirect((response, connection) -> redirected(response));
    }

    static ClientHttpConnector connector(
            ReactorClientHttpConnectorBuilder builder,
            @Nullable HttpClientSettings settings,
            Supplier<Discovery> discovery) {
        AtomicReference<@Nullable HttpClient> made = new AtomicReference<>();
        ClientHttpConnector plain = builder.withHttpClientCustomizer(client -> {
                    made.set(client);
                    return client;
                })
                .build(settings);
        HttpClient client = made.get();
        return client == null ? plain : new ReactiveConnector(discovery, plain, new ReactiveNettyPath(client));
    }

    private static @Nullable ProxyProvider proxy(HttpClientConfig config) {
        Supplier<ProxyProvider> ofTheSystem = config.proxyProviderSupplier();
        return ofTheSystem == null ? config.proxyProvider() : ofTheSystem.get();
    }

    private static int connectMillis(HttpClientConfig config) {
        Object wished = config.options().get(ChannelOption.CONNECT_TIMEOUT_MILLIS);
        return wished instanceof Integer millis && millis > 0 && millis < LONGEST_CONNECT_MILLIS
                ? millis
                : LONGEST_CONNECT_MILLIS;
    }

    @Override
    public boolean isDirect(URI uri) {
        ProxyProvider proxy = proxies.get();
        return proxy == null
                || !proxy.shouldProxy(InetSocketAddress.createUnresolved(uri.getHost(), SteeringFactory.port(uri)));
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            Endpoint endpoint, HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> callback) {
        return clients.get(new NettyPin.Lane(uri.getHost(), SteeringFactory.port(uri), endpoint), this::client)
                .connect(method, uri, callback);
    }

    /** Connections and event loops are the user's. */
    @Override
    public void close() {
        clients.invalidateAll();
    }

    private ReactorClientHttpConnector client(NettyPin.Lane lane) {
        return new ReactorClientHttpConnector(steered.resolver(new NettyPin(lane, config)));
    }

    private static Optional<ReactiveLeg> leg(HttpClientInfos infos) {
        return infos.currentContextView().getOrEmpty(ReactiveLeg.class);
    }

    private static void begun(HttpClientInfos request, Connection connection) {
        boolean again = connection.channel().attr(USED).getAndSet(true) != null;
        leg(request).ifPresent(leg -> leg.begun(again));
    }

    private static void redirected(HttpClientResponse response) {
        String location = response.responseHeaders().get(HttpHeaderNames.LOCATION);
        String url = response.resourceUrl();
        if (location != null && url != null && !isSame(url, location)) {
            leg(response).ifPresent(ReactiveLeg::redirectedElsewhere);
        }
    }

    private static boolean isSame(String url, String location) {
        try {
            URI from = URI.create(url);
            URI to = from.resolve(location);
            return from.getHost().equalsIgnoreCase(to.getHost())
                    && SteeringFactory.port(from) == SteeringFactory.port(to);
        } catch (IllegalArgumentException | NullPointerException unreadable) { // to nowhere
            return false;
        }
    }

    @Override
    public Failure read(Throwable thrown, ReactiveLeg leg) {
        Failure read = thrown instanceof ReadTimeoutException
                ? Failure.late("no answer within the response timeout") // neither an IOException nor a TimeoutException
                : Failure.of(thrown);
        Outcome outcome = read.outcome();
        if (outcome instanceof Outcome.Abandoned) {
            return read;
        } else if (leg.isElsewhere()) {
            return Failure.otherwise("after a redirect elsewhere: " + thrown.getMessage());
        }
        boolean closed = outcome instanceof Outcome.FailedHard && read.sent() && leg.isReused();
        return new Failure(
                closed
                        ? new Outcome.FailedOtherwise(
                                "a pooled connection was closed meanwhile: " + thrown.getMessage())
                        : outcome,
                read.sent() && leg.isBegun(),
                read.notBefore());
    }
}
