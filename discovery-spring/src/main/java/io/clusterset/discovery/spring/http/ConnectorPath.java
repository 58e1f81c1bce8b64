package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Endpoint;
import java.io.Closeable;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Mono;

/** How a request for a service's URL is sent to one endpoint of it. */
interface ConnectorPath extends Closeable {

    /** The caller's connect timeout is made for hosts; a dead endpoint must leave time for another. */
    Duration LONGEST_CONNECT = Duration.ofSeconds(1);

    /** Whether requests go to endpoints at all: a proxy resolves names itself. */
    boolean isDirect(URI uri);

    /** Whether somebody else must follow redirects, by the name in the caller's URL: the client sees an address there. */
    default boolean leavesRedirects() {
        return false;
    }

    /** As {@code ClientHttpConnector.connect}, to an endpoint; what it sees of the attempt it tells the leg in the subscriber's context. */
    Mono<ClientHttpResponse> connect(
            Endpoint endpoint, HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> callback);

    /** What an exception of the client says of the endpoint. */
    default Failure read(Throwable thrown, ReactiveLeg leg) {
        return Failure.of(thrown);
    }
}
