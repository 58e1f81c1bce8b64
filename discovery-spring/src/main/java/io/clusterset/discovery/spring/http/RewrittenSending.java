package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/** By any client there is: to the endpoint's address, with the logical name in {@code Host}. Not with TLS. */
final class RewrittenSending implements Sending {

    private static final Logger LOG = LoggerFactory.getLogger(RewrittenSending.class);

    private final ClientHttpRequestFactory factory;
    private final Redirects redirects;
    private final boolean naming;
    private final @Nullable ProxySelector own;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean toldOfTls = new AtomicBoolean();

    /**
     * With what sends it.
     *
     * @param redirects those that it leaves to us
     * @param naming whether it may be told what {@code Host} is
     */
    RewrittenSending(ClientHttpRequestFactory factory, Redirects redirects, boolean naming) {
        this(factory, redirects, naming, null);
    }

    /**
     * With what sends it.
     *
     * @param own the client's own proxies; null if it has the process's
     */
    RewrittenSending(
            ClientHttpRequestFactory factory, Redirects redirects, boolean naming, @Nullable ProxySelector own) {
        this.naming = naming;
        this.factory = factory;
        this.redirects = redirects;
        this.own = own;
    }

    /** Whether an address can't stand for the name: TLS would check the certificate against it, or a proxy of the client's own resolves names. */
    boolean keepsName(URI uri) {
        return isTls(uri) || (own != null && !SteeringFactory.isDirect(own, uri));
    }

    private static boolean isTls(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    @Override
    public ClientHttpResponse send(Outgoing request, Endpoint endpoint) throws IOException {
        if (keepsName(request.uri())) {
            if (isTls(request.uri()) && toldOfTls.compareAndSet(false, true)) {
                LOG.warn(
                        "https://{}: its calls go past discovery: the client of {} can't check a certificate for a name at an address (expected: Reactor Netty or Apache's client)",
                        request.uri().getHost(),
                        factory.getClass().getSimpleName());
            }
            throw new Detour();
        }
        URI at = at(request.uri(), endpoint);
        if (!SteeringFactory.isDirect(own == null ? ProxySelector.getDefault() : own, at)) {
            if (told.compareAndSet(false, true)) {
                LOG.warn(
                        "{}: a proxy is set for {}, though not for this name: calls go past discovery (expected: the pods' addresses in http.nonProxyHosts, too)",
                        request.uri().getHost(),
                        endpoint.authority());
            }
            throw new Detour();
        }
        ClientHttpRequest attempt = request.by(factory, at);
        if (naming && !attempt.getHeaders().containsHeader(HttpHeaders.HOST)) {
            attempt.getHeaders().set(HttpHeaders.HOST, HostHeader.of(request.uri()));
        }
        return attempt.execute();
    }

    /** The same URL at an endpoint. */
    static URI at(URI uri, Endpoint endpoint) {
        StringBuilder at = new StringBuilder(uri.getScheme()).append("://");
        if (uri.getRawUserInfo() != null) {
            at.append(uri.getRawUserInfo()).append('@');
        }
        at.append(endpoint.authority()).append(uri.getRawPath());
        if (uri.getRawQuery() != null) {
            at.append('?').append(uri.getRawQuery());
        }
        return URI.create(at.toString());
    }

    @Override
    public Redirects redirects() {
        return redirects;
    }

    @Override
    public void close() throws Exception {
        if (factory instanceof DisposableBean disposable) {
            disposable.destroy();
        }
    }
}
