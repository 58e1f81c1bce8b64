package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** A proxy resolves names itself: what goes by one goes past us. */
class ProxiesTest {

    private final ProxySelector before = ProxySelector.getDefault();
    private final Shop shop = new Shop();
    private final Pod home = new Pod("home", Shop.HOME, 0, null);
    private final Pod proxy = new Pod("proxy", "127.0.0.5", 0, null);
    private final String url = "http://" + Shop.HOST + ":" + home.port() + "/list";

    @AfterEach
    void close() {
        ProxySelector.setDefault(before);
        shop.close();
        home.close();
        proxy.close();
    }

    private void proxied(String host) {
        ProxySelector.setDefault(new For(
                host, List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.5", proxy.port())))));
    }

    private void get(RestClient.Builder client) {
        assertThat(client.build().get().uri(url).retrieve().body(String.class)).isEqualTo("proxy");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "HTTP_COMPONENTS", "SIMPLE"})
    void theProcesssProxyIsToldTheName(Shop.Client kind) {
        proxied(Shop.HOST);
        shop.application(kind.property()).run(context -> get(context.getBean(RestClient.Builder.class)));
        assertThat(proxy.seen()).extracting(Pod.Seen::path).containsExactly(url);
        assertThat(home.seen()).isEmpty();
    }

    /** {@code http.nonProxyHosts} with the name, but not with the pods' addresses: they stay unknown to the proxy. */
    @Test
    void aProxyForAddressesIsToldNone() {
        proxied(Shop.HOME);
        // the system knows no orders.shop
        shop.calling(
                Shop.Client.JDK,
                client -> assertThatThrownBy(
                                () -> client.get().uri(url).retrieve().toBodilessEntity())
                        .isInstanceOf(ResourceAccessException.class));
        assertThat(proxy.seen()).isEmpty();
        assertThat(shop.attempts("local").abandoned()).isEqualTo(1);
    }

    @Test
    void theClientsProxyIsToldTheName() {
        HttpHost host = new HttpHost("127.0.0.5", proxy.port());
        apache(client -> client.setProxy(host));
        assertThat(proxy.seen()).extracting(Pod.Seen::path).containsExactly(url);
        assertThat(home.seen()).isEmpty();
    }

    @Test
    void theJdksClientsOwnProxyIsToldTheName() {
        own(Shop.HOST).run(context -> get(context.getBean(RestClient.Builder.class)));
        assertThat(proxy.seen()).extracting(Pod.Seen::path).containsExactly(url);
        assertThat(home.seen()).isEmpty();
    }

    @Test
    void theJdksClientsOwnProxyForAddressesIsToldNone() {
        own(Shop.HOME)
                .run(context -> assertThatThrownBy(() -> get(context.getBean(RestClient.Builder.class)))
                        .isInstanceOf(ResourceAccessException.class));
        assertThat(proxy.seen()).isEmpty();
        assertThat(shop.attempts("local").abandoned()).isEqualTo(1);
    }

    @Test
    void aSelectorOfTheJdksClientThatKnowsNoProxyChangesNothing() {
        own("www.example.com")
                .run(context -> assertThat(context.getBean(RestClient.Builder.class)
                                .build()
                                .get()
                                .uri(url)
                                .retrieve()
                                .body(String.class))
                        .isEqualTo("home"));
    }

    private ApplicationContextRunner own(String host) {
        ProxySelector selector =
                new For(host, List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.5", proxy.port()))));
        return shop.application(Shop.Client.JDK.property())
                .withBean("jdk", ClientHttpRequestFactoryBuilderCustomizer.class, () -> new OfJdk(selector));
    }

    @Test
    void anAnswerOfAnInterceptorSwitchesNothingOff() {
        home.fails(503);
        try (Pod remote = new Pod("remote", Shop.REMOTE, home.port(), null)) {
            shop.application(Shop.Client.HTTP_COMPONENTS.property())
                    .withBean(
                            "apache",
                            ClientHttpRequestFactoryBuilderCustomizer.class,
                            () -> new OfApache(client -> client.addExecInterceptorFirst("canned", ProxiesTest::canned)))
                    .run(context -> {
                        RestClient client =
                                context.getBean(RestClient.Builder.class).build();
                        assertThat(client.get()
                                        .uri(url + "/canned")
                                        .retrieve()
                                        .toBodilessEntity()
                                        .getStatusCode()
                                        .value())
                                .isEqualTo(204);
                        assertThat(client.get().uri(url).retrieve().body(String.class))
                                .isEqualTo("remote");
                    });
            assertThat(remote.seen()).hasSize(1);
        }
    }

    private static ClassicHttpResponse canned(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        return request.getPath().endsWith("/canned")
                ? new BasicClassicHttpResponse(204)
                : chain.proceed(request, scope);
    }

    private void apache(Consumer<HttpClientBuilder> change) {
        shop.application(Shop.Client.HTTP_COMPONENTS.property())
                .withBean("apache", ClientHttpRequestFactoryBuilderCustomizer.class, () -> new OfApache(change))
                .run(context -> get(context.getBean(RestClient.Builder.class)));
    }

    private record OfApache(Consumer<HttpClientBuilder> change)
            implements ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> {
        @Override
        public HttpComponentsClientHttpRequestFactoryBuilder customize(
                HttpComponentsClientHttpRequestFactoryBuilder builder) {
            return builder.withHttpClientCustomizer(change);
        }
    }

    private record OfJdk(ProxySelector selector)
            implements ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> {
        @Override
        public JdkClientHttpRequestFactoryBuilder customize(JdkClientHttpRequestFactoryBuilder builder) {
            return builder.withHttpClientCustomizer(client -> client.proxy(selector));
        }
    }

    private static final class For extends ProxySelector {
        private final String host;
        private final List<Proxy> proxies;

        For(String host, List<Proxy> proxies) {
            this.host = host;
            this.proxies = proxies;
        }

        @Override
        public List<Proxy> select(URI uri) {
            return host.equals(uri.getHost()) ? proxies : List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
