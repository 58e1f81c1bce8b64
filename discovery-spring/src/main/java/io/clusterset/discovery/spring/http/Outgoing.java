package io.clusterset.discovery.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * What is to be sent.
 *
 * @param uri with the logical name
 */
record Outgoing(
        URI uri,
        HttpMethod method,
        HttpHeaders headers,
        Map<String, Object> attributes,
        @Nullable Upload body) {

    /** The same as a request of a factory's. */
    ClientHttpRequest by(ClientHttpRequestFactory factory, URI at) throws IOException {
        ClientHttpRequest request = factory.createRequest(at, method);
        request.getHeaders().addAll(headers);
        request.getAttributes().putAll(attributes);
        if (body != null) {
            if (request instanceof StreamingHttpOutputMessage streaming) {
                streaming.setBody(body);
            } else {
                body.writeTo(request.getBody());
            }
        }
        return request;
    }
}
