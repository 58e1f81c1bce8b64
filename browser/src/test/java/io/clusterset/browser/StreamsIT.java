package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.page.PageServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page goes on when its stream of events does not. */
class StreamsIT {

    /** It asks once a second. */
    private static final Duration POLLED = Duration.ofSeconds(5);

    private final Chromium chromium = Chromium.shared();
    private final TwoClusters clusters = new TwoClusters().calling(ORDERS);

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void withoutAStreamItAsks() {
        clusters.awaitServing("local");
        try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), document -> document);
                Tab tab = chromium.tab()) {
            tab.open(server.uri("#/service/" + ORDERS));
            tab.awaitText("it is live", POLLED, text -> text.contains("live") && text.contains("100 % to local"));
            server.cut(true);
            tab.awaitText("it asks", POLLED, text -> text.contains("asking every second"));
            clusters.killHome();
            clusters.awaitServing("clusterset");
            tab.awaitText("it shows what happens", POLLED, text -> text.contains("100 % to clusterset"));
            assertThat(tab.all("status").stream().map(tab::text)).anyMatch(text -> text.contains("was local"));
            Await.until("it has asked for a stream again, in vain", Tab.PATIENCE, () -> server.begun() > 1);
            long inVain = asked(tab, "/state");
            Await.until(
                    "it goes on asking", POLLED, () -> asked(tab, "/state") >= inVain + 6); // two documents each second
        }
    }

    private static long asked(Tab tab, String document) {
        return tab.requests().stream().filter(url -> url.contains(document)).count();
    }

    /** No error comes of it, so only a clock can tell. */
    @Test
    void aStreamThatSaysNothingIsNotWaitedFor() {
        clusters.awaitServing("local");
        try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), document -> document);
                Tab tab = chromium.tab()) {
            server.mute(true);
            tab.open(server.uri("#/service/" + ORDERS));
            tab.awaitText(
                    "it asks",
                    Tab.PATIENCE,
                    text -> text.contains("asking every second") && text.contains("100 % to local"));
            assertThat(server.begun()).isOne();
        }
    }

    /** A browser has six connections for one server: streams of pages that nobody sees would take them from those that are seen. */
    @Test
    void whileNobodySeesItItNeitherListensNorAsks() {
        clusters.awaitServing("local");
        try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), document -> document);
                Tab tab = chromium.tab()) {
            tab.open(server.uri("#/service/" + ORDERS));
            tab.awaitText("it is live", POLLED, text -> text.contains("live") && text.contains("100 % to local"));
            tab.hide(true);
            clusters.killHome();
            clusters.awaitServing("clusterset");
            Await.until("its stream has ended", Tab.PATIENCE, () -> server.open() == 0);
            assertThat(tab.text()).contains("100 % to local");
            assertThat(server.begun()).isOne();

            tab.hide(false);
            tab.awaitText("it shows how it is now", POLLED, text -> text.contains("100 % to clusterset"));
            assertThat(asked(tab, "/state")).isZero();
            assertThat(tab.all("status").stream().map(tab::text)).anyMatch(text -> text.contains("was local"));
        }
    }

    /** Sixteen watch already: the next page asks, and says that it does. */
    @Test
    void whereThereIsNoStreamLeftItAsks() throws IOException {
        clusters.awaitServing("local");
        List<Socket> others = new ArrayList<>();
        try (Tab tab = chromium.tab()) {
            for (int i = 0; i < 16; i++) {
                others.add(watching(clusters.server.address()));
            }
            tab.open(clusters.uri(ORDERS));
            tab.awaitText(
                    "it asks", POLLED, text -> text.contains("asking every second") && text.contains("100 % to local"));
            clusters.killHome();
            tab.awaitText("it shows what happens", Tab.PATIENCE, text -> text.contains("100 % to clusterset"));
            assertThat(tab.complaints()).isNotEmpty().allMatch(line -> line.contains("503"));
        } finally {
            for (Socket other : others) {
                other.close();
            }
        }
    }

    /** Somebody whose stream has begun. */
    private static Socket watching(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.getOutputStream()
                .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.UTF_8))
                .isEqualTo("HTTP/1.1 200 OK");
        return socket;
    }

    /** Looking has cost all that it may: whoever reads the page is told that it is waited for, and need do nothing. */
    @Test
    void whereLookingHasToWaitItSaysSoAndAsksAgain() {
        clusters.awaitServing("local");
        try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), document -> document);
                Tab tab = chromium.tab()) {
            server.cut(true);
            server.refuse(503, "state: not looked at yet: looking may take 2 % of a core, and has");
            tab.open(server.uri("#/service/" + ORDERS));
            tab.awaitText("it says so", POLLED, text -> text.contains("waiting for a turn to look, asking again"));
            assertThat(tab.text()).contains("Waiting for the first answer");
            server.answer();
            tab.awaitText(
                    "it has asked again",
                    POLLED,
                    text -> text.contains("asking every second") && text.contains("100 % to local"));

            server.refuse(503, "explain: not looked at yet: looking may take 2 % of a core, and has");
            tab.click(tab.one("button", "Explain it all"));
            tab.awaitText(
                    "it says that it asks again",
                    POLLED,
                    text -> text.contains("Waiting for a turn to look:") && text.contains("asks again every second"));
            assertThat(tab.text()).as("what is for programs").doesNotContain("explain:");
            server.answer();
            tab.awaitText("it has asked again", POLLED, text -> text.contains("orders.shop.svc.cluster.local"));
            assertThat(tab.text()).doesNotContain("asks again every second");
        }
    }

    /** A proxy before it that finds nobody, a session that has ended: that nobody was reached would be false. */
    @Test
    void whateverElseIsAnsweredIsSaid() {
        clusters.awaitServing("local");
        try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), document -> document);
                Tab tab = chromium.tab()) {
            server.cut(true);
            tab.open(server.uri("#/service/" + ORDERS));
            tab.awaitText("it asks", POLLED, text -> text.contains("100 % to local"));
            server.refuse(503, "<h1>no healthy upstream</h1>");
            tab.awaitText("that", POLLED, text -> text.contains("answered 503, trying again"));
            server.refuse(401, "who are you?");
            tab.awaitText("that", POLLED, text -> text.contains("answered 401, trying again"));
            server.refuse(200, "<h1>Please log in</h1>");
            tab.awaitText("that", POLLED, text -> text.contains("(a login?), trying again"));
            assertThat(tab.text())
                    .as("what was known")
                    .contains("100 % to local")
                    .doesNotContain("<h1>");
            server.answer();
            tab.awaitText("it goes on", POLLED, text -> text.contains("asking every second"));
        }
    }

    @Test
    void aServerThatComesBackIsFoundAgain() throws IOException {
        clusters.awaitServing("local");
        try (Tab tab = chromium.tab().open(clusters.uri(ORDERS))) {
            tab.awaitText("it is live", POLLED, text -> text.contains("live") && text.contains("100 % to local"));
            clusters.server.close();
            tab.awaitText("it says so", POLLED, text -> text.contains("not reached"));
            assertThat(tab.text())
                    .as("what was known, and of when it is")
                    .contains("100 % to local", "127.0.1.1:")
                    .containsPattern("Last heard of at [0-9:]{8}: all below is as it was then");
            String then = below(tab);
            double lost = clock(tab);
            Await.until("some time passes", Tab.PATIENCE, () -> clock(tab) - lost > 2_500);
            assertThat(below(tab)).as("no clock tells of what nobody knows").isEqualTo(then);
            try (PageServer again = clusters.page.serve(clusters.server.address())) {
                tab.awaitText("it is live again", Tab.PATIENCE, text -> text.contains("live"));
                assertThat(again.uri()).isEqualTo(clusters.uri());
                assertThat(tab.text()).doesNotContain("Last heard of");
                Await.until("clocks run", POLLED, () -> !below(tab).equals(then));
            }
        }
    }

    private static String below(Tab tab) {
        return tab.evaluate("document.querySelector('main').innerText").text();
    }

    private static double clock(Tab tab) {
        return tab.evaluate("performance.now()").number();
    }

    /** Of the process that has gone nothing is left to be taken for what the new one does. */
    @Test
    void ofAProcessThatBeganAnewItIsSaidThatNobodyHasCalledYet() throws IOException {
        clusters.killHome();
        clusters.awaitServing("clusterset");
        try (Tab tab = chromium.tab().open(clusters.uri(ORDERS));
                TwoClusters anew = new TwoClusters()) {
            tab.awaitText("it is live", POLLED, text -> text.contains("live") && text.contains("Next"));
            clusters.server.close();
            tab.awaitText("it says so", POLLED, text -> text.contains("not reached"));
            try (PageServer again = anew.page.serve(clusters.server.address())) {
                tab.awaitText("it says so", Tab.PATIENCE, text -> text.contains("nobody has called it here yet"));
                assertThat(below(tab)).doesNotContain("Timeline", "Next", "Explain", "state");
                anew.calling(ORDERS);
                tab.awaitText("it shows it", Tab.PATIENCE, text -> text.contains("100 % to local"));
                assertThat(below(tab)).contains("Timeline", "Explain").doesNotContain("nobody has called", "refused");
                assertThat(again.uri()).isEqualTo(clusters.uri());
            }
        }
    }
}
