package io.clusterset.discovery.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Which redirects are followed: by us, where a client would follow them from an endpoint's address. The logical name is what
 * a {@code Location} is read against; a service named there is picked anew, and other hosts see neither its {@code Host} nor what was
 * meant for it alone.
 *
 * @param followed for which methods
 * @param toPlain from {@code https} to {@code http}, too
 */
record Redirects(Predicate<HttpMethod> followed, boolean toPlain) {

    static final Redirects NONE = new Redirects(method -> false, false);

    private static final Set<Integer> CODES = Set.of(301, 302, 303, 307, 308);

    /** Where a response sends a request, if that is followed. */
    Optional<Outgoing> next(Outgoing request, ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value();
        if (!CODES.contains(status) || !followed.test(request.method())) {
            return Optional.empty();
        }
        Optional<URI> location = location(request.uri(), response);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        HttpMethod method = method(request.method(), status);
        boolean same = method.equals(request.method());
        if (same && request.body() != null && !request.body().isWhole()) {
            return Optional.empty();
        }
        HttpHeaders headers = new HttpHeaders(request.headers());
        headers.remove(HttpHeaders.HOST);
        if (!same) {
            headers.clearContentHeaders();
        }
        if (!request.uri().getAuthority().equalsIgnoreCase(location.get().getAuthority())) {
            headers.remove(HttpHeaders.AUTHORIZATION);
            headers.remove(HttpHeaders.PROXY_AUTHORIZATION);
            headers.remove(HttpHeaders.COOKIE);
        }
        return Optional.of(
                new Outgoing(location.get(), method, headers, request.attributes(), same ? request.body() : null));
    }

    private Optional<URI> location(URI from, ClientHttpResponse response) {
        String said = response.getHeaders().getFirst(HttpHeaders.LOCATION);
        if (said == null) {
            return Optional.empty();
        }
        URI to;
        try {
            to = from.resolve(said);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        boolean plain = from.getScheme().equalsIgnoreCase("https") && !"https".equalsIgnoreCase(to.getScheme());
        boolean http = SteeringFactory.schemePort(to.getScheme()) > 0 && to.getHost() != null;
        return http && (toPlain || !plain) ? Optional.of(to) : Optional.empty();
    }

    /** RFC 9110 section 15.4, and what every client does with a POST. */
    private static HttpMethod method(HttpMethod method, int status) {
        boolean get = status == 303 ? !method.equals(HttpMethod.HEAD) : status < 303 && method.equals(HttpMethod.POST);
        return get ? HttpMethod.GET : method;
    }
}
