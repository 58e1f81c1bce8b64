package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.spring.actuate.Application.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Health and the endpoint through a real port, of a servlet container and of a reactive one. */
class OverHttpTest {

    private static final String DRILL = "management.endpoint.discovery.drill=true";

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    private Application run(WebApplicationType type, String... properties) {
        return Application.run(type, shop.discovery, properties);
    }

    private static JsonNode ordersIn(Reply reply) {
        return reply.json()
                .path("components")
                .path("clusterset")
                .path("details")
                .path("services");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void healthIsUpWhileHomeIsDeadAndTellsWhichTierServes(WebApplicationType type) throws IOException {
        try (Application app = run(type)) {
            assertThat(shop.call()).isEqualTo("home");
            Reply well = app.get("/actuator/health");
            assertThat(ordersIn(well).path(shop.orders()).path("serves").asString())
                    .isEqualTo("local");
            assertThat(ordersIn(well).path(shop.orders()).path("away").asBoolean())
                    .isFalse();

            shop.killHome();
            Shop.await(
                    "clusterset serves",
                    () -> "clusterset"
                            .equals(ordersIn(app.get("/actuator/health"))
                                    .path(shop.orders())
                                    .path("serves")
                                    .asString()));

            Reply sick = app.get("/actuator/health");
            assertThat(sick.status()).isEqualTo(200);
            assertThat(sick.json().path("status").asString()).isEqualTo("UP");
            JsonNode ours = sick.json().path("components").path("clusterset");
            assertThat(ours.path("status").asString()).isEqualTo("UP");
            assertThat(ours.path("details").path("inTrouble").asInt()).isEqualTo(1);
            JsonNode orders = ordersIn(sick).path(shop.orders());
            assertThat(orders.path("away").asBoolean()).isTrue();
            assertThat(orders.path("awaySeconds").asDouble()).isPositive();
            assertThat(orders.path("tiers").path("local").path("load").asInt()).isZero();
            assertThat(orders.path("tiers").path("local").path("known").asInt()).isEqualTo(1);
            assertThat(orders.path("tiers").path("local").path("healthy").asInt())
                    .isZero();
            assertThat(orders.path("tiers").path("clusterset").path("load").asInt())
                    .isEqualTo(100);
        }
    }

    @Test
    void theListSaysWhatIsInUseAndWhatIsOnlyConfigured() throws IOException {
        try (Shop configured = new Shop(building -> building.settings(Settings.none()
                        .withProperties(Map.of("discovery.services[billing.shop].port", "http"), "a file")));
                Application app = Application.run(WebApplicationType.SERVLET, configured.discovery)) {
            configured.call();
            JsonNode list = app.get("/actuator/discovery").json();
            assertThat(list.path("enabled").asBoolean()).isTrue();
            assertThat(list.path("services")).hasSize(1);
            assertThat(list.at("/services/0/name").asString()).isEqualTo(configured.orders());
            assertThat(list.at("/services/0/tiers/local/load").asInt()).isEqualTo(100);
            assertThat(list.at("/services/0/tiers/local/known").asInt()).isEqualTo(1);
            assertThat(list.at("/services/0/tiers/local/healthy").asInt()).isEqualTo(1);
            assertThat(list.path("configured").valueStream().map(JsonNode::asString))
                    .containsExactly("billing.shop");
            assertThat(list.path("drills")).isEmpty();
            assertThat(list.path("settings")
                            .valueStream()
                            .filter(setting -> setting.path("key").asString().equals("discovery.dns.nameservers")))
                    .singleElement()
                    .satisfies(setting ->
                            assertThat(setting.path("origin").asString()).isEqualTo("builder"));
        }
    }

    @Test
    void theListBeginsToUseNoService() {
        try (Application app = run(WebApplicationType.SERVLET)) {
            assertThat(app.get("/actuator/discovery").json().path("services")).isEmpty();
            assertThat(shop.discovery.figures().services()).isEmpty();
            assertThat(shop.dns.questions()).isEmpty();
            app.get("/actuator/health");
            assertThat(shop.dns.questions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void oneServiceIsExplainedAsTheCommandDoes(WebApplicationType type) throws IOException {
        try (Application app = run(type)) {
            shop.call();
            Reply reply = app.get("/actuator/discovery/" + shop.orders());
            assertThat(reply.status()).isEqualTo(200);
            JsonNode document = reply.json();
            JsonNode own = new JsonMapper()
                    .valueToTree(shop.discovery.service(shop.orders()).explain().document());
            assertThat(document.propertyNames())
                    .containsExactlyElementsOf(Stream.concat(own.propertyNames().stream(), Stream.of("text"))
                            .toList());
            assertThat(document.at("/tiers/0").propertyNames())
                    .containsExactlyElementsOf(own.at("/tiers/0").propertyNames());
            assertThat(document.path("service").asString()).isEqualTo("orders");
            assertThat(document.path("namespace").asString()).isEqualTo("shop");
            assertThat(document.path("port").asInt()).isEqualTo(shop.home.port());
            assertThat(document.at("/load/local").asInt()).isEqualTo(100);
            assertThat(document.path("text").asString()).startsWith("orders.shop:");
        }
    }

    @Test
    void aNameWithoutPortMeansTheOneInUse() throws IOException {
        try (Application app = run(WebApplicationType.SERVLET)) {
            shop.call();
            assertThat(app.get("/actuator/discovery/orders.shop")
                            .json()
                            .path("port")
                            .asInt())
                    .isEqualTo(shop.home.port());
            assertThat(shop.discovery.figures().services()).hasSize(1);

            shop.discovery.service("orders.shop:9").endpoints();
            Reply several = app.get("/actuator/discovery/orders.shop");
            assertThat(several.status()).isEqualTo(404);
            assertThat(several.error())
                    .startsWith("orders.shop: in use with several ports (expected: ")
                    .contains("orders.shop:9", shop.orders());
        }
    }

    @Test
    void aServiceNotInUseIsLookedUp() {
        try (Application app = run(WebApplicationType.SERVLET)) {
            assertThat(app.get("/actuator/discovery/orders.shop.svc.cluster.local")
                            .status())
                    .isEqualTo(200);
            assertThat(shop.discovery.figures().services()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aNameNobodyKnowsIsNotFoundAndSaysWhoWasAsked(WebApplicationType type) {
        try (Application app = run(type)) {
            Reply reply = app.get("/actuator/discovery/nobody.shop");
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.error()).startsWith("nobody.shop: ");
            assertThat(reply.json().path("tiers")).hasSize(2);
            assertThat(reply.json().at("/tiers/0/outcome").asString()).isEqualTo("no-such-name");
        }
    }

    @Test
    void whatIsNoNameIsNotFoundAndSaysWhatWasExpected() {
        try (Application app = run(WebApplicationType.SERVLET)) {
            for (String name : List.of("or_ders.shop", "orders.shop:99999", "-.shop", "a..b")) {
                Reply reply = app.get("/actuator/discovery/" + name);
                assertThat(reply.status()).as(name).isEqualTo(404);
                assertThat(reply.error()).as(name).contains("expected");
            }
            assertThat(shop.discovery.figures().services()).isEmpty();
        }
    }

    @Test
    void thePastIsExplained() throws IOException {
        try (Application app = run(WebApplicationType.SERVLET)) {
            shop.call();
            String path = "/actuator/discovery/" + shop.orders();
            assertThat(app.get(path + "?ago=10m").json().path("text").asString())
                    .contains("nothing is remembered of ");
            assertThat(app.get(path + "?ago=0s").status()).isEqualTo(200);
            Reply malformed = app.get(path + "?ago=yesterday");
            assertThat(malformed.status()).isEqualTo(400);
            assertThat(malformed.error())
                    .isEqualTo("ago: 'yesterday' (expected: a duration such as 500ms, 5s, 2m, 1h or PT5S)");
            assertThat(app.get(path + "?ago=PT-5S").error()).isEqualTo("ago: 'PT-5S' (expected: >= 0)");
        }
    }

    @Test
    void noDrillUnlessAllowed() throws IOException {
        try (Application app = run(WebApplicationType.SERVLET)) {
            shop.call();
            Reply begin = app.post("/actuator/discovery", Map.of("tier", "local", "percent", 0, "time", "10m"));
            assertThat(begin.status()).isEqualTo(403);
            assertThat(begin.error()).contains("management.endpoint.discovery.drill=true");
            Reply end = app.delete("/actuator/discovery");
            assertThat(end.status()).isEqualTo(403);
            assertThat(end.error()).contains("management.endpoint.discovery.drill=true");
            assertThat(app.get("/actuator/discovery").json().path("drills")).isEmpty();
            assertThat(shop.call()).isEqualTo("home");
        }
    }

    @Test
    void readOnlyAccessAllowsNoDrillEither() {
        try (Application app =
                run(WebApplicationType.SERVLET, DRILL, "management.endpoint.discovery.access=read-only")) {
            Reply begin = app.post("/actuator/discovery", Map.of("tier", "local", "percent", 0, "time", "10m"));
            assertThat(begin.status()).isEqualTo(405);
            assertThat(app.get("/actuator/discovery").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aDrillMovesTrafficAndIsEnded(WebApplicationType type) throws IOException {
        try (Application app = run(type, DRILL)) {
            shop.call();
            shop.discovery
                    .service(shop.orders())
                    .examine(true)
                    .toCompletableFuture()
                    .join(); // a drill needs another healthy tier
            Reply begun = app.post("/actuator/discovery", Map.of("tier", "local", "percent", 0, "time", "10m"));
            assertThat(begun.status()).isEqualTo(200);
            assertThat(begun.json().path("tier").asString()).isEqualTo("local");
            assertThat(begun.json().path("percent").asInt()).isZero();
            assertThat(begun.json().path("endsInSeconds").asDouble()).isBetween(590.0, 600.0);
            Shop.await("traffic moves", () -> "remote".equals(called()));

            JsonNode list = app.get("/actuator/discovery").json();
            assertThat(list.at("/drills/0/tier").asString()).isEqualTo("local");
            assertThat(list.at("/services/0/serves").asString()).isEqualTo("clusterset");
            assertThat(app.get("/actuator/discovery/" + shop.orders())
                            .json()
                            .path("text")
                            .asString())
                    .contains("drill: forced to 0 %");

            assertThat(app.delete("/actuator/discovery?tier=clusterset").json().path("ended"))
                    .isEmpty();
            assertThat(app.delete("/actuator/discovery?tier=local")
                            .json()
                            .at("/ended/0")
                            .asString())
                    .isEqualTo("local");
            Shop.await(
                    "the drill is over",
                    () -> !app.get("/actuator/discovery/" + shop.orders())
                            .json()
                            .path("next")
                            .toString()
                            .contains("its drill ends"));
            assertThat(app.get("/actuator/discovery").json().path("drills")).isEmpty();
        }
    }

    private String called() {
        try {
            return shop.call();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aDrillOutOfBoundsIsRefused() {
        Map<Map<String, Object>, String> refusals = Map.of(
                Map.of("tier", "home", "percent", 0, "time", "10m"),
                "drill: tier 'home' (expected: local, clusterset)",
                Map.of("tier", "local", "percent", 101, "time", "10m"),
                "drill: 101 % (expected: 0 to 100)",
                Map.of("tier", "local", "percent", "half", "time", "10m"),
                "percent: 'half' (expected: 0 to 100)",
                Map.of("tier", "local", "percent", 0, "time", "25h"),
                "drill: 25h (expected: 1s to 24h)",
                Map.of("tier", "local", "percent", 0, "time", "long"),
                "time: 'long' (expected: a duration such as 500ms, 5s, 2m, 1h or PT5S)",
                Map.of("tier", "local"),
                "drill: no percent, no time (expected: such as {\"tier\": \"local\", \"percent\": 0, \"time\": \"10m\"})");
        try (Application app = run(WebApplicationType.SERVLET, DRILL)) {
            refusals.forEach((body, message) -> {
                Reply reply = app.post("/actuator/discovery", body);
                assertThat(reply.error()).isEqualTo(message);
                assertThat(reply.status()).as(message).isEqualTo(400);
            });
            assertThat(app.post("/actuator/discovery", Map.of()).status()).isEqualTo(400);
            assertThat(app.get("/actuator/discovery").json().path("drills")).isEmpty();
        }
    }

    @Test
    void aClosedDiscoveryIsUnavailable() throws IOException {
        try (Application app = run(WebApplicationType.SERVLET, DRILL)) {
            shop.call();
            shop.discovery.close();
            assertThat(app.get("/actuator/discovery/" + shop.orders()).status()).isEqualTo(503);
            assertThat(app.get("/actuator/discovery/" + shop.orders()).error())
                    .isEqualTo(shop.orders() + ": the discovery was closed");
            assertThat(app.get("/actuator/discovery/other.shop").status()).isEqualTo(503);
            assertThat(app.post("/actuator/discovery", Map.of("tier", "local", "percent", 0, "time", "10m"))
                            .status())
                    .isEqualTo(503);
            assertThat(app.get("/actuator/discovery").status()).isEqualTo(200);
            assertThat(app.get("/actuator/health").json().path("status").asString())
                    .isEqualTo("UP");
        }
    }

    @Test
    void metricsAreThereAfterACall() throws IOException {
        try (Application app = run(WebApplicationType.SERVLET)) {
            shop.call();
            Shop.await(
                    "scraped",
                    () -> Objects.requireNonNull(app.get("/actuator/prometheus").body())
                            .contains("discovery_picks_total{name=\"" + shop.orders() + "\",tier=\"local\"} 1"));
            assertThat(app.get("/actuator/prometheus").body())
                    .contains(
                            "discovery_enabled 1", "discovery_load{name=\"" + shop.orders() + "\",tier=\"local\"} 100");
            assertThat(app.get("/actuator/metrics/discovery.picks")
                            .json()
                            .at("/measurements/0/value")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void whoWaitsForAFirstAnswerHoldsUpNoEventLoop() {
        shop.dns.silence();
        try (Application app = run(WebApplicationType.REACTIVE)) {
            CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(
                    () -> app.get("/actuator/discovery/silent.shop"), each -> new Thread(each).start());
            Shop.await("it waits", () -> explaining().isPresent() || waiting.isDone());
            assertThat(explaining()).hasValueSatisfying(name -> assertThat(name).startsWith("boundedElastic"));
            assertThat(waiting.join().status()).isEqualTo(200);
            assertThat(waiting.join().error()).startsWith("silent.shop: could not be resolved");
        }
    }

    /** The thread that asks why. */
    private static Optional<String> explaining() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(DiscoveryEndpoint.class.getName())))
                .map(thread -> thread.getKey().getName())
                .findFirst();
    }
}
