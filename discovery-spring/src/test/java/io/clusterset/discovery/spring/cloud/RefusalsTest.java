package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;

/** More endpoints refuse than Spring makes attempts. Every kind of balanced client, over sockets. */
class RefusalsTest {

    private static final String NEXT = "retry.max-retries-on-next-service-instance=1";

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final Pod well = new Pod("well", "127.0.0.1", 0);

    @AfterEach
    void close() {
        dns.close();
        well.close();
    }

    /** Nobody listens at 127.0.0.11 and after. */
    private static String refusing(int n) {
        return "127.0.0." + (10 + n);
    }

    /** So many tiers of one endpoint that refuses, before the one that is well: it is known who is met, and in which order. */
    private Discovery behind(int refusing) {
        return inOrder(IntStream.rangeClosed(1, refusing + 1)
                .mapToObj(n -> n > refusing ? "127.0.0.1" : refusing(n))
                .toArray(String[]::new));
    }

    private Discovery inOrder(String... addresses) {
        Discovery.Builder builder = builder();
        for (int n = 0; n < addresses.length; n++) {
            dns.service("orders.shop.svc.cluster" + n + ".local", addresses[n]);
            builder.tier(Tier.of("tier" + n, "cluster" + n + ".local"));
        }
        return builder.build();
    }

    private Discovery.Builder builder() {
        return Discovery.builder()
                .settings(Settings.none())
                .service("orders.shop", s -> s.port(well.port()))
                .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))));
    }

    private static long attempts(Discovery discovery) {
        return discovery.figures().services().stream()
                .flatMap(service -> service.tiers().stream())
                .map(Figures.OfTier::attempts)
                .mapToLong(Figures.Attempts::picked)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(ClientsTest.Kind.class)
    void fourRefuseAndTheFifthIsFound(ClientsTest.Kind kind) {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery)) {
            assertThat(kind.call(context)).isEqualTo("well");
            assertThat(attempts(discovery)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientsTest.Kind.class)
    void sevenOfEightRefuseAndNoCallFails(ClientsTest.Kind kind) {
        dns.service(
                "orders.shop.svc.cluster.local",
                IntStream.rangeClosed(0, 7)
                        .mapToObj(n -> n == 0 ? "127.0.0.1" : refusing(n))
                        .toArray(String[]::new));
        try (Discovery discovery = builder().build();
                ConfigurableApplicationContext context = App.start(discovery)) {
            for (int i = 0; i < 50; i++) {
                assertThat(kind.call(context)).isEqualTo("well");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClientsTest.Kind.class,
            names = {"REST_CLIENT", "WEB_CLIENT", "FEIGN"})
    void tenAtMost(ClientsTest.Kind kind) {
        try (Discovery discovery = behind(10);
                ConfigurableApplicationContext context = App.start(discovery)) {
            assertThatThrownBy(() -> kind.call(context)).hasStackTraceContaining("Connection refused");
            assertThat(attempts(discovery)).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.cloud.loadbalancer." + NEXT,
                "spring.cloud.loadbalancer.clients[orders.shop]." + NEXT,
                "spring.cloud.loadbalancer.retry.maxRetriesOnNextServiceInstance=1",
                "spring.cloud.loadbalancer.retry.max-retries-on-same-service-instance=0"
            })
    void whoSaysHowOftenHasHisWay(String setting) {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery, setting)) {
            assertThatThrownBy(() -> ClientsTest.Kind.REST_CLIENT.call(context))
                    .isInstanceOf(ResourceAccessException.class);
            assertThat(attempts(discovery)).isEqualTo(2);
            assertThatThrownBy(() -> ClientsTest.Kind.WEB_CLIENT.call(context))
                    .isInstanceOf(WebClientRequestException.class);
            assertThat(attempts(discovery)).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.cloud.loadbalancer.retry.enabled=false",
                "spring.cloud.loadbalancer.retry.max-retries-on-next-service-instance=0"
            })
    void whoWantsNoRetriesGetsNone(String setting) {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery, setting)) {
            assertThatThrownBy(() -> ClientsTest.Kind.REST_CLIENT.call(context))
                    .hasStackTraceContaining("Connection refused");
            assertThatThrownBy(() -> ClientsTest.Kind.WEB_CLIENT.call(context))
                    .hasStackTraceContaining("Connection refused");
            assertThat(attempts(discovery)).isEqualTo(2);
        }
    }

    /** Nothing was sent, so that it may go on whatever it is. */
    @Test
    void aPostGoesOnToo() {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery)) {
            RestClient blocking = context.getBean(RestClient.Builder.class).build();
            assertThat(blocking.method(HttpMethod.POST)
                            .uri("http://orders.shop/x")
                            .body("1")
                            .retrieve()
                            .body(String.class))
                    .isEqualTo("well");
            WebClient reactive = context.getBean(WebClient.Builder.class).build();
            assertThat(reactive.post()
                            .uri("http://orders.shop/x")
                            .bodyValue("1")
                            .retrieve()
                            .bodyToMono(String.class)
                            .block())
                    .isEqualTo("well");
            assertThat(well.count()).isEqualTo(2);
        }
    }

    /** As Reactor Netty says it, of an endpoint that was killed while its connections were in the pool. */
    @Test
    void whoseConnectionsWereClosedInThePoolHasRefused() {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery)) {
            WebClient reactive = context.getBean(WebClient.Builder.class)
                    .filter((request, next) -> request.url().getHost().equals("127.0.0.1")
                            ? next.exchange(request)
                            : Mono.error(new WebClientRequestException(
                                    new IOException("Error while acquiring from a.Pool@1f"),
                                    HttpMethod.GET,
                                    request.url(),
                                    new HttpHeaders())))
                    .build();
            assertThat(reactive.get()
                            .uri("http://orders.shop/x")
                            .retrieve()
                            .bodyToMono(String.class)
                            .block())
                    .isEqualTo("well");
            assertThat(attempts(discovery)).isEqualTo(5);
        }
    }

    /** As many attempts as the library itself would make, and no second round. */
    @ParameterizedTest
    @EnumSource(
            value = ClientsTest.Kind.class,
            names = {"REST_CLIENT", "WEB_CLIENT", "FEIGN"})
    void whereAllRefuseEachIsAskedOnce(ClientsTest.Kind kind) {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery)) {
            well.kill();
            assertThatThrownBy(() -> kind.call(context)).hasStackTraceContaining("Connection refused");
            assertThat(attempts(discovery)).isEqualTo(5);
        }
    }

    /** Each of ten attempts would ask there once more, and ten times if that is balanced as well. */
    @Test
    void whoeverWasRefusedSomewhereElseIsCounted() {
        AtomicInteger asked = new AtomicInteger();
        ConnectException refused = new ConnectException("Connection refused");
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context = App.start(discovery)) {
            RestClient blocking = context.getBean(RestClient.Builder.class)
                    .requestInterceptor((request, body, execution) -> {
                        asked.incrementAndGet();
                        throw new ResourceAccessException("no token", refused);
                    })
                    .build();
            assertThatThrownBy(() -> blocking.get()
                            .uri("http://orders.shop/x")
                            .retrieve()
                            .body(String.class))
                    .hasStackTraceContaining("no token");
            assertThat(asked).hasValue(2);
            WebClient reactive = context.getBean(WebClient.Builder.class)
                    .filter((request, next) -> {
                        asked.incrementAndGet();
                        return Mono.error(new WebClientRequestException(
                                refused, HttpMethod.GET, URI.create("http://10.9.9.9:80/token"), new HttpHeaders()));
                    })
                    .build();
            assertThatThrownBy(() -> reactive.get()
                            .uri("http://orders.shop/x")
                            .retrieve()
                            .bodyToMono(String.class)
                            .block())
                    .isInstanceOf(WebClientRequestException.class);
            assertThat(asked).hasValue(4);
        }
    }

    /** It is one for all requests, and knows of none where it was before. */
    @Test
    void whereSomebodyElseChoosesEveryAttemptCounts() {
        try (Discovery discovery = behind(4);
                ConfigurableApplicationContext context =
                        App.start(discovery, new Class<?>[] {App.class, InTurns.class})) {
            well.kill();
            discovery
                    .service("orders.shop")
                    .examine(false)
                    .toCompletableFuture()
                    .join(); // all tiers have answered
            assertThatThrownBy(() -> ClientsTest.Kind.REST_CLIENT.call(context))
                    .hasStackTraceContaining("Connection refused");
            assertThat(attempts(discovery)).isEqualTo(2);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @LoadBalancerClients(defaultConfiguration = Turns.class)
    static class InTurns {}

    /** Of a service's own context, so not a configuration by annotation. */
    static class Turns {
        @Bean
        ReactorLoadBalancer<ServiceInstance> turns(Environment environment, LoadBalancerClientFactory factory) {
            String name = LoadBalancerClientFactory.getName(environment);
            return new RoundRobinLoadBalancer(factory.getLazyProvider(name, ServiceInstanceListSupplier.class), name);
        }
    }

    /** What is not refused is counted as ever: one retry. */
    @ParameterizedTest
    @EnumSource(
            value = ClientsTest.Kind.class,
            names = {"REST_CLIENT", "WEB_CLIENT"})
    void whoeverHangsUpIsCounted(ClientsTest.Kind kind) {
        try (FakeEndpoint first = FakeEndpoint.start("first", "127.0.0.5", well.port());
                FakeEndpoint second = FakeEndpoint.start("second", "127.0.0.6", well.port());
                Discovery discovery = inOrder(refusing(1), refusing(2), "127.0.0.5", "127.0.0.6", "127.0.0.1");
                ConfigurableApplicationContext context = App.start(discovery)) {
            first.resetOnRequest();
            second.resetOnRequest();
            assertThatThrownBy(() -> kind.call(context)).isInstanceOf(RuntimeException.class);
            assertThat(attempts(discovery)).isEqualTo(4); // Apache's client asks each of the two twice, by itself
            assertThat(well.count()).isZero();
        }
    }
}
