package io.clusterset.discovery.spring.actuate;

import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;

/**
 * What a browser is told with the page, so that nothing but the page runs in it. An endpoint's operation has no say in headers, hence
 * a filter sets them.
 */
final class PageHeaders {

    private static final EndpointId PAGE = EndpointId.of(DiscoveryPageEndpoint.ID);

    private final Map<String, String> headers;
    private final Supplier<PathMappedEndpoints> endpoints;

    PageHeaders(Map<String, String> headers, Supplier<PathMappedEndpoints> endpoints) {
        this.headers = headers;
        this.endpoints = endpoints;
    }

    /** Those of the answer to a request of this path, which may begin with a context's; none if it does not ask for the page. */
    Map<String, String> of(String path) {
        String ours = endpoints.get().getPath(PAGE);
        return ours != null && (path.endsWith(ours) || path.contains(ours + "/")) ? headers : Map.of();
    }

    /** Where the page is below the actuator. */
    static String rootPath(PathMappedEndpoints endpoints) {
        String path = endpoints.getRootPath(PAGE);
        return path == null ? DiscoveryPageEndpoint.ID : path;
    }
}
