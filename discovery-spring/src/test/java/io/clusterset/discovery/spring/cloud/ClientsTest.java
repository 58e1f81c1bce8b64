package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.testkit.RecordType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.Disposable;

/** Every kind of balanced client, over sockets. */
class ClientsTest {

    private static final int CALLERS = 8;

    private final TwoClusters clusters = new TwoClusters();
    private final ConfigurableApplicationContext context = App.start(clusters.discovery);
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> served = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        callers.shutdownNow();
        context.close();
        clusters.close();
    }

    @SuppressWarnings("ImmutableEnumChecker") // a function of nothing but its argument
    enum Kind {
        REST_CLIENT(app -> app.getBean(RestClient.Builder.class)
                .build()
                .get()
                .uri("http://orders.shop/list")
                .retrieve()
                .body(String.class)),
        REST_TEMPLATE(app -> app.getBean(RestTemplate.class).getForObject("http://orders.shop/list", String.class)),
        WEB_CLIENT(app -> app.getBean(WebClient.Builder.class)
                .build()
                .get()
                .uri("http://orders.shop/list")
                .retrieve()
                .bodyToMono(String.class)
                .block()),
        HTTP_INTERFACE(app -> app.getBean(App.Orders.class).list()),
        REACTIVE_HTTP_INTERFACE(app -> app.getBean(App.ReactiveOrders.class).list()),
        FEIGN(app -> app.getBean(App.FeignOrders.class).list());

        private final Function<ConfigurableApplicationContext, String> call;

        Kind(Function<ConfigurableApplicationContext, String> call) {
            this.call = call;
        }

        String call(ConfigurableApplicationContext app) {
            return String.valueOf(call.apply(app));
        }
    }

    private void calls(int count, Supplier<String> call) throws InterruptedException {
        Semaphore done = new Semaphore(0);
        for (int i = 0; i < count; i++) {
            callers.execute(() -> {
                try {
                    served.merge(call.get(), 1, Integer::sum);
                } catch (RuntimeException e) {
                    failures.add(e);
                } finally {
                    done.release();
                }
            });
        }
        done.acquire(count);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noCallFailsWhenAllOfHomeDies(Kind kind) throws InterruptedException {
        TwoClusters.await( // whoever loads the client takes so long, at times, that who is called is suspected
                "a client", () -> kind.call(context).startsWith("home"));
        calls(40, () -> kind.call(context));
        assertThat(failures).isEmpty();
        assertThat(served).containsOnlyKeys("home-a", "home-b");
        assertThat(served.get("home-a")).as("in turns").isBetween(15, 25);

        Thread killer = new Thread(clusters::killHome);
        killer.start();
        calls(400, () -> kind.call(context));
        killer.join();
        assertThat(failures).isEmpty();

        served.clear();
        calls(40, () -> kind.call(context));
        assertThat(failures).isEmpty();
        assertThat(served).containsOnlyKeys("remote");
        assertThat(clusters.attempts("local").failedHard()).isPositive();
        assertThat(clusters.attempts("clusterset").succeeded()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = "FEIGN") // HttpURLConnection drops it unless told not to
    void theNameStaysInHost(Kind kind) {
        assertThat(kind.call(context)).startsWith("home");
        List<String> hosts = Stream.of(clusters.home, clusters.homeToo)
                .flatMap(pod -> pod.asked().stream())
                .map(asked -> asked.header("Host"))
                .toList();
        String name = kind == Kind.REACTIVE_HTTP_INTERFACE ? "orders.shop.svc" : "orders.shop";
        assertThat(hosts).containsExactly(name);
    }

    @Test
    void thePortOfTheUrlReachesThePick() {
        try (Pod admin = new Pod("admin", "127.0.0.1", 0)) {
            clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
            RestClient client = context.getBean(RestClient.Builder.class).build();
            String url = "http://orders.shop:" + admin.port() + "/list";
            assertThat(client.get().uri(url).retrieve().body(String.class)).isEqualTo("admin");
            assertThat(admin.last().header("Host")).isEqualTo("orders.shop:" + admin.port());
            assertThat(Kind.REST_CLIENT.call(context)).startsWith("home");
        }
    }

    @Test
    void aHostOfTheUsersIsKept() {
        RestClient client = context.getBean(RestClient.Builder.class).build();
        client.get()
                .uri("http://orders.shop/x")
                .header("Host", "mine")
                .retrieve()
                .toBodilessEntity();
        WebClient webClient = context.getBean(WebClient.Builder.class).build();
        webClient
                .get()
                .uri("http://orders.shop/x")
                .header("Host", "mine")
                .retrieve()
                .toBodilessEntity()
                .block();
        assertThat(Stream.of(clusters.home, clusters.homeToo).flatMap(pod -> pod.asked().stream()))
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.header("Host")).isEqualTo("mine"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theJdksClientIsToldOfTheNameIfItMayBe(boolean allowed) {
        String address = "127.0.0.1:" + clusters.home.port();
        clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        WebClient.Builder builder = WebClient.builder()
                .filter(new RepeatingFilter(
                        context.getBean(LoadBalancerClientFactory.class),
                        List.of(new ReactiveHostTransformer(allowed)),
                        new Refusals(context.getEnvironment(), context.getBean(LoadBalancerClientFactory.class))));
        WebClient netty = builder.build();
        WebClient jdk = builder.clientConnector(new JdkClientHttpConnector()).build();
        assertThat(host(jdk, headers -> {})).isEqualTo(allowed ? "orders.shop" : address);
        assertThat(host(netty, headers -> {})).isEqualTo("orders.shop");
        for (WebClient client : List.of(jdk, netty)) {
            assertThat(host(client, headers -> headers.set("Host", "mine"))).isEqualTo("mine");
        }
    }

    private String host(WebClient client, Consumer<HttpHeaders> own) {
        client.get()
                .uri("http://orders.shop/x")
                .headers(own)
                .retrieve()
                .toBodilessEntity()
                .block();
        return clusters.home.last().header("Host");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"REST_CLIENT", "WEB_CLIENT"})
    void anAnswerOf503CountsAgainstTheEndpoint(Kind kind) {
        clusters.home.answers(503);
        int failed = 0;
        for (int i = 0; i < 20; i++) {
            try {
                kind.call(context);
            } catch (RuntimeException serviceUnavailable) {
                failed++;
            }
        }
        assertThat(failed).isBetween(1, 19);
        assertThat(clusters.attempts("local").failedSoft()).isEqualTo(failed);
        assertThat(clusters.attempts("local").succeeded()).isEqualTo(20 - failed);
    }

    @Test
    void aNotFoundIsASuccessOfTheEndpoint() {
        clusters.home.answers(404);
        clusters.homeToo.answers(404);
        assertThatThrownBy(() -> Kind.REST_CLIENT.call(context)).hasMessageContaining("404");
        assertThat(clusters.attempts("local").succeeded()).isEqualTo(1);
    }

    @Test
    void aPostThatWasNotSentGoesElsewhere() {
        Kind.REST_CLIENT.call(context);
        clusters.killHome();
        RestClient client = context.getBean(RestClient.Builder.class).build();
        assertThat(client.post()
                        .uri("http://orders.shop/x")
                        .body("1")
                        .retrieve()
                        .body(String.class))
                .isEqualTo("remote");
    }

    @Test
    void aReactivePostThatWasNotSentGoesElsewhere() {
        clusters.home.kill();
        clusters.homeToo.kill();
        WebClient client = context.getBean(WebClient.Builder.class).build();
        assertThat(client.post()
                        .uri("http://orders.shop/x")
                        .bodyValue("1")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block())
                .isEqualTo("remote");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theVeryFirstCallFindsTheWayToo(Kind kind) {
        clusters.dns
                .on("orders.shop.svc.clusterset.local", RecordType.A)
                .answer("127.0.0.3")
                .delay(Duration.ofMillis(200));
        clusters.killHome();
        assertThat(kind.call(context)).isEqualTo("remote");
    }

    @Test
    void withNobodyAliveTheLastFailureIsWhatItWas() {
        clusters.killHome();
        clusters.remote.kill();
        assertThatThrownBy(() -> Kind.REST_CLIENT.call(context)).isInstanceOf(ResourceAccessException.class);
        assertThatThrownBy(() -> Kind.WEB_CLIENT.call(context)).isInstanceOf(WebClientRequestException.class);
    }

    @Test
    void aReactiveCallerThatGoesAwayLeavesNoAttemptOpen() {
        clusters.home.answers(-1);
        clusters.homeToo.answers(-1);
        Disposable call = context.getBean(WebClient.Builder.class)
                .build()
                .get()
                .uri("http://orders.shop/list")
                .retrieve()
                .bodyToMono(String.class)
                .subscribe();
        TwoClusters.await("asked", () -> clusters.home.count() + clusters.homeToo.count() > 0);
        call.dispose();
        TwoClusters.await("abandoned", () -> clusters.attempts("local").abandoned() == 1);
        assertThat(context.getBean(Steering.class).attempts().count()).isZero();
    }

    @Test
    void requestsThatAreInTimeLeaveNoAttemptOpen() throws InterruptedException {
        calls(40, () -> Kind.WEB_CLIENT.call(context));
        calls(40, () -> Kind.REST_CLIENT.call(context));
        assertThat(context.getBean(Steering.class).attempts().count()).isZero();
        assertThat(clusters.attempts("local").picked()).isEqualTo(80);
        assertThat(clusters.attempts("local").succeeded()).isEqualTo(80);
        assertThat(IntStream.of(clusters.home.count(), clusters.homeToo.count()).sum())
                .isEqualTo(80);
    }

    /** Spring's own fallback knows no port of a URL's, and asked us once more, for port 80. */
    @Test
    void whatNoTierKnowsIsNotAskedForTwice() {
        RestClient client = context.getBean("balancedRestClient", RestClient.Builder.class)
                .clone()
                .build();
        assertThatThrownBy(() ->
                        client.get().uri("http://nobody.shop:7777/").retrieve().toBodilessEntity())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(clusters.discovery.figures().services())
                .extracting(Figures.OfService::service)
                .contains("nobody.shop:7777")
                .noneMatch(name -> !name.endsWith(":7777") && name.startsWith("nobody"));
    }

    @Test
    void switchedOffTheSystemsResolverIsAsked() {
        Kind.REST_CLIENT.call(context);
        clusters.discovery.enabled(false);
        assertThatThrownBy(() -> Kind.REST_CLIENT.call(context))
                .isInstanceOf(ResourceAccessException.class)
                .hasMessageContaining("orders.shop");
        clusters.discovery.enabled(true);
        TwoClusters.await("on again", () -> {
            try {
                return Kind.REST_CLIENT.call(context).startsWith("home");
            } catch (ResourceAccessException
                    | IllegalArgumentException notYet) { // the resolver here knows no such name
                return false;
            }
        });
    }

    @Test
    void anUnhappyEndpointIsAServerErrorToTheCallerAsEver() {
        clusters.home.answers(500);
        clusters.homeToo.answers(500);
        assertThatThrownBy(() -> Kind.REST_TEMPLATE.call(context)).isInstanceOf(HttpServerErrorException.class);
    }
}
