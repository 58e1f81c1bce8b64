package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.spring.http.ReactivePod.Reply;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

/** What is thrown away is let go: each endpoint has two connections to be had here, no more. */
class ReactiveLeaksTest {

    private static final long MEGABYTE = 1 << 20;

    private final ReactiveShop shop = new ReactiveShop();
    private final ReactivePod home = ReactivePod.start("home", ReactiveShop.HOME, 0);
    private final ReactivePod remote = ReactivePod.start("remote", ReactiveShop.REMOTE, home.port());
    private final ReactorResourceFactory resources = new ReactorResourceFactory();

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    private ApplicationContextRunner scarce() {
        resources.setUseGlobalResources(false);
        resources.setShutdownQuietPeriod(Duration.ZERO);
        resources.setConnectionProviderSupplier(() -> ConnectionProvider.builder("scarce")
                .maxConnections(2)
                .pendingAcquireTimeout(Duration.ofSeconds(10)) // who leaked one waits for ever
                .build());
        return shop.application().withBean(ReactorResourceFactory.class, () -> resources);
    }

    private void calls(WebClient client, int count, Duration patience) {
        Mono<String> get = client.get()
                .uri(ReactiveShop.url(home.port(), "/list"))
                .retrieve()
                .bodyToMono(String.class)
                .timeout(patience)
                .onErrorReturn("failed");
        Long done = Flux.range(0, count).flatMap(i -> get, 2).count().block(Duration.ofSeconds(60));
        assertThat(done).isEqualTo(count);
    }

    private static long used() {
        ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60_000, 300_000})
    void answersOfBusyEndpoints(int length) {
        String body = "x".repeat(length);
        AtomicInteger asked = new AtomicInteger();
        // one in three, so that home is not given up for good
        home.does(request -> asked.incrementAndGet() % 3 == 0 ? Reply.of(503, body) : Reply.of(200, "home"));
        ReactiveShop.with(scarce(), client -> {
            calls(client, 60, Duration.ofSeconds(20));
            long before = used();
            calls(client, 300, Duration.ofSeconds(20));
            assertThat(used() - before).isLessThan(8 * MEGABYTE);
            assertThat(shop.atHome().failedSoft()).isGreaterThan(20);
            assertThat(shop.atHome().failedOtherwise() + shop.atRemote().failedOtherwise())
                    .as("waits for a connection in vain")
                    .isZero();
        });
    }

    @Test
    void callsThatAreCancelled() {
        AtomicInteger asked = new AtomicInteger();
        home.does(request -> asked.incrementAndGet() % 2 == 0
                ? Reply.of(200, "late").late(Duration.ofMillis(60))
                : Reply.of(200, "home"));
        remote.does(home.answers());
        ReactiveShop.with(scarce(), client -> {
            calls(client, 200, Duration.ofMillis(30));
            home.does(request -> Reply.of(200, "home"));
            remote.does(request -> Reply.of(200, "remote"));
            Mono<String> get = client.get()
                    .uri(ReactiveShop.url(home.port(), "/list"))
                    .retrieve()
                    .bodyToMono(String.class);
            assertThat(Flux.range(0, 50).flatMap(i -> get, 2).count().block(Duration.ofSeconds(20)))
                    .isEqualTo(50);
            assertThat(shop.atHome().abandoned() + shop.atRemote().abandoned()).isPositive();
        });
    }

    /** A response whose head is there and whose body nobody reads. */
    @Test
    void answersThatNobodyReads() {
        ReactiveShop.with(scarce(), client -> {
            for (int i = 0; i < 20; i++) {
                Mono<Integer> head = client.get()
                        .uri(ReactiveShop.url(home.port(), "/list"))
                        .exchangeToMono(
                                response -> Mono.just(response.statusCode().value()));
                assertThat(head.block(Duration.ofSeconds(20))).isEqualTo(200);
            }
        });
    }

    @Test
    void theUsersCustomizerIsKept() {
        AtomicInteger customized = new AtomicInteger();
        ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> users =
                builder -> builder.withHttpClientCustomizer(client -> {
                    customized.incrementAndGet();
                    return client.headers(headers -> headers.set("X-Mine", "yes"))
                            .doOnRequest((request, connection) -> customized.addAndGet(10));
                });
        ReactiveShop.with(scarce().withBean(ClientHttpConnectorBuilderCustomizer.class, () -> users), client -> {
            calls(client, 4, Duration.ofSeconds(20));
            assertThat(customized).hasValue(41); // once, and once per request
        });
    }
}
