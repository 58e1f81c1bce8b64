package io.clusterset.discovery.spring.actuate;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.http.server.RequestPath;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What a browser is told with the page, so that nothing but the page runs in it. An endpoint's operation has no say in headers, hence
 * a filter sets them, for all that Spring may route to the page: it takes a path apart as the actuator does, so that an escaped letter
 * or a parameter in a segment makes no page without them.
 */
final class PageHeaders {

    private static final EndpointId PAGE = EndpointId.of(DiscoveryPageEndpoint.ID);

    private final Map<String, String> headers;
    private final SingletonSupplier<Optional<PathPattern>> ours;

    PageHeaders(Map<String, String> headers, Supplier<PathMappedEndpoints> endpoints) {
        this.headers = headers;
        this.ours =
                SingletonSupplier.of(() -> Optional.ofNullable(endpoints.get().getPath(PAGE))
                        .map(path -> PathPatternParser.defaultInstance.parse(path + "/**"))); // the page itself, too
    }

    /** Those of the answer to a request of this path; none if it does not ask for the page. */
    Map<String, String> of(RequestPath path) {
        boolean asksForIt = ours.obtain()
                .map(pattern -> pattern.matches(path.pathWithinApplication()))
                .orElse(false);
        return asksForIt ? headers : Map.of();
    }

    /** Where the page is below the actuator. */
    static String rootPath(PathMappedEndpoints endpoints) {
        String path = endpoints.getRootPath(PAGE);
        return path == null ? DiscoveryPageEndpoint.ID : path;
    }
}
