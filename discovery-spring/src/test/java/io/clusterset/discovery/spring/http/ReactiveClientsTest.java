package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.spring.http.ReactivePod.Reply;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One request after the other. */
class ReactiveClientsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ReactiveShop shop = new ReactiveShop();
    private final ReactivePod home = ReactivePod.start("home", ReactiveShop.HOME, 0);
    private final ReactivePod remote = ReactivePod.start("remote", ReactiveShop.REMOTE, home.port());

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    private String url(String path) {
        return ReactiveShop.url(home.port(), path);
    }

    private Mono<String> get(WebClient client) {
        return client.get().uri(url("/list")).retrieve().bodyToMono(String.class);
    }

    private static <T> T wait(Mono<T> mono) {
        T value = mono.block(PATIENCE);
        if (value == null) {
            throw new AssertionError("empty");
        }
        return value;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aNameInTheUrlIsEnough(String connector) {
        shop.with(connector, client -> {
            assertThat(wait(client.get()
                            .uri(URI.create(url("/a%20b?c=d%26e")))
                            .retrieve()
                            .bodyToMono(String.class)))
                    .isEqualTo("home");
            assertThat(home.seen())
                    .containsExactly(
                            new ReactivePod.Seen("GET", "/a%20b?c=d%26e", "orders.shop:" + home.port(), "null", ""));
            assertThat(shop.atHome().succeeded()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void theUsersOwnHostIsLeft(String connector) {
        shop.with(connector, client -> {
            wait(client.get().uri(url("/")).header("Host", "mine").retrieve().bodyToMono(String.class));
            assertThat(home.seen().get(0).host()).isEqualTo("mine");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aPostGoesOnIfNothingWasSent(String connector) {
        home.close();
        shop.with(connector, client -> {
            Mono<String> posted =
                    client.post().uri(url("/order")).bodyValue("one").retrieve().bodyToMono(String.class);
            assertThat(wait(posted)).isEqualTo("remote");
            assertThat(remote.seen().get(0).body()).isEqualTo("one");
            assertThat(shop.atHome().failedHard()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aPostThatWasSentIsSeenOnce(String connector) {
        try (FakeEndpoint resets = FakeEndpoint.start("resets", "127.0.0.3", 0);
                FakeEndpoint other = FakeEndpoint.start("other", "127.0.0.4", resets.port())) {
            shop.dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
            shop.dns.service("orders.shop.svc.clusterset.local", "127.0.0.4");
            resets.resetOnRequest();
            shop.with(connector, client -> {
                Mono<String> posted = client.post()
                        .uri(ReactiveShop.url(resets.port(), "/order"))
                        .bodyValue("one")
                        .retrieve()
                        .bodyToMono(String.class);
                assertThatThrownBy(() -> posted.block(PATIENCE)).isInstanceOf(WebClientRequestException.class);
                assertThat(resets.requests()).isEqualTo(1);
                assertThat(other.requests()).isZero();
                Mono<String> got = client.get()
                        .uri(ReactiveShop.url(resets.port(), "/order"))
                        .retrieve()
                        .bodyToMono(String.class);
                assertThat(got.block(PATIENCE)).isEqualTo("other");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"reactor,500", "reactor,503", "reactor,429", "jdk,503"})
    void aBusyEndpointIsLeft(String connector, int status) {
        home.does(request -> Reply.of(status, "busy"));
        shop.with(connector, client -> {
            assertThat(wait(get(client))).isEqualTo("remote");
            assertThat(shop.atHome().failedSoft()).isEqualTo(1);
            assertThat(shop.atRemote().succeeded()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void theLastAnswerIsHandedOut(String connector) {
        home.does(request -> Reply.of(503, "home is busy").header("Retry-After", "7"));
        remote.does(request -> Reply.of(503, "remote is busy").header("Retry-After", "7"));
        shop.with(connector, client -> {
            assertThatThrownBy(() -> get(client).block(PATIENCE))
                    .isInstanceOfSatisfying(WebClientResponseException.ServiceUnavailable.class, busy -> {
                        assertThat(busy.getResponseBodyAsString()).isEqualTo("remote is busy");
                        assertThat(busy.getHeaders().getFirst("Retry-After")).isEqualTo("7");
                    });
            assertThat(home.seen()).hasSize(1);
            assertThat(remote.seen()).hasSize(1);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 501})
    void whatIsNoFailureOfTheEndpointIsNot(int status) {
        home.does(request -> Reply.of(status, "no"));
        shop.with("reactor", client -> {
            ResponseEntity<Void> answer =
                    wait(client.get().uri(url("/")).exchangeToMono(response -> response.toBodilessEntity()));
            assertThat(answer.getStatusCode().value()).isEqualTo(status);
            assertThat(shop.atHome().succeeded()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aPostIsNotDoneAgainAfterAnAnswer(String connector) {
        home.does(request -> Reply.of(503, "busy"));
        shop.with(connector, client -> {
            Mono<ResponseEntity<String>> posted = client.post()
                    .uri(url("/order"))
                    .bodyValue("one")
                    .exchangeToMono(response -> response.toEntity(String.class));
            assertThat(wait(posted).getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
            assertThat(remote.seen()).isEmpty();
            assertThat(shop.atHome().failedSoft()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @CsvSource({"reactor,PUT", "reactor,DELETE", "jdk,PUT"})
    void aBodyThatIsOneValueIsSentAgain(String connector, String method) {
        home.does(request -> Reply.of(503, "busy"));
        shop.with(connector, client -> {
            Mono<String> put = client.method(HttpMethod.valueOf(method))
                    .uri(url("/order"))
                    .body(Mono.just("one"), String.class)
                    .retrieve()
                    .bodyToMono(String.class);
            assertThat(wait(put)).isEqualTo("remote");
            assertThat(remote.seen().get(0).body()).isEqualTo("one");
        });
    }

    private static Flux<DataBuffer> once(AtomicInteger subscribed) {
        return Flux.defer(() -> {
            subscribed.incrementAndGet();
            return Flux.just("one", "two")
                    .map(text -> DefaultDataBufferFactory.sharedInstance.wrap(
                            text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aStreamIsNotReadTwice(String connector) {
        home.does(request -> Reply.of(503, "busy"));
        AtomicInteger subscribed = new AtomicInteger();
        shop.with(connector, client -> {
            Mono<ResponseEntity<String>> put = client.put()
                    .uri(url("/order"))
                    .body(BodyInserters.fromDataBuffers(once(subscribed)))
                    .exchangeToMono(response -> response.toEntity(String.class));
            assertThat(wait(put).getBody()).isEqualTo("busy");
            assertThat(subscribed).hasValue(1);
            assertThat(remote.seen()).isEmpty();
            assertThat(shop.atHome().failedSoft()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aStreamThatWasNotBegunGoesElsewhere(String connector) {
        home.close();
        AtomicInteger subscribed = new AtomicInteger();
        shop.with(connector, client -> {
            Mono<String> put = client.put()
                    .uri(url("/order"))
                    .body(BodyInserters.fromDataBuffers(once(subscribed)))
                    .retrieve()
                    .bodyToMono(String.class);
            assertThat(wait(put)).isEqualTo("remote");
            assertThat(subscribed).hasValue(1);
            assertThat(remote.seen().get(0).body()).isEqualTo("onetwo");
        });
    }

    @Test
    void aStreamIsReadTwiceForWhoSaysSo() {
        home.does(request -> Reply.of(503, "busy"));
        AtomicInteger subscribed = new AtomicInteger();
        shop.with("reactor", client -> {
            Mono<String> put = client.post()
                    .uri(url("/order"))
                    .body(BodyInserters.fromDataBuffers(once(subscribed)))
                    .retrieve()
                    .bodyToMono(String.class)
                    .contextWrite(context -> context.put(Call.class, Call.idempotent()));
            assertThat(wait(put)).isEqualTo("remote");
            assertThat(subscribed).hasValue(2);
            assertThat(remote.seen().get(0).body()).isEqualTo("onetwo");
        });
    }

    @Test
    void aBodyThatFailsIsNobodysFault() {
        shop.with("reactor", client -> {
            Mono<String> put = client.put()
                    .uri(url("/order"))
                    .body(Mono.error(new IllegalStateException("no body")), String.class)
                    .retrieve()
                    .bodyToMono(String.class);
            assertThatThrownBy(() -> put.block(PATIENCE)).hasStackTraceContaining("no body");
            assertThat(shop.atHome().failedHard() + shop.atHome().failedSoft()).isZero();
            assertThat(shop.atRemote()).isEqualTo(io.clusterset.discovery.observe.Figures.Attempts.NONE);
        });
    }

    @Test
    void aGetThatMustNotBeDoneTwiceIsNot() {
        home.does(request -> Reply.of(503, "busy"));
        shop.with("reactor", client -> {
            Mono<String> got = get(client).contextWrite(context -> context.put(Call.class, Call.once()));
            assertThatThrownBy(() -> got.block(PATIENCE)).isInstanceOf(WebClientResponseException.class);
            assertThat(remote.seen()).isEmpty();
        });
    }

    @Test
    void aKeyHasItsEndpoint() {
        try (ReactivePod second = ReactivePod.start("home-b", "127.0.0.3", home.port())) {
            shop.dns.service("orders.shop.svc.cluster.local", ReactiveShop.HOME, "127.0.0.3");
            shop.with("reactor", client -> {
                Set<String> all = new HashSet<>();
                for (int i = 0; i < 20; i++) {
                    Affinity key = Affinity.of("key " + i);
                    Mono<String> got = get(client).contextWrite(context -> context.put(Affinity.class, key));
                    String first = wait(got);
                    assertThat(wait(got)).isEqualTo(first);
                    all.add(first);
                }
                assertThat(all).containsExactlyInAnyOrder("home", "home-b");
                assertThat(second.seen()).isNotEmpty();
            });
        }
    }

    @Test
    void aServiceWithoutEndpointsSaysWhy() {
        shop.dns.service("empty.shop.svc.cluster.local");
        shop.dns.service("empty.shop.svc.clusterset.local");
        shop.with("reactor", client -> {
            Mono<String> got =
                    client.get().uri("http://empty.shop.svc:80/").retrieve().bodyToMono(String.class);
            assertThatThrownBy(() -> got.block(PATIENCE))
                    .isInstanceOf(WebClientRequestException.class)
                    .hasRootCauseInstanceOf(io.clusterset.discovery.model.DiscoveryException.class)
                    .cause()
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("empty.shop");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void whatIsNotOursGoesBy(String connector) {
        home.does(request -> Reply.of(503, "busy"));
        shop.with(connector, client -> {
            ResponseEntity<String> answer = wait(client.get()
                    .uri("http://localhost:" + home.port() + "/")
                    .exchangeToMono(response -> response.toEntity(String.class)));
            assertThat(answer.getStatusCode().value()).isEqualTo(503);
            assertThat(home.seen()).hasSize(1);
            assertThat(home.seen().get(0).host()).isEqualTo("localhost:" + home.port());
            assertThat(shop.discovery.serviceNames()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void whatTurnsOutToBeSomebodyElsesGoesToTheSystem(String connector) {
        shop.with(connector, client -> {
            Mono<String> got =
                    client.get().uri("http://a.invalid:1/").retrieve().bodyToMono(String.class);
            assertThatThrownBy(() -> got.block(PATIENCE))
                    .isInstanceOf(WebClientRequestException.class)
                    .cause()
                    .isNotInstanceOf(io.clusterset.discovery.model.DiscoveryException.class);
        });
    }

    @Test
    void aSwitchTurnsItOffWhileItRuns() {
        shop.with("reactor", client -> {
            assertThat(wait(get(client))).isEqualTo("home");
            shop.discovery.enabled(false);
            assertThatThrownBy(() -> get(client).block(PATIENCE)).isInstanceOf(WebClientRequestException.class);
            assertThat(shop.atHome().succeeded()).isEqualTo(1);
        });
    }

    @Test
    void filtersRunOncePerCall() {
        home.does(request -> Reply.of(503, "busy"));
        AtomicInteger calls = new AtomicInteger();
        WebClientCustomizer customizer = builder -> builder.filter((request, next) -> {
            calls.incrementAndGet();
            return next.exchange(request);
        });
        ReactiveShop.with(shop.application().withBean(WebClientCustomizer.class, () -> customizer), client -> {
            assertThat(wait(get(client))).isEqualTo("remote");
            assertThat(calls).hasValue(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aCancelSaysNothingOfTheEndpoint(String connector) {
        home.does(request -> Reply.of(200, "late").late(Duration.ofSeconds(30)));
        shop.with(connector, client -> {
            Disposable asked = get(client).subscribe();
            ReactiveShop.await("the request", () -> home.seen().size() == 1);
            asked.dispose();
            ReactiveShop.await("the report", () -> shop.atHome().abandoned() == 1);
            assertThat(shop.atHome().failedHard() + shop.atHome().failedSoft()).isZero();
            assertThat(remote.seen()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aResponseTimeoutIsAnAttempts(String connector) {
        ReactiveShop.with(
                shop.application(
                        "spring.http.clients.reactive.connector=" + connector,
                        "spring.http.clients.read-timeout=3s"), // remote's too
                client -> {
                    assertThat(wait(get(client))).isEqualTo("home"); // to the JDK, connecting is part of reading
                    home.does(request -> Reply.of(200, "late").late(Duration.ofSeconds(30)));
                    assertThat(wait(get(client))).isEqualTo("remote");
                    assertThat(shop.atHome().failedSoft()).isEqualTo(1);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aBlackHoleIsLeftBeforeTheUsersTimeouts(String connector) {
        try (FakeEndpoint hole = FakeEndpoint.start("hole", "127.0.0.3", 0);
                FakeEndpoint other = FakeEndpoint.start("other", "127.0.0.4", hole.port())) {
            shop.dns.service("orders.shop.svc.cluster.local", "127.0.0.3");
            shop.dns.service("orders.shop.svc.clusterset.local", "127.0.0.4");
            hole.blackHole();
            ReactiveShop.with(
                    shop.application(
                            "spring.http.clients.reactive.connector=" + connector,
                            "spring.http.clients.connect-timeout=30s"),
                    client -> {
                        Mono<String> posted = client.post()
                                .uri(ReactiveShop.url(hole.port(), "/"))
                                .bodyValue("one")
                                .retrieve()
                                .bodyToMono(String.class);
                        assertThat(posted.block(Duration.ofSeconds(8))).isEqualTo("other");
                        assertThat(shop.atHome().failedHard()).isEqualTo(1);
                        assertThat(other.requests()).isEqualTo(1);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aRelativeRedirectStays(String connector) {
        home.does(request -> request.path().equals("/new")
                ? Reply.of(200, "new at " + request.host())
                : Reply.of(302, "").header("Location", "/new"));
        shop.with(connector, client -> {
            assertThat(wait(get(client))).isEqualTo("new at orders.shop:" + home.port());
            assertThat(shop.atHome().succeeded()).isPositive();
        });
    }

    @Test
    void aRedirectElsewhereGoesThere() {
        try (ReactivePod somebody = ReactivePod.start("somebody", "127.0.0.9", 0)) {
            home.does(
                    request -> Reply.of(302, "").header("Location", "http://127.0.0.9:" + somebody.port() + "/there"));
            shop.with("reactor", client -> {
                assertThat(wait(get(client))).isEqualTo("somebody");
                assertThat(somebody.seen().get(0).host()).isEqualTo("127.0.0.9:" + somebody.port());
                somebody.does(request -> Reply.of(503, "busy"));
                assertThatThrownBy(() -> get(client).block(PATIENCE))
                        .isInstanceOf(WebClientResponseException.ServiceUnavailable.class);
                assertThat(shop.atHome().succeeded()).isEqualTo(2); // it did its work
            });
        }
    }

    @Test
    void aRedirectToAnotherNameIsNotPinned() {
        home.does(request -> request.path().equals("/list")
                ? Reply.of(302, "").header("Location", "http://localhost:" + home.port() + "/there")
                : Reply.of(200, request.host()));
        shop.with("reactor", client -> {
            assertThat(wait(get(client))).isEqualTo("localhost:" + home.port());
        });
    }

    /** Its client keeps all headers; with the name's Host, somebody else would be asked for ours. */
    @Test
    void withTheJdkARedirectElsewhereHasItsOwnHost() {
        try (ReactivePod somebody = ReactivePod.start("somebody", "127.0.0.9", 0)) {
            home.does(
                    request -> Reply.of(302, "").header("Location", "http://127.0.0.9:" + somebody.port() + "/there"));
            shop.with("jdk", client -> {
                Mono<String> got = client.get()
                        .uri(url("/list"))
                        .cookie("session", "secret")
                        .retrieve()
                        .bodyToMono(String.class);
                assertThat(wait(got)).isEqualTo("somebody");
                assertThat(home.seen().get(0).cookie()).isEqualTo("session=secret");
                assertThat(somebody.seen().get(0).host()).isEqualTo("127.0.0.9:" + somebody.port());
                assertThat(somebody.seen().get(0).cookie()).isEqualTo("null");
            });
        }
    }

    @Test
    void theContextReachesTheClientAndItsHooks() {
        shop.with("reactor", client -> {
            List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
            Mono<String> got = client.mutate()
                    .filter((request, next) -> Mono.deferContextual(context -> {
                        seen.add(context.get("who"));
                        return next.exchange(request);
                    }))
                    .build()
                    .get()
                    .uri(url("/list"))
                    .httpRequest(request -> assertThat(request.getMethod()).isEqualTo(HttpMethod.GET))
                    .retrieve()
                    .bodyToMono(String.class)
                    .contextWrite(context -> context.put("who", "me"));
            assertThat(wait(got)).isEqualTo("home");
            assertThat(seen).containsExactly("me");
        });
    }
}
