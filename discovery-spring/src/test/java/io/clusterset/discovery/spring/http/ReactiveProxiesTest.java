package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/** A proxy gets neither a name of ours nor an address it was not told of. Sets the process's selector. */
@ExtendWith(OutputCaptureExtension.class)
class ReactiveProxiesTest {

    private static final URI NAME = URI.create("http://orders.shop/");

    private final ProxySelector before = ProxySelector.getDefault();
    private final ReactiveShop shop = new ReactiveShop();
    private final ReactivePod home = ReactivePod.start("home", ReactiveShop.HOME, 0);
    private final ReactivePod proxy = ReactivePod.start("proxy", "127.0.0.5", 0);

    @AfterEach
    void close() {
        ProxySelector.setDefault(before);
        shop.close();
        home.close();
        proxy.close();
    }

    /** {@code http.nonProxyHosts} with the name, but not with the pods' addresses. The system knows no orders.shop. */
    @Test
    void aProxyForAddressesIsToldNone(CapturedOutput output) {
        Proxy of = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.5", proxy.port()));
        ProxySelector.setDefault(
                new Selecting(uri -> ReactiveShop.HOME.equals(uri.getHost()) ? List.of(of) : List.of(Proxy.NO_PROXY)));
        shop.with("jdk", client -> {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> client.get()
                                .uri(ReactiveShop.url(home.port(), "/list"))
                                .retrieve()
                                .toBodilessEntity()
                                .block(Duration.ofSeconds(20)))
                        .isInstanceOf(WebClientRequestException.class);
            }
        });
        assertThat(proxy.seen()).isEmpty();
        assertThat(home.seen()).isEmpty();
        assertThat(shop.atHome().abandoned()).isEqualTo(2);
        assertThat(shop.atRemote().abandoned()).isZero();
        assertThat(output.getOut()).containsOnlyOnce("a proxy is set for " + ReactiveShop.HOME);
    }

    @Test
    void aSelectorThatCanTellNothingKnowsNoProxy() {
        ConnectorRewriting path = new ConnectorRewriting(
                () -> {
                    throw new AssertionError("not asked for");
                },
                false);
        ProxySelector.setDefault(new Selecting(uri -> null));
        assertThat(path.isDirect(NAME)).isTrue();
        ProxySelector.setDefault(new Selecting(uri -> {
            throw new IllegalStateException("broken");
        }));
        assertThat(path.isDirect(NAME)).isTrue();
    }

    private static final class Selecting extends ProxySelector {
        private final Function<URI, @Nullable List<Proxy>> rule;

        Selecting(Function<URI, @Nullable List<Proxy>> rule) {
            this.rule = rule;
        }

        @Override
        @SuppressWarnings("NullAway") // as a selector must not, and some do
        public List<Proxy> select(URI uri) {
            return rule.apply(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
