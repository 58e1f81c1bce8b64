package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.page.DiscoveryPage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * The actuator's endpoint {@code discoverypage}: the page for browsers, and below it the documents it asks for. It only reads, begins
 * to use no service and keeps none in use. There is no stream of events here, which would hold a thread of the application's for
 * each viewer: the page asks for the state once a second.
 */
@WebEndpoint(id = DiscoveryPageEndpoint.ID)
final class DiscoveryPageEndpoint {

    static final String ID = "discoverypage";

    private static final String HTML = "text/html;charset=UTF-8";
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain;charset=UTF-8";

    private final DiscoveryPage page;
    private final Supplier<String> path;

    /**
     * Of this page.
     *
     * @param path where it is below the actuator, without slashes around it
     */
    DiscoveryPageEndpoint(DiscoveryPage page, Supplier<String> path) {
        this.page = page;
        this.path = path;
    }

    /** What is relative to the page lies beside it, since its URL does not end with a slash. */
    @ReadOperation(produces = HTML)
    String html() {
        String whole = path.get();
        return page.html(whole.substring(whole.lastIndexOf('/') + 1) + "/");
    }

    /**
     * One of the page's documents.
     *
     * @param document its name below the page
     * @param service a service's name; null: all of them
     * @param at the moment an explanation is of, as events have it; null: now
     */
    @ReadOperation(produces = {JSON, TEXT})
    WebEndpointResponse<String> document(@Selector String document, @Nullable String service, @Nullable Long at) {
        try {
            return switch (document) {
                case "state" ->
                    answer(service == null ? page.overview() : page.service(service), MimeTypeUtils.APPLICATION_JSON);
                case "explain" -> answer(explanation(service == null ? "" : service, at), MimeType.valueOf(TEXT));
                default -> notFound(Text.quote(document) + ": no such document (expected: state or explain)");
            };
        } catch (IllegalArgumentException unknown) {
            return notFound(String.valueOf(unknown.getMessage()));
        } catch (RejectedExecutionException busy) {
            return new WebEndpointResponse<>(
                    document + ": " + busy.getMessage(),
                    WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE,
                    MimeType.valueOf(TEXT));
        }
    }

    private String explanation(String service, @Nullable Long at) {
        return at == null ? page.explanation(service) : page.explanation(service, at);
    }

    private static WebEndpointResponse<String> answer(String body, MimeType type) {
        return new WebEndpointResponse<>(body, Answer.OK, type);
    }

    /** The page shows it as it is. */
    private static WebEndpointResponse<String> notFound(String why) {
        return new WebEndpointResponse<>(why, Answer.NOT_FOUND, MimeType.valueOf(TEXT));
    }
}
