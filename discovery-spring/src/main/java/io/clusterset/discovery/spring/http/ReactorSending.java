package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * By Reactor Netty's client: the request is as the user said it, and the client, one for each endpoint, resolves the logical name to
 * that endpoint. So SNI, the certificate's check, {@code Host} and redirects are the name's. Event loops and connections are
 * those of all such clients: the resolver is part of a pool's key, and two of the same endpoint are equal.
 */
final class ReactorSending implements Sending {

    private static final int MOST_CLIENTS = 1_000;

    private final ReactorClientHttpRequestFactoryBuilder builder;
    private final HttpClientSettings settings;
    private final Map<NettyPin.Lane, ClientHttpRequestFactory> clients = new ConcurrentHashMap<>();

    ReactorSending(ReactorClientHttpRequestFactoryBuilder builder, HttpClientSettings settings) {
        this.builder = builder;
        this.settings = settings;
    }

    @Override
    public ClientHttpResponse send(Outgoing request, Endpoint endpoint) throws IOException {
        NettyPin.Lane lane = new NettyPin.Lane(request.uri().getHost(), SteeringFactory.port(request.uri()), endpoint);
        return request.by(client(lane), request.uri()).execute();
    }

    private ClientHttpRequestFactory client(NettyPin.Lane lane) {
        ClientHttpRequestFactory known = clients.get(lane);
        if (known != null) {
            return known;
        }
        if (clients.size() >= MOST_CLIENTS) {
            clients.clear(); // what is in use comes back
        }
        return clients.computeIfAbsent(
                lane,
                to -> builder.withHttpClientCustomizer(
                                client -> client.resolver(new NettyPin(to, client.configuration())))
                        .build(settings));
    }
}
