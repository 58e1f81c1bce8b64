package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clusterset.discovery.Service;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;

/** Boot 4.1's filter, of which this module, built with 4.0, knows nothing. */
class FilteredServicesTest {

    private static final String FILTER = "org.springframework.boot.http.client.InetAddressFilter";

    private final Shop shop = new Shop();
    private final Pod home = new Pod("home", Shop.HOME, 0, null);
    private final Pod remote = new Pod("remote", Shop.REMOTE, home.port(), null);
    private final String url = "http://" + Shop.HOST + ":" + home.port() + "/list";

    @BeforeEach
    void bootHasIt() {
        assumeTrue(ClassUtils.isPresent(FILTER, null), "Boot 4.1");
    }

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    private ApplicationContextRunner allowing(Shop.Client kind, String... addresses) {
        Class<?> type = ClassUtils.resolveClassName(FILTER, null);
        Set<String> allowed = Set.of(addresses);
        Object filter =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass().equals(Object.class)) {
                        return method.getName().equals("equals") ? proxy == arguments[0] : (Object) 1;
                    }
                    InetAddress asked = arguments[0] instanceof InetSocketAddress socket
                            ? socket.getAddress()
                            : (InetAddress) arguments[0];
                    return allowed.contains(asked.getHostAddress());
                });
        return shop.application(kind.property()).withInitializer(context -> {
            RootBeanDefinition definition = new RootBeanDefinition(type);
            definition.setInstanceSupplier(() -> filter);
            ((org.springframework.beans.factory.support.BeanDefinitionRegistry) context)
                    .registerBeanDefinition("filter", definition);
        });
    }

    /** Where the filter leaves nothing of home, a selection's very first call does not wait for the next tier. */
    private void firstAnswers(ClientHttpRequestFactory factory) throws IOException {
        Service orders = shop.discovery.service(Shop.HOST + ":" + home.port());
        while (orders.endpoints().size() < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(factory.createRequest(URI.create(url), HttpMethod.GET)).isInstanceOf(SteeredRequest.class);
        Service allowed = orders.selecting("inet-address-filter", endpoint -> true); // the one there is
        while (allowed.decision().tiers().stream().allMatch(tier -> tier.load().percent() == 0)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String get(RestClient.Builder client, String url) {
        return String.valueOf(client.build().get().uri(url).retrieve().body(String.class));
    }

    /** Simple has none: Boot refuses the filter there. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE")
    void anEndpointThatTheFilterRefusesIsNotCalled(Shop.Client kind) {
        allowing(kind, Shop.REMOTE).run(context -> {
            RestClient.Builder client = context.getBean(RestClient.Builder.class);
            firstAnswers(context.getBean(ClientHttpRequestFactory.class));
            for (int i = 0; i < 5; i++) {
                assertThat(get(client, url)).isEqualTo("remote");
            }
        });
        assertThat(home.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE")
    void whereAllAreRefusedNoneIsCalled(Shop.Client kind) {
        allowing(kind, "192.0.2.1")
                .run(context -> assertThatThrownBy(() -> get(context.getBean(RestClient.Builder.class), url))
                        .cause()
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessageContaining("inet-address-filter"));
        assertThat(home.seen()).isEmpty();
        assertThat(remote.seen()).isEmpty();
    }

    @Test
    void oneFilterIsOneRuleAndNoneIsNone() {
        FilteredServices services = new FilteredServices();
        assertThat(services.rule(HttpClientSettings.defaults())).isSameAs(FilteredServices.Rule.ALL);
        allowing(Shop.Client.JDK, Shop.HOME).run(context -> {
            HttpClientSettings settings = context.getBean(HttpClientSettings.class);
            FilteredServices.Rule rule = services.rule(settings);
            assertThat(rule).isNotSameAs(FilteredServices.Rule.ALL);
            assertThat(services.rule(settings.withReadTimeout(java.time.Duration.ofSeconds(7))))
                    .isSameAs(rule);
        });
    }
}
