package io.clusterset.examples.spring;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Calls services by their names. */
@RestController
final class Calls {

    static final String INSTANCE = ServiceInstance.class.getName();

    private final RestClient client;

    Calls(RestClient.Builder balanced) {
        this.client = balanced.build();
    }

    /** Calls {@code http://SERVICE/PATH}; 502 if nobody answered, 400 if that is no URL. */
    @GetMapping("/call")
    ResponseEntity<Answer> call(@RequestParam String service, @RequestParam(defaultValue = "/") String path) {
        URI url;
        try {
            url = URI.create("http://" + service + path);
        } catch (IllegalArgumentException malformed) {
            return refused(service, path);
        }
        if (url.getHost() == null || !path.startsWith("/")) {
            return refused(service, path);
        }
        try {
            return ResponseEntity.ok(client.get().uri(url).exchange((request, response) -> {
                String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
                int status = response.getStatusCode().value();
                return request.getAttributes().get(INSTANCE) instanceof ServiceInstance instance
                        ? new Answer(status, tier(instance), instance.getUri().getAuthority(), body)
                        : new Answer(status, "", "", body);
            }));
        } catch (RestClientException
                | IllegalArgumentException failed) { // the second, with spring-retry, if nobody is there
            return nobody(HttpStatus.BAD_GATEWAY, String.valueOf(failed.getMessage()));
        }
    }

    private static String tier(ServiceInstance instance) {
        Map<String, String> metadata = instance.getMetadata();
        return metadata == null ? "" : metadata.getOrDefault("tier", "");
    }

    private static ResponseEntity<Answer> refused(String service, String path) {
        return nobody(
                HttpStatus.BAD_REQUEST,
                "service=" + service + ", path=" + path
                        + " (expected: such as service=orders.shop:8080 and path=/hello)");
    }

    private static ResponseEntity<Answer> nobody(HttpStatus status, String why) {
        return ResponseEntity.status(status).body(new Answer(status.value(), "", "", why));
    }

    /**
     * Who answered what.
     *
     * @param status the HTTP status of the answer; 502 if there was none
     * @param tier the tier that served it; empty if nobody did
     * @param endpoint address and port that served it; empty if nobody did
     * @param body what it said, or why there is none
     */
    record Answer(int status, String tier, String endpoint, String body) {}
}
