package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;

/**
 * Builds what another builder builds, and puts ours around it.
 *
 * @param builder the other one
 */
record ConnectorBuilder(ClientHttpConnectorBuilder<?> builder, Supplier<Discovery> discovery)
        implements ClientHttpConnectorBuilder<ClientHttpConnector> {

    @Override
    public ClientHttpConnector build(@Nullable HttpClientSettings settings) {
        if (builder instanceof ReactorClientHttpConnectorBuilder reactor) {
            return ReactiveNettyPath.connector(reactor, settings, discovery);
        }
        HttpClientSettings asked = settings == null ? HttpClientSettings.defaults() : settings;
        HttpClientSettings hurried =
                asked.withConnectTimeout(connectTimeout(asked)).withRedirects(HttpRedirects.DONT_FOLLOW);
        boolean follows = asked.redirects() != HttpRedirects.DONT_FOLLOW;
        return new ReactiveConnector(
                discovery, builder.build(settings), new ConnectorRewriting(() -> builder.build(hurried), follows));
    }

    private static Duration connectTimeout(HttpClientSettings asked) {
        Duration wished = asked.connectTimeout();
        return wished != null && wished.compareTo(ConnectorPath.LONGEST_CONNECT) < 0
                ? wished
                : ConnectorPath.LONGEST_CONNECT;
    }
}
