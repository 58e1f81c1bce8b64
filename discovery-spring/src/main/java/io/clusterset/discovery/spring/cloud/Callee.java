package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;

/**
 * Whom a caller means: what Spring Cloud calls a service id, and the URL it was read from, since only that says a port.
 *
 * @param id {@code orders.shop}; from a caller of a discovery client also {@code orders.shop:8080} or {@code orders.shop:http}
 * @param url the URL whose host the id is, if there is one: a Feign client and a route {@code lb://orders.shop} have one, too
 */
record Callee(String id, Optional<URI> url) {

    /** Where Spring Cloud Gateway keeps the route's URL; the request's own is the gateway's. */
    static final String ROUTE = "org.springframework.cloud.gateway.support.ServerWebExchangeUtils.gatewayRequestUrl";

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final Set<String> SECURE = Set.of("https", "wss");

    static Callee of(String id) {
        return new Callee(id, Optional.empty());
    }

    static Callee of(String id, Request<?> request) {
        Optional<URI> said =
                data(request).map(data -> data.getAttributes().get(ROUTE) instanceof URI route ? route : data.getUrl());
        return new Callee(id, said.filter(url -> id.equalsIgnoreCase(url.getHost())));
    }

    static Optional<RequestData> data(Request<?> request) {
        return request.getContext() instanceof RequestDataContext context
                ? Optional.ofNullable(context.getClientRequest())
                : Optional.empty();
    }

    /** The service, if it is one of ours and the library is on. Never waits. */
    Optional<Authority> authority(Discovery discovery) {
        if (url.isPresent()) {
            int port = url.get().getPort();
            return discovery.authority(id, port == -1 ? schemePort() : port, schemePort());
        }
        return discovery.authority(id);
    }

    /** What {@code Host} would be without a balancer: host and, if the URL says one, port. */
    String host() {
        return url.filter(said -> said.getPort() != -1)
                .map(said -> id + ":" + said.getPort())
                .orElse(id);
    }

    boolean isSecure() {
        return url.map(URI::getScheme)
                .filter(scheme -> SECURE.contains(scheme.toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    /** The port the URL means. */
    int port() {
        return url.map(URI::getPort).filter(port -> port != -1).orElseGet(this::schemePort);
    }

    private int schemePort() {
        return isSecure() ? HTTPS : HTTP;
    }
}
