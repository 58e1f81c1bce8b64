package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import org.springframework.http.client.ClientHttpResponse;

/** How a request is sent to an endpoint. */
interface Sending {

    /** Sends it. */
    ClientHttpResponse send(Outgoing request, Endpoint endpoint) throws IOException;

    /** What redirects the client leaves to us. */
    default Redirects redirects() {
        return Redirects.NONE;
    }

    /** Closes its connections. */
    default void close() throws Exception {}
}
