package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whoever sees no colours, hears the page, has a telephone or no mouse. Home is dead, so that there is something to see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessibleIT {

    private static final int MOST_TABS = 40;

    private final Chromium chromium = Chromium.shared();
    private final TwoClusters clusters =
            new TwoClusters().calling(ORDERS, "billing.shop", "users.identity", "search.web");

    @BeforeAll
    void kill() {
        clusters.awaitServing("local");
        clusters.killHome();
        clusters.awaitServing("clusterset");
    }

    @AfterAll
    void close() {
        clusters.close();
    }

    private Tab overview(String scheme, int width) {
        Tab tab = chromium.tab().size(width, 900).scheme(scheme).open(clusters.uri());
        tab.awaitText("the overview", Tab.PATIENCE, text -> text.contains("away from home"));
        return tab;
    }

    private Tab service(String scheme, int width) {
        Tab tab = chromium.tab().size(width, 900).scheme(scheme).open(clusters.uri(ORDERS));
        tab.awaitText("the service", Tab.PATIENCE, text -> text.contains("100 % to clusterset"));
        return tab;
    }

    @ParameterizedTest
    @CsvSource({"dark,360", "dark,1280", "light,360", "light,1280"})
    void axeFindsNothingGrave(String scheme, int width) {
        try (Tab overview = overview(scheme, width);
                Tab service = service(scheme, width)) {
            for (Tab tab : List.of(overview, service)) {
                assertThat(tab.evaluate("matchMedia('(prefers-color-scheme: " + scheme + ")').matches")
                                .truth())
                        .isTrue();
                assertThat(Axe.grave(tab)).isEmpty();
                assertThat(tab.evaluate("document.documentElement.scrollWidth - innerWidth")
                                .number())
                        .as("pixels that are wider than the screen")
                        .isNotPositive();
            }
            service.click(firstEndpoint(service));
            service.awaitText("the explanation", Tab.PATIENCE, text -> text.contains("orders.shop.svc.cluster.local"));
            assertThat(Axe.grave(service)).isEmpty();
        }
    }

    /** It neither connects nor is lost: it leads to what there is. */
    @Test
    void withoutScriptsItLeadsToTheDocument() {
        try (Tab tab = chromium.tab().size(1280, 900).withoutScripts().open(clusters.uri())) {
            tab.awaitText("it says so", Tab.PATIENCE, text -> text.contains("draws itself with a script"));
            assertThat(tab.text()).doesNotContain("connecting", "not reached");
            tab.click(tab.one("link", "state"));
            tab.awaitText("the document", Tab.PATIENCE, text -> text.contains("\"service:" + ORDERS + "\""));
        }
    }

    private static Seen firstEndpoint(Tab tab) {
        return tab.all("button").stream()
                .filter(button -> button.name().startsWith("127.0.1.1:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void landmarksHeadingsAndLists() {
        try (Tab overview = overview("light", 1280);
                Tab service = service("light", 1280)) {
            for (Tab tab : List.of(overview, service)) {
                assertThat(tab.all("banner")).hasSize(1);
                assertThat(tab.all("navigation")).extracting(Seen::name).containsExactly("Services");
                assertThat(tab.all("main")).hasSize(1);
                assertThat(tab.all("status")).hasSize(1);
                assertThat(tab
                                .evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]"
                                        + ".filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1]))")
                                .list()
                                .stream()
                                .map(level -> (int) level.number()))
                        .as("levels of the headings")
                        .startsWith(1)
                        .containsOnlyOnce(1);
            }
            assertThat(overview.all("list")).extracting(Seen::name).contains("Services in use");
            assertThat(service.all("region")).extracting(Seen::name).contains("local", "clusterset", "Timeline");
        }
    }

    /** A verdict is a word, and a shape. */
    @Test
    void noMeaningByColourAlone() {
        try (Tab tab = service("dark", 1280)) {
            assertThat(tab.text(tab.one("region", "local"))).contains("0 % · unhealthy");
            assertThat(tab.text(tab.one("region", "clusterset"))).contains("% · healthy");
            List<String> shapes = Stream.of("healthy", "unknown", "suspect", "unhealthy")
                    .map(verdict -> tab.evaluate(
                                    "(() => { const style = getComputedStyle(document.querySelector("
                                            + "'.legend [data-verdict=" + verdict + "] .sign'));"
                                            + " return [style.borderStyle, style.backgroundColor.endsWith(', 0)'),"
                                            + " style.backgroundImage.replace(/(rgb|color)[^ ]*\\([^)]*\\)/g, '')].join(' '); })()")
                            .text())
                    .toList();
            assertThat(shapes).doesNotHaveDuplicates();
            assertThat(shapes.get(1)).as("unknown").contains("dashed");
        }
    }

    @Test
    void byTheKeyboardAlone() {
        try (Tab tab = overview("light", 1280)) {
            Seen skip = tabUntil(tab, "link", "To the content");
            assertThat(visible(tab)).as("the skip link once it has the focus").isTrue();
            assertThat(skip.focused()).isTrue();
            tab.press("Enter");
            assertThat(tab.focused().role()).isEqualTo("main");

            tabUntil(tab, "link", ORDERS);
            assertThat(ring(tab)).as("the focus can be seen").isTrue();
            tab.press("Enter");
            tab.awaitText("the service", Tab.PATIENCE, text -> text.contains("100 % to clusterset"));
            assertThat(tab.focused().role()).isEqualTo("heading");
            assertThat(tab.focused().name()).isEqualTo(ORDERS);

            Seen first = tabUntil(tab, "button", "127.0.1.");
            tab.press("ArrowRight");
            Seen second = tab.focused();
            assertThat(second.name()).startsWith("127.0.1.").isNotEqualTo(first.name());
            assertThat(ring(tab)).isTrue();
            tab.press("ArrowLeft");
            assertThat(tab.focused().node()).isEqualTo(first.node());
            tab.press("Enter");
            Await.until(
                    "the explanation is open",
                    Tab.PATIENCE,
                    () -> tab.text().contains("orders.shop.svc.cluster.local"));
            assertThat(tab.evaluate("document.querySelector('dialog').contains(document.activeElement)")
                            .truth())
                    .isTrue();
            tab.press("Escape");
            Await.until("it is closed", Tab.PATIENCE, () -> tab.all("dialog").isEmpty());
            assertThat(tab.focused().node()).as("where it was opened").isEqualTo(first.node());

            Seen event = tabUntil(tab, "button", " load ");
            tab.press("Enter");
            Await.until("the past is open", Tab.PATIENCE, () -> tab.text().contains("as it was"));
            tab.press("Escape");
            Await.until("it is closed", Tab.PATIENCE, () -> tab.all("dialog").isEmpty());
            assertThat(tab.focused().node()).isEqualTo(event.node());
        }
    }

    /** Presses Tab until something has the focus that is of this role and has this in its name. */
    private static Seen tabUntil(Tab tab, String role, String name) {
        for (int i = 0; i < MOST_TABS; i++) {
            tab.press("Tab");
            Seen focused = tab.focused();
            if (focused.role().equals(role) && focused.name().contains(name)) {
                return focused;
            }
        }
        throw new AssertionError(
                role + " " + name + ": not within " + MOST_TABS + " presses of Tab; the last: " + tab.focused());
    }

    private static boolean visible(Tab tab) {
        return tab.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
                .truth();
    }

    private static boolean ring(Tab tab) {
        return tab.evaluate("(() => { const style = getComputedStyle(document.activeElement);"
                        + " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; })()")
                .truth();
    }
}
