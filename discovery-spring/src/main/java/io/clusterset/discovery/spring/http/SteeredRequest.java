package io.clusterset.discovery.spring.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.FastByteArrayOutputStream;

/** A request to a service of ours. What is streamed into it is not buffered; what is written to it is, as in any client of Spring's. */
final class SteeredRequest extends AbstractClientHttpRequest implements StreamingHttpOutputMessage {

    private final URI uri;
    private final HttpMethod method;
    private final SteeringFactory factory;
    private @Nullable Body body;
    private @Nullable FastByteArrayOutputStream written;

    SteeredRequest(URI uri, HttpMethod method, SteeringFactory factory) {
        this.uri = uri;
        this.method = method;
        this.factory = factory;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public void setBody(Body streamed) {
        assertNotExecuted();
        Assert.state(written == null, "Invoke either getBody or setBody; not both");
        body = streamed;
    }

    @Override
    protected OutputStream getBodyInternal(HttpHeaders headers) {
        Assert.state(body == null, "Invoke either getBody or setBody; not both");
        FastByteArrayOutputStream stream = written;
        if (stream == null) {
            stream = new FastByteArrayOutputStream(1024);
            written = stream;
        }
        return stream;
    }

    @Override
    protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
        return factory.send(new Outgoing(uri, method, headers, getAttributes(), upload()));
    }

    private @Nullable Upload upload() {
        FastByteArrayOutputStream buffer = written;
        if (buffer != null) {
            return new Upload(buffer::writeTo, true);
        }
        return body == null ? null : new Upload(body, body.repeatable());
    }
}
