package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.observe.Figures;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** What is so with every client. */
class ClientsTest {

    private final Shop shop = new Shop();
    private final Pod home = new Pod("home", Shop.HOME, 0, null);
    private final Pod remote = new Pod("remote", Shop.REMOTE, home.port(), null);
    private final String base = "http://" + Shop.HOST + ":" + home.port();

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    private String get(RestClient client, String path) {
        return String.valueOf(
                client.get().uri(URI.create(base + path)).retrieve().body(String.class));
    }

    private String post(RestClient client, Object body) {
        return String.valueOf(
                client.post().uri(base + "/x").body(body).retrieve().body(String.class));
    }

    @ParameterizedTest
    @EnumSource
    void theNameInTheUrlReachesHomeWhichSeesTheName(Shop.Client kind) {
        shop.calling(kind, client -> {
            assertThat(get(client, "/a%20b?q=%C3%A4")).isEqualTo("home");
            assertThat(post(client, "text")).isEqualTo("home");
        });
        String host = kind.keepsHost() ? Shop.HOST + ":" + home.port() : Shop.HOME + ":" + home.port();
        assertThat(home.seen())
                .containsExactly(
                        new Pod.Seen("GET", "/a%20b?q=%C3%A4", host, null, ""),
                        new Pod.Seen("POST", "/x", host, null, "text"));
        assertThat(shop.attempts("local").succeeded()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aHostThatTheUserSaysStays(Shop.Client kind) {
        shop.calling(
                kind,
                client -> client.get()
                        .uri(base)
                        .header(HttpHeaders.HOST, "virtual.example")
                        .retrieve()
                        .toBodilessEntity());
        assertThat(home.seen().get(0).host())
                .isEqualTo(kind.keepsHost() ? "virtual.example" : Shop.HOME + ":" + home.port());
    }

    @ParameterizedTest
    @EnumSource
    void a503IsLeftForTheNextTierAndCounts(Shop.Client kind) {
        home.fails(503);
        shop.calling(kind, client -> assertThat(get(client, "/list")).isEqualTo("remote"));
        assertThat(home.seen()).hasSize(1);
        assertThat(shop.attempts("local").failedSoft()).isEqualTo(1);
        assertThat(shop.attempts("clusterset").succeeded()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theLast503IsHandedOutAsItIs(Shop.Client kind) {
        home.does(request -> new Pod.Said(503, Map.of("Retry-After", "7"), "home is full"));
        remote.does(request -> new Pod.Said(503, Map.of("Retry-After", "8"), "remote is full"));
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> get(client, "/list"))
                        .isInstanceOfSatisfying(HttpServerErrorException.class, e -> {
                            assertThat(e.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
                            assertThat(e.getResponseBodyAsString()).isEqualTo("remote is full");
                            HttpHeaders headers = Objects.requireNonNull(e.getResponseHeaders());
                            assertThat(headers.getFirst(HttpHeaders.RETRY_AFTER))
                                    .isEqualTo("8");
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void aPostIsAnsweredBy503Once(Shop.Client kind) {
        home.fails(503);
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> post(client, "order"))
                        .isInstanceOf(HttpServerErrorException.class)
                        .hasMessageContaining("home says 503"));
        assertThat(home.seen()).hasSize(1);
        assertThat(remote.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aPostThatIsSaidToBeIdempotentGoesOn(Shop.Client kind) {
        home.fails(503);
        shop.calling(
                kind,
                client -> assertThat(client.post()
                                .uri(base)
                                .attribute(Call.class.getName(), Call.idempotent())
                                .body("order")
                                .retrieve()
                                .body(String.class))
                        .isEqualTo("remote"));
        assertThat(remote.seen()).extracting(Pod.Seen::body).containsExactly("order");
    }

    @ParameterizedTest
    @EnumSource
    void aGetThatIsNotGoesNowhereElse(Shop.Client kind) {
        home.fails(503);
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> client.get()
                                .uri(base)
                                .attribute(Call.class.getName(), Call.once())
                                .retrieve()
                                .toBodilessEntity())
                        .isInstanceOf(HttpServerErrorException.class));
        assertThat(remote.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aPutIsRepeatedWithItsBody(Shop.Client kind) {
        home.fails(500);
        shop.calling(
                kind,
                client -> assertThat(
                                client.put().uri(base).body("order").retrieve().body(String.class))
                        .isEqualTo("remote"));
        assertThat(remote.seen()).extracting(Pod.Seen::body).containsExactly("order");
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatCanBeReadOnceIsSentOnce(Shop.Client kind) {
        home.fails(500);
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> client.put()
                                .uri(base)
                                .body(new InputStreamResource(
                                        new ByteArrayInputStream("order".getBytes(StandardCharsets.UTF_8))))
                                .retrieve()
                                .toBodilessEntity())
                        .isInstanceOf(HttpServerErrorException.class));
        assertThat(home.seen()).extracting(Pod.Seen::body).containsExactly("order");
        assertThat(remote.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatBreaksSaysNothingOfTheEndpoint(Shop.Client kind) {
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> client.put()
                                .uri(base)
                                .body((OutputStream out) -> {
                                    throw new IllegalStateException("no order");
                                })
                                .retrieve()
                                .toBodilessEntity())
                        .hasStackTraceContaining("no order"));
        Figures.Attempts attempts = shop.attempts("local");
        assertThat(attempts.abandoned()).as("%s", attempts).isEqualTo(1);
        assertThat(remote.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRelativeRedirectStaysWithTheService(Shop.Client kind) {
        home.does(request -> request.path().equals("/old") ? Pod.Said.redirect("/new") : Pod.Said.ok(request.path()));
        shop.calling(kind, client -> assertThat(get(client, "/old")).isEqualTo("/new"));
        assertThat(home.seen())
                .extracting(Pod.Seen::host)
                .containsOnly(home.seen().get(0).host());
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectToTheNameStaysWithTheService(Shop.Client kind) {
        home.does(request ->
                request.path().equals("/old") ? Pod.Said.redirect(base + "/new") : Pod.Said.ok(request.path()));
        shop.calling(kind, client -> assertThat(get(client, "/old")).isEqualTo("/new"));
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectElsewhereLeadsThere(Shop.Client kind) {
        try (Pod other = new Pod("other", "127.0.0.3", 0, null)) {
            String there = "127.0.0.3:" + other.port();
            home.does(request -> Pod.Said.redirect("http://" + there + "/new"));
            shop.calling(
                    kind,
                    client -> assertThat(client.get()
                                    .uri(base)
                                    .header(HttpHeaders.ACCEPT, "text/plain")
                                    .retrieve()
                                    .body(String.class))
                            .isEqualTo("other"));
            assertThat(other.seen()).containsExactly(new Pod.Seen("GET", "/new", there, null, ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectThatIsNotWantedIsHandedOut(Shop.Client kind) {
        home.does(request -> Pod.Said.redirect("/new"));
        shop.calling(
                kind,
                client -> assertThat(client.get()
                                .uri(base)
                                .retrieve()
                                .toBodilessEntity()
                                .getStatusCode())
                        .isEqualTo(HttpStatus.FOUND),
                "spring.http.clients.redirects=dont-follow");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotOursIsTheClientsOwn(Shop.Client kind) {
        shop.calling(kind, client -> {
            String url = "http://127.0.0.1:" + home.port() + "/x";
            assertThat(client.get().uri(url).retrieve().body(String.class)).isEqualTo("home");
        });
        assertThat(home.seen().get(0).host()).isEqualTo("127.0.0.1:" + home.port());
        assertThat(shop.discovery.figures().services()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnEndpointTheTextSaysWhy(Shop.Client kind) {
        shop.dns.service("orders.shop.svc.cluster.local");
        shop.dns.service("orders.shop.svc.clusterset.local");
        shop.calling(
                kind,
                client -> assertThatThrownBy(() -> get(client, "/"))
                        .isInstanceOf(ResourceAccessException.class)
                        .cause()
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessageContaining("orders.shop:" + home.port())
                        .hasMessageContaining("local"));
    }

    @ParameterizedTest
    @EnumSource
    void switchedOffItIsNotThere(Shop.Client kind) {
        shop.calling(kind, client -> {
            assertThat(get(client, "/")).isEqualTo("home");
            shop.discovery.enabled(false);
            assertThatThrownBy(() -> get(client, "/"))
                    .isInstanceOf(ResourceAccessException.class); // no system resolver knows the name
        });
        assertThat(home.seen()).hasSize(1);
    }
}
