package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Home dies. */
class FaultsTest {

    private static final int CALLERS = 8;

    private final Shop shop = new Shop();
    private final FakeEndpoint home = FakeEndpoint.start("home", Shop.HOME, 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote", Shop.REMOTE, home.port());
    private final String url = "http://" + Shop.HOST + ":" + home.port() + "/list";
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final Queue<RestClientException> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> served = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        callers.shutdownNow();
        shop.close();
        home.close();
        remote.close();
    }

    private String get(RestClient client) {
        return String.valueOf(client.get().uri(url).retrieve().body(String.class));
    }

    private String post(RestClient client) {
        return String.valueOf(client.post().uri(url).body("order").retrieve().body(String.class));
    }

    private Semaphore calls(RestClient client, int count) {
        Semaphore done = new Semaphore(0);
        for (int i = 0; i < count; i++) {
            callers.execute(() -> {
                try {
                    served.merge(get(client), 1, Integer::sum);
                } catch (RestClientException e) {
                    failures.add(e);
                }
                done.release();
            });
        }
        return done;
    }

    @ParameterizedTest
    @EnumSource
    void noGetFailsWhenHomeIsKilledUnderLoad(Shop.Client kind) {
        shop.calling(kind, client -> {
            Semaphore done = calls(client, 600);
            done.acquireUninterruptibly(200);
            home.refuse();
            done.acquireUninterruptibly(400);
            assertThat(failures).isEmpty();
            served.clear();
            calls(client, 100).acquireUninterruptibly(100);
            assertThat(failures).isEmpty();
            assertThat(served).containsOnlyKeys("remote");
        });
        assertThat(explanation()).contains("connection refused");
    }

    /** Over a new connection: of a pooled one that is reset nobody knows what was sent. */
    @ParameterizedTest
    @EnumSource
    void aPostThatIsRefusedSurvives(Shop.Client kind) {
        home.refuse();
        shop.calling(kind, client -> assertThat(post(client)).isEqualTo("remote"));
        assertThat(remote.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aPostThatWasSentIsNotRepeated(Shop.Client kind) {
        home.resetOnRequest();
        shop.calling(
                kind, client -> assertThatThrownBy(() -> post(client)).isInstanceOf(ResourceAccessException.class));
        assertThat(remote.requests()).isZero();
        assertThat(home.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aBlackHoleIsLeftWithinASecond(Shop.Client kind) {
        home.blackHole();
        shop.calling(kind, client -> {
            long began = System.nanoTime(); // once the application has started
            assertThat(get(client)).isEqualTo("remote");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aSilentEndpointCostsTheReadTimeoutOnce(Shop.Client kind) {
        shop.calling(kind, client -> assertThat(get(client)).isEqualTo("home")); // loads it, however long that takes
        home.hang();
        shop.calling(
                kind, client -> assertThat(get(client)).isEqualTo("remote"), "spring.http.clients.read-timeout=2s");
        assertThat(shop.attempts("local").failedSoft()).isEqualTo(1);
    }

    /**
     * Each client says it in its own words; were they read as an answer, only the twentieth failure would tell. A POST, which asks home alone:
     * remote need not answer within a time that is shorter than an attempt may be open.
     */
    @ParameterizedTest
    @EnumSource
    void readTimeoutsAddUpToASilentEndpoint(Shop.Client kind) {
        home.hang();
        shop.calling(
                kind,
                client -> {
                    for (int i = 0; i < 15 && !explanation().contains("none succeeded since"); i++) {
                        assertThat(posted(client)).isIn("nobody in time", "remote");
                    }
                    assertThat(explanation()).contains("none succeeded since");
                },
                "spring.http.clients.read-timeout=300ms");
    }

    private String posted(RestClient client) {
        try {
            return post(client);
        } catch (ResourceAccessException late) {
            return "nobody in time";
        }
    }

    private String explanation() {
        return shop.discovery.service(Shop.HOST + ":" + home.port()).explain().toString();
    }

    @ParameterizedTest
    @EnumSource
    void theLastFailureIsTheClientsOwn(Shop.Client kind) {
        home.refuse();
        remote.refuse();
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> get(client))
                        .isInstanceOfSatisfying(ResourceAccessException.class, e -> {
                            Throwable last = Objects.requireNonNull(e.getCause());
                            assertThat(last).isInstanceOf(IOException.class);
                            assertThat(last.getSuppressed())
                                    .extracting(Throwable::getMessage)
                                    .last()
                                    .asString()
                                    .contains("3 attempts failed", "connection refused");
                        }));
    }
}
