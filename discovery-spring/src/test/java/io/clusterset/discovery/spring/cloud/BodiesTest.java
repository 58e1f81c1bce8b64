package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What becomes of the body of a balanced {@code WebClient} when an endpoint, or the body itself, fails half way. */
class BodiesTest {

    private static final String CHUNK = "x".repeat(8_192);

    private final TwoClusters clusters = new TwoClusters();
    private final ConfigurableApplicationContext context = App.start(clusters.discovery);
    private final WebClient client = context.getBean(WebClient.Builder.class).build();

    @BeforeEach
    void oneAtHome() {
        clusters.dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
    }

    @AfterEach
    void close() {
        context.close();
        clusters.close();
    }

    private WebClient.RequestBodySpec put() {
        return client.put().uri("http://orders.shop/x");
    }

    private static String sent(WebClient.RequestHeadersSpec<?> request) {
        return String.valueOf(request.retrieve().bodyToMono(String.class).block());
    }

    /** Who subscribes again gets the rest of it. */
    private static Flux<String> oneShot() {
        Iterator<String> left = IntStream.range(0, 2_000).mapToObj(i -> CHUNK).iterator();
        return Flux.fromIterable(() -> left);
    }

    @Test
    void aStreamThatWasBegunIsNotSentAgain() throws IOException {
        clusters.home.kill();
        try (Resetting home = new Resetting(clusters.home.port())) {
            assertThatThrownBy(() -> sent(put().body(oneShot(), String.class)))
                    .hasRootCauseInstanceOf(IOException.class);
            assertThat(home.met.get()).isPositive();
            assertThat(clusters.remote.count()).isZero();
            assertThat(clusters.attempts("local").failedHard()).isEqualTo(1);
            assertThat(clusters.attempts("clusterset").picked()).isZero();
        }
    }

    @Test
    void aStreamThatWasNotBegunGoesElsewhere() {
        clusters.home.kill();
        assertThat(sent(put().body(oneShot(), String.class))).isEqualTo("remote");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatIsOneValueIsSentAgain(boolean mono) throws IOException {
        clusters.home.kill();
        String large = CHUNK.repeat(2_000);
        try (Resetting home = new Resetting(clusters.home.port())) {
            assertThat(sent(mono ? put().body(Mono.just(large), String.class) : put().bodyValue(large)))
                    .isEqualTo("remote");
            assertThat(home.met.get()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodysOwnFailureIsNotTheEndpoints(boolean mono) {
        AtomicInteger asked = new AtomicInteger();
        Mono<String> unreadable = Mono.defer(() -> {
            asked.incrementAndGet();
            return Mono.error(new IOException("disk: connection reset by peer"));
        });
        assertThatThrownBy(() -> sent(
                        put().body(mono ? unreadable : Flux.just(CHUNK, CHUNK).concatWith(unreadable), String.class)))
                .hasRootCauseMessage("disk: connection reset by peer");
        assertThat(asked).hasValue(1);
        assertThat(clusters.attempts("local").failedOtherwise()).isEqualTo(1);
        assertThat(clusters.attempts("local").failedHard()).isZero();
        assertThat(clusters.attempts("clusterset").picked()).isZero();
    }

    @Test
    void thatHoldsWithoutRepeatsToo() {
        try (ConfigurableApplicationContext once = App.start(
                clusters.discovery, "spring.cloud.loadbalancer.retry.max-retries-on-next-service-instance=0")) {
            WebClient.RequestHeadersSpec<?> request = once.getBean(WebClient.Builder.class)
                    .build()
                    .put()
                    .uri("http://orders.shop/x")
                    .body(Flux.error(new IOException("disk")), String.class);
            assertThatThrownBy(() -> sent(request)).hasRootCauseMessage("disk");
            assertThat(clusters.attempts("local").failedOtherwise()).isEqualTo(1);
            assertThat(clusters.attempts("local").failedSoft()).isZero();
        }
    }

    /** An endpoint that reads a little and resets the connection. */
    private static final class Resetting implements AutoCloseable {
        final AtomicInteger met = new AtomicInteger();
        private final ServerSocket socket = new ServerSocket();

        Resetting(int port) throws IOException {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Thread thread = new Thread(this::serve, "resetting");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket caller = socket.accept()) {
                    InputStream in = caller.getInputStream();
                    if (in.readNBytes(100_000).length > 0) { // and not a probe
                        met.incrementAndGet();
                    }
                    caller.setSoLinger(true, 0);
                } catch (IOException closed) {
                    // by the test, or the caller
                }
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
