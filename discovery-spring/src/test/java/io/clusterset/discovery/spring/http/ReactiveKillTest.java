package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Home dies under load, and comes back. */
class ReactiveKillTest {

    private static final int CALLERS = 8;

    private final ReactiveShop shop = new ReactiveShop();
    private final FakeEndpoint home = FakeEndpoint.start("home", ReactiveShop.HOME, 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote", ReactiveShop.REMOTE, home.port());
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    /** Who answered; {@code then} happens when a quarter of the calls are under way. */
    private List<String> calls(WebClient client, int count, Runnable then) {
        Mono<String> get = client.get()
                .uri(ReactiveShop.url(home.port(), "/list"))
                .retrieve()
                .bodyToMono(String.class)
                .onErrorResume(thrown -> {
                    failures.add(thrown);
                    return Mono.empty();
                });
        List<String> names = Flux.range(0, count)
                .flatMap(
                        i -> {
                            if (i == count / 4) {
                                then.run();
                            }
                            return get;
                        },
                        CALLERS)
                .collectList()
                .block(Duration.ofSeconds(60));
        return names == null ? List.of() : names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void noGetFails(String connector) {
        shop.with(connector, client -> {
            assertThat(calls(client, 200, () -> {})).hasSize(200).containsOnly("home");
            assertThat(home.connections()).isLessThanOrEqualTo(2 * CALLERS);
            assertThat(calls(client, 400, home::refuse)).hasSize(400).contains("home", "remote");
            assertThat(failures).isEmpty();
            assertThat(calls(client, 200, () -> {})).hasSize(200).containsOnly("remote");
            assertThat(calls(client, 200, home::restore)).hasSize(200);
            assertThat(failures).isEmpty();
            assertThat(remote.connections()).isLessThanOrEqualTo(3 * CALLERS);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reactor", "jdk"})
    void aBlackHoleCostsTime(String connector) {
        ReactiveShop.with(
                shop.application(
                        "spring.http.clients.reactive.connector=" + connector,
                        "spring.http.clients.read-timeout=3s"), // remote's too
                client -> {
                    assertThat(calls(client, 200, () -> {})).containsOnly("home");
                    assertThat(calls(client, 400, home::blackHole)).hasSize(400);
                    assertThat(failures).isEmpty();
                    assertThat(calls(client, 100, () -> {})).hasSize(100).containsOnly("remote");
                });
    }
}
