package io.clusterset.discovery.testkit;

import java.util.Optional;

/**
 * A request that came to a {@link FakeApiServer}.
 *
 * @param resource such as {@code endpointslices}; empty if it is about none
 * @param namespace empty if it is about all of them, or none
 * @param path such as {@code /api/v1/namespaces/shop/services}
 * @param query as it was sent, without the question mark; empty if there was none
 */
public record ApiRequest(ApiVerb verb, String resource, String namespace, String path, String query) {

    static ApiRequest of(HttpRequest request) {
        Optional<ApiPath> place = ApiPath.parse(request.path());
        return new ApiRequest(
                verb(request, place),
                place.map(ApiPath::plural).orElse(""),
                place.map(ApiPath::namespace).orElse(""),
                request.path(),
                request.query());
    }

    private static ApiVerb verb(HttpRequest request, Optional<ApiPath> place) {
        if (!request.method().equals("GET")) {
            return ApiVerb.OTHER;
        }
        if (place.isEmpty() || !place.get().name().isEmpty()) {
            return ApiVerb.GET;
        }
        return new ApiQuery(request.query()).isSet("watch") ? ApiVerb.WATCH : ApiVerb.LIST;
    }

    /** Path and query as they were sent. */
    public String target() {
        return query.isEmpty() ? path : path + '?' + query;
    }

    /** Such as {@code LIST /api/v1/services?limit=500}. */
    @Override
    public String toString() {
        return verb + " " + target();
    }
}
