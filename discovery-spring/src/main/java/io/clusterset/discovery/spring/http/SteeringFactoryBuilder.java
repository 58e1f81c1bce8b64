package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Builds each request factory twice: as it would be without us, for all that is not ours; and, at the first call that is ours, with a
 * short connect timeout and what it takes to send a request to an endpoint.
 */
final class SteeringFactoryBuilder implements ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> {

    private final ClientHttpRequestFactoryBuilder<?> wrapped;
    private final Supplier<Discovery> discovery;
    private final FilteredServices filtered;

    SteeringFactoryBuilder(
            ClientHttpRequestFactoryBuilder<?> wrapped, Supplier<Discovery> discovery, FilteredServices filtered) {
        this.wrapped = wrapped;
        this.discovery = discovery;
        this.filtered = filtered;
    }

    @Override
    public ClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
        HttpClientSettings said = settings == null ? HttpClientSettings.defaults() : settings;
        ClientHttpRequestFactory plain = wrapped instanceof HttpComponentsClientHttpRequestFactoryBuilder apache
                ? ApacheSending.namingAddresses(apache, discovery).build(said)
                : wrapped.build(settings);
        return new SteeringFactory(
                discovery, plain, () -> sending(said, plain), filtered.rule(said), said.readTimeout());
    }

    /** Of Boot's own builders, a second factory; of others, which may give the same one again, the one there is. */
    private Sending sending(HttpClientSettings said, ClientHttpRequestFactory plain) {
        Duration connect = said.connectTimeout();
        HttpClientSettings ours =
                connect == null || connect.isZero() || connect.compareTo(ConnectorPath.LONGEST_CONNECT) > 0
                        ? said.withConnectTimeout(ConnectorPath.LONGEST_CONNECT)
                        : said;
        boolean follows = said.redirects() != HttpRedirects.DONT_FOLLOW;
        if (wrapped instanceof HttpComponentsClientHttpRequestFactoryBuilder apache) {
            return ApacheSending.with(apache, ours);
        } else if (wrapped instanceof ReactorClientHttpRequestFactoryBuilder reactor) {
            return new ReactorSending(reactor, ours);
        }
        HttpClientSettings notFollowing = ours.withRedirects(HttpRedirects.DONT_FOLLOW);
        if (wrapped instanceof JdkClientHttpRequestFactoryBuilder jdk) {
            return JdkSending.with(jdk, ours);
        } else if (wrapped instanceof JettyClientHttpRequestFactoryBuilder) {
            return new RewrittenSending(wrapped.build(notFollowing), new Redirects(method -> follows, false), true);
        } else if (wrapped instanceof SimpleClientHttpRequestFactoryBuilder) {
            Redirects some = new Redirects(method -> follows && method.equals(HttpMethod.GET), false);
            return new RewrittenSending(wrapped.build(notFollowing), some, true);
        }
        return new RewrittenSending(plain, Redirects.NONE, true);
    }

    /** What others say later is said of the factory inside, too. */
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> withCustomizers(
            Collection<Consumer<ClientHttpRequestFactory>> customizers) {
        ClientHttpRequestFactoryBuilder<?> customized =
                ((ClientHttpRequestFactoryBuilder) wrapped).withCustomizers(customizers);
        return new SteeringFactoryBuilder(customized, discovery, filtered);
    }
}
