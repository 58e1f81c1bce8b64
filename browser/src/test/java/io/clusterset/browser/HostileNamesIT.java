package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Names that want to be more than names: of services, zones, clusters, and in reasons. The library lets none of these through that it
 * can refuse or escape, but the page must not rely on that, nor on who serves it.
 */
class HostileNamesIT {

    private static final String SCRIPT = "<script>window.hacked=1</script>";
    private static final String IMAGE = "<img src=x onerror=window.hacked=2>";
    private static final String QUOTES = "\"' onfocus='window.hacked=3' autofocus x=\"`${window.hacked=4}";
    private static final String LINK = "javascript:window.hacked=5";
    private static final String TURNED = "\u202Ednammoc\u202D\u0000\u2028";
    private static final String LONG = "n".repeat(3000);
    private static final List<String> HOSTILE =
            List.of(SCRIPT, IMAGE, QUOTES, LINK, TURNED, LONG, "__proto__", "</style>");

    /** Texts of the true documents, each of which is visible in a service's view. */
    private static final List<String> PLACES = List.of(ORDERS, "eu-west-a", "eu-north-b", "NOERROR", "3 of 3 healthy");

    private final Chromium chromium = Chromium.shared();
    private final TwoClusters clusters = new TwoClusters().calling(ORDERS);

    @AfterEach
    void close() {
        clusters.close();
    }

    private static String json(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .forEach(c -> escaped.append(
                        c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : Character.toString(c)));
        return escaped.toString();
    }

    /** Names are put where the true ones were, from this one of them on. */
    private static String hostile(String document, int from) {
        String changed = document;
        for (int i = 0; i < PLACES.size(); i++) {
            changed = changed.replace(PLACES.get(i), json(HOSTILE.get((from + i) % HOSTILE.size())));
        }
        return changed;
    }

    @Test
    void theyAreShownAndNothingElse() {
        clusters.awaitServing("local");
        for (int from = 0; from < HOSTILE.size(); from += PLACES.size() / 2) {
            int first = from;
            try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), document -> hostile(document, first));
                    Tab overview = chromium.tab().size(360, 800);
                    Tab service = chromium.tab().size(360, 800)) {
                server.cut(true); // so that it asks for documents
                overview.open(server.uri(""));
                service.open(server.uri("#/service/" + encoded(HOSTILE.get(first))));
                overview.awaitText("the overview", Tab.PATIENCE, text -> text.contains("in use, and all is well"));
                service.awaitText("the service", Tab.PATIENCE, text -> text.contains("127.0.1.1:"));
                assertThat(shown(overview)).contains(visible(HOSTILE.get(first)));
                for (int i = 0; i < PLACES.size(); i++) {
                    assertThat(shown(service))
                            .as("what stands for %s", PLACES.get(i))
                            .contains(visible(HOSTILE.get((first + i) % HOSTILE.size())));
                }
                assertInert(overview, server);
                assertInert(service, server);
                service.click(service.all("button").stream()
                        .filter(button -> button.name().startsWith("127.0.1.1:"))
                        .findFirst()
                        .orElseThrow());
                service.awaitText(
                        "the explanation", Tab.PATIENCE, text -> text.contains("orders.shop.svc.cluster.local"));
                assertInert(service, server);
            }
        }
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String shown(Tab tab) {
        return visible(tab.text());
    }

    /** Blanks are as HTML has them. */
    private static String visible(String text) {
        return text.replaceAll("[\\s\\u0000\\uFFFD\\u2028]+", " ").strip();
    }

    private static void assertInert(Tab tab, OwnServer server) {
        assertThat(tab.evaluate("window.hacked === undefined && ({}).polluted === undefined")
                        .truth())
                .as("nothing has run")
                .isTrue();
        assertThat(tab.evaluate("document.querySelectorAll('script, style').length")
                        .number())
                .as("the page's own script and style")
                .isEqualTo(2);
        assertThat(tab.evaluate(
                                "document.querySelectorAll('img, iframe, object, embed, [onfocus], [onerror], a[href^=j]').length")
                        .number())
                .isZero();
        assertThat(tab.evaluate("document.documentElement.scrollWidth - innerWidth")
                        .number())
                .as("pixels that are wider than a telephone")
                .isNotPositive();
        assertThat(tab.violations()).isEmpty();
        assertThat(tab.complaints()).allMatch(line -> line.contains("502")); // the stream that was cut
        assertThat(tab.requests())
                .allMatch(url -> url.startsWith(server.uri("").toString()) || url.startsWith("data:"));
    }

    /** A name in the URL, which somebody else may have made. */
    @Test
    void aLinkFromElsewhereIsInertToo() {
        for (String name : List.of(SCRIPT, IMAGE, QUOTES, "%E0%A4%A", "nobody.shop")) {
            String encoded = name.startsWith("%") ? name : encoded(name);
            try (Tab tab = chromium.tab().open(clusters.uri() + "#/service/" + encoded)) {
                tab.awaitText(
                        "an answer",
                        Tab.PATIENCE,
                        text -> text.contains("Not in use:") || text.contains("all is well"));
                assertThat(tab.evaluate("window.hacked === undefined").truth()).isTrue();
                assertThat(tab.violations()).isEmpty();
                assertThat(tab.requests()).allMatch(clusters::isOurs);
            }
        }
    }
}
