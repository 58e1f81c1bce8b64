package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.page.DiscoveryPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.json.JsonMapper;

/** The page through a real port, of a servlet container and of a reactive one. */
class PageOverHttpTest {

    private static final String PAGE = "/actuator/discoverypage";
    private static final JsonMapper JSON = new JsonMapper();

    /** There are two reactive ones on the tests' class path, and each wants to be the actuator's. */
    private static final String ONE_OF_TWO_CONTAINERS =
            "org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
                    + ".TomcatReactiveManagementContextAutoConfiguration";

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    private static HttpResponse<String> get(URI uri) throws IOException {
        return Shop.send(HttpRequest.newBuilder(uri).header("Accept", "text/html,*/*;q=0.8"));
    }

    private static String header(HttpResponse<?> response, String name) {
        List<String> values = response.headers().allValues(name);
        assertThat(values).as(name).hasSizeLessThan(2);
        return String.join("", values);
    }

    /** As a browser does. */
    private static void assertGuarded(HttpResponse<?> response, DiscoveryPage page) {
        assertThat(page.headers()).containsEntry("Content-Security-Policy", page.contentSecurityPolicy());
        page.headers()
                .forEach((name, value) ->
                        assertThat(header(response, name)).as(name).isEqualTo(value));
        assertThat(header(response, "Content-Security-Policy")).startsWith("default-src 'none'");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void thePageComesWithItsPolicyAndItsDocumentsLieBelowIt(WebApplicationType type) throws IOException {
        try (Application app = Application.run(type, shop.discovery)) {
            shop.call();
            DiscoveryPage page = app.context.getBean(DiscoveryPage.class);
            HttpResponse<String> html = get(app.uri(PAGE));
            assertThat(html.statusCode()).isEqualTo(200);
            assertThat(header(html, "Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
            assertThat(html.body()).isEqualTo(page.html("discoverypage/")).isNotEqualTo(page.html());
            assertGuarded(html, page);

            HttpResponse<String> overview = get(app.uri(PAGE + "/state"));
            assertThat(overview.statusCode()).isEqualTo(200);
            assertThat(header(overview, "Content-Type")).startsWith("application/json");
            assertThat(JSON.readTree(overview.body()).path("set").propertyNames())
                    .contains("service:" + shop.orders());
            assertGuarded(overview, page);

            HttpResponse<String> service = get(app.uri(PAGE + "/state?service=" + shop.orders()));
            assertThat(service.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(service.body()).path("set").propertyNames())
                    .containsAll(JSON.readTree(page.service(shop.orders()))
                            .path("set")
                            .propertyNames());

            HttpResponse<String> now = get(app.uri(PAGE + "/explain?service=" + shop.orders()));
            assertThat(now.statusCode()).isEqualTo(200);
            assertThat(header(now, "Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
            assertThat(now.body()).startsWith("orders.shop:");
            HttpResponse<String> past = get(app.uri(PAGE + "/explain?service=" + shop.orders() + "&at=-9999999999"));
            assertThat(past.body()).contains("nothing is remembered");

            for (String other : List.of("/actuator/discovery", "/actuator/health", "/actuator")) {
                HttpResponse<String> response = get(app.uri(other));
                assertThat(response.statusCode()).as(other).isEqualTo(200);
                assertThat(header(response, "Content-Security-Policy"))
                        .as(other)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void whatIsNotThereIsNotFoundAndNothingIsWritten(WebApplicationType type) throws IOException {
        try (Application app = Application.run(type, shop.discovery)) {
            for (String document : List.of("/state", "/explain")) {
                HttpResponse<String> service = get(app.uri(PAGE + document + "?service=nobody.shop"));
                assertThat(service.statusCode()).as(document).isEqualTo(404);
                assertThat(header(service, "Content-Type")).startsWith("text/plain");
                assertThat(service.body()).contains("nobody.shop", "is not in use", "expected");
                HttpResponse<String> hostile = get(app.uri(PAGE + document + "?service=%3Cscript%3E"));
                assertThat(hostile.statusCode()).as(document).isEqualTo(404);
                assertThat(header(hostile, "Content-Type")).startsWith("text/plain");
                assertGuarded(service, app.context.getBean(DiscoveryPage.class));
            }
            HttpResponse<String> stream = get(app.uri(PAGE + "/events"));
            assertThat(stream.statusCode()).isEqualTo(404);
            assertThat(stream.body()).isEqualTo("'events': no such document (expected: state or explain)");
            assertThat(get(app.uri(PAGE + "/state/more")).statusCode()).isEqualTo(404);
            assertThat(get(app.uri(PAGE + "/explain?at=yesterday")).statusCode())
                    .isEqualTo(400);
            assertThat(app.delete(PAGE).status()).isEqualTo(405);
            assertThat(app.post(PAGE + "/state", Map.of()).status()).isEqualTo(405);

            assertThat(shop.discovery.figures().services()).isEmpty();
            assertThat(shop.dns.questions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void onAPortAndAPathOfItsOwn(WebApplicationType type) throws IOException {
        try (Application app = Application.run(
                type,
                shop.discovery,
                "spring.autoconfigure.exclude=" + ONE_OF_TWO_CONTAINERS,
                "management.server.port=0",
                "management.server.base-path=/ops",
                "management.endpoints.web.base-path=/",
                "management.endpoints.web.path-mapping.discoverypage=a/look")) {
            DiscoveryPage page = app.context.getBean(DiscoveryPage.class);
            String port = app.context.getEnvironment().getProperty("local.management.port");
            URI uri = URI.create("http://127.0.0.1:" + port + "/ops/a/look");
            HttpResponse<String> html = get(uri);
            assertThat(html.statusCode()).isEqualTo(200);
            assertThat(html.body()).isEqualTo(page.html("look/"));
            assertGuarded(html, page);
            HttpResponse<String> state = get(uri.resolve("look/state"));
            assertThat(state.statusCode()).isEqualTo(200);
            assertGuarded(state, page);
        }
    }

    /** What the actuator takes for the page's path is more than one text, and none of them is without its policy. */
    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void howeverItsPathIsWrittenThePageComesWithItsPolicy(WebApplicationType type) throws IOException {
        try (Application app = Application.run(type, shop.discovery)) {
            DiscoveryPage page = app.context.getBean(DiscoveryPage.class);
            for (String path : List.of(
                    "/actuator/%64iscoverypage",
                    "/%61ctuator/discoverypag%65",
                    "/actuator/discoverypage;v=1",
                    "/actuator;v=1/discoverypage",
                    "/actuator/discoverypage?x=/",
                    "/actuator/%64iscoverypage/%73tate",
                    "/actuator/discoverypage;v=1/state")) {
                HttpResponse<String> response = get(app.uri(path));
                assertThat(response.statusCode()).as(path).isEqualTo(200);
                assertGuarded(response, page);
            }
            for (String path : List.of(
                    "/actuator/discoverypage/",
                    "/actuator/discoverypage/state/",
                    "/actuator/discoverypage/state/more")) {
                HttpResponse<String> response = get(app.uri(path));
                assertThat(response.statusCode()).as(path).isEqualTo(404);
                assertGuarded(response, page);
            }
            for (String path : List.of(
                    "/shop/actuator/discoverypage",
                    "/shop/actuator/discoverypage/state",
                    "/actuator/health/discoverypage",
                    "/actuator/discoverypages",
                    "/actuator%2Fdiscoverypage")) {
                assertThat(header(get(app.uri(path)), "Content-Security-Policy"))
                        .as("not the page's: %s", path)
                        .isEmpty();
            }
        }
    }

    /** Somebody wants to know of one moment after the other, which nobody has looked at, until that has cost all that it may. */
    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void whatMayNotBeLookedAtYetIsSaidToBeAskedForLater(WebApplicationType type) throws IOException {
        List<Endpoint> many = IntStream.range(0, 5_000)
                .mapToObj(i -> Endpoint.parse("10.1." + i / 250 + "." + (1 + i % 250) + ":80"))
                .toList();
        try (Shop large = new Shop(building -> building.service("many.shop", service -> service.staticList(many)));
                Application app = Application.run(type, large.discovery)) {
            assertThat(large.discovery.service("many.shop").endpoints()).hasSize(many.size());
            HttpResponse<String> response = get(app.uri(PAGE + "/explain?service=many.shop"));
            for (int at = 0; response.statusCode() == 200 && at < 10_000; at++) {
                response = get(app.uri(PAGE + "/explain?service=many.shop&at=" + at));
            }
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(header(response, "Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
            assertThat(response.body())
                    .startsWith("explain: not looked at yet: looking may take 2 % of a core")
                    .contains("(expected: asked again in ");
            assertGuarded(response, app.context.getBean(DiscoveryPage.class));
        }
    }

    @Test
    void belowTheDispatcherServletsPath() throws IOException {
        try (Application app =
                Application.run(WebApplicationType.SERVLET, shop.discovery, "spring.mvc.servlet.path=/mvc")) {
            HttpResponse<String> response = get(app.uri("/mvc/actuator/%64iscoverypage"));
            assertThat(response.statusCode()).isEqualTo(200);
            assertGuarded(response, app.context.getBean(DiscoveryPage.class));
        }
    }

    @Test
    void belowWebFluxsBasePath() throws IOException {
        try (Application app =
                Application.run(WebApplicationType.REACTIVE, shop.discovery, "spring.webflux.base-path=/shop")) {
            HttpResponse<String> response = get(app.uri("/shop" + PAGE));
            assertThat(response.statusCode()).isEqualTo(200);
            assertGuarded(response, app.context.getBean(DiscoveryPage.class));
        }
    }

    @Test
    void belowAContextPath() throws IOException {
        try (Application app =
                Application.run(WebApplicationType.SERVLET, shop.discovery, "server.servlet.context-path=/shop")) {
            HttpResponse<String> response = get(app.uri("/shop" + PAGE));
            assertThat(response.statusCode()).isEqualTo(200);
            assertGuarded(response, app.context.getBean(DiscoveryPage.class));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void itIsNotThereUnlessExposed(WebApplicationType type) throws IOException {
        try (Application app =
                Application.run(type, shop.discovery, "management.endpoints.web.exposure.include=health,discovery")) {
            HttpResponse<String> response = get(app.uri(PAGE));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(header(response, "Content-Security-Policy")).isEmpty();
        }
    }
}
