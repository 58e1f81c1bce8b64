package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.DiscoveryException;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/** Sends what is ours to the endpoint to call now; all else is the plain factory's. Thread-safe. */
final class SteeringFactory implements ClientHttpRequestFactory, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(SteeringFactory.class);

    private static final int MOST_REDIRECTS = 10;

    private final Supplier<Discovery> discovery;
    private final ClientHttpRequestFactory plain;
    private final SingletonSupplier<Sending> sending;
    private final FilteredServices.Rule rule;
    private final @Nullable Duration readTimeout;
    private volatile boolean sends;
    private volatile boolean refused;

    /**
     * With where requests go.
     *
     * @param plain for what is not ours
     * @param sending for what is; made at the first such call
     * @param rule which endpoints may be called
     * @param readTimeout of one attempt
     */
    SteeringFactory(
            Supplier<Discovery> discovery,
            ClientHttpRequestFactory plain,
            Supplier<Sending> sending,
            FilteredServices.Rule rule,
            @Nullable Duration readTimeout) {
        this.discovery = discovery;
        this.plain = plain;
        this.sending = SingletonSupplier.of(sending);
        this.rule = rule;
        this.readTimeout = readTimeout;
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
        return authority(uri).isPresent() ? new SteeredRequest(uri, method, this) : plain.createRequest(uri, method);
    }

    /** The service a URL means, if it is one of ours and no proxy is to be asked. */
    Optional<Authority> authority(URI uri) {
        return whole(uri).filter(authority -> isDirect(uri)).flatMap(rule::of);
    }

    private Optional<Authority> whole(URI uri) {
        String host = uri.getHost();
        int schemePort = schemePort(uri.getScheme());
        if (host == null || schemePort < 0) {
            return Optional.empty();
        }
        return discovery.get().authority(host, port(uri), schemePort);
    }

    /** Whether the system's resolver is the one to ask after all: the name is somebody else's, or we are closed or switched off this moment. */
    boolean isElsewhere(URI uri, Authority authority, DiscoveryException reason) {
        Optional<Authority> now = whole(uri);
        if (now.isEmpty() || keepsName(uri)) {
            return true;
        }
        boolean filtered = !now.get().service().equals(authority.service());
        return authority.isElsewhere(reason) && !(filtered && hasEndpoints(now.get()));
    }

    /** Whether it would not have gone to an endpoint in any case. */
    private boolean keepsName(URI uri) {
        return sends && sending.obtain() instanceof RewrittenSending rewritten && rewritten.keepsName(uri);
    }

    /** Of a name that is known, whatever a filter leaves of it, nobody else is asked. */
    private static boolean hasEndpoints(Authority authority) {
        try {
            return !authority.service().endpoints().isEmpty();
        } catch (DiscoveryException none) {
            return false;
        }
    }

    /** As the URL says it, or its scheme. */
    static int port(URI uri) {
        return uri.getPort() < 0 ? schemePort(uri.getScheme()) : uri.getPort();
    }

    /** As the scheme has it; -1 if it is none of HTTP's. */
    static int schemePort(@Nullable String scheme) {
        if ("http".equalsIgnoreCase(scheme)) {
            return 80;
        }
        return "https".equalsIgnoreCase(scheme) ? 443 : -1;
    }

    /** Whether the process's settings send a URL straight to its host: a proxy resolves names itself. */
    static boolean isDirect(URI uri) {
        return isDirect(ProxySelector.getDefault(), uri);
    }

    /** The same of a client's own settings. */
    static boolean isDirect(@Nullable ProxySelector selector, URI uri) {
        if (selector == null) {
            return true;
        }
        List<Proxy> proxies;
        try {
            proxies = selector.select(uri);
        } catch (RuntimeException misconfigured) { // the client says so, too
            return true;
        }
        return proxies == null || proxies.stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    }

    /** Sends a request, and on where it is redirected. */
    ClientHttpResponse send(Outgoing first) throws IOException {
        Outgoing request = first;
        for (int redirects = 0; ; redirects++) {
            Optional<Authority> authority = authority(request.uri());
            if (authority.isEmpty()) { // a redirect's, or switched off this moment
                return sendPlain(request);
            }
            Sending ours = sending();
            if (ours == null) {
                return sendPlain(request);
            }
            ClientHttpResponse response = new Steering(this, ours, authority.get(), request, readTimeout).run();
            Optional<Outgoing> next =
                    redirects < MOST_REDIRECTS ? ours.redirects().next(request, response) : Optional.empty();
            if (next.isEmpty()) {
                return response;
            }
            response.close();
            request = next.get();
        }
    }

    /** How requests are sent; null if the client can't be built so. */
    private @Nullable Sending sending() {
        if (refused) {
            return null;
        }
        try {
            Sending ours = sending.obtain();
            sends = true;
            return ours;
        } catch (RuntimeException | LinkageError unexpected) {
            refused = true;
            LOG.warn("This HTTP client can't be told where to connect: its calls go past discovery", unexpected);
            return null;
        }
    }

    ClientHttpResponse sendPlain(Outgoing request) throws IOException {
        return request.by(plain, request.uri()).execute();
    }

    /** As a bean, it is all there is of the factories inside. */
    @Override
    public void destroy() throws Exception {
        if (plain instanceof DisposableBean disposable) {
            disposable.destroy();
        }
        if (sends) {
            sending.obtain().close();
        }
    }
}
