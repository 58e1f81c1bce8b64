package io.clusterset.discovery.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a browser, and as somebody who is none, meets it. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PageServerTest {

    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .service("orders.shop", service -> service.staticList(List.of(Endpoint.parse("10.0.0.1:80"))))
            .service("stock.shop", service -> service.staticList(List.of(Endpoint.parse("10.0.0.2:80"))))
            .build();
    private final ManualTime time = new ManualTime(); // in which looking costs nothing
    private final PageServer server;
    private final int port;

    PageServerTest() throws IOException {
        server = DiscoveryPage.of(discovery, time).serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = server.address().getPort();
    }

    @BeforeEach
    void use() {
        Service orders = discovery.service("orders.shop");
        assertThat(orders.endpoints()).hasSize(1);
    }

    @AfterEach
    void end() {
        server.close();
        discovery.close();
    }

    /** An answer: its status, its headers by lower-case names, its body. */
    private record Answer(int status, TreeMap<String, String> headers, String body) {}

    private Socket sent(String request) throws IOException {
        Socket socket = new Socket(server.address().getAddress(), port);
        socket.setSoTimeout(15_000); // an answer that never comes fails its test, and no other
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private Answer answer(String method, String path, String host) throws IOException {
        try (Socket socket =
                sent(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")) {
            return read(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Answer read(String text) {
        String[] halves = text.split("\r\n\r\n", 2);
        String[] lines = halves[0].split("\r\n");
        TreeMap<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] pair = lines[i].split(": ", 2);
            headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1]);
        }
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, halves[1]);
    }

    private Answer get(String path) throws IOException {
        return answer("GET", path, "localhost:" + port);
    }

    @Test
    void thePageIsServedWithHeadersThatLetItDoNothingElse() throws Exception {
        Answer page = get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers())
                .containsEntry("content-type", "text/html; charset=utf-8")
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-frame-options", "DENY")
                .containsEntry("cross-origin-resource-policy", "same-origin");
        assertThat(page.headers().get("content-security-policy"))
                .isEqualTo(
                        "default-src 'none'; script-src " + hash(page.body(), "script") + "; style-src "
                                + hash(page.body(), "style")
                                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    private static String hash(String page, String element) throws Exception {
        Matcher content =
                Pattern.compile("(?s)<" + element + ">(.*?)</" + element + ">").matcher(page);
        assertThat(content.find()).isTrue();
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(content.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(content.find()).as("a second one would not run").isFalse();
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    @Test
    void documentsAreServedWithTheSameHeaders() throws IOException {
        assertThat(Told.of(get("/state").body()).part("service:orders.shop")).containsEntry("serves", "static");
        assertThat(Told.of(get("/state?service=orders.shop").body()).set()).containsKey("endpoint:static 10.0.0.1:80");
        assertThat(get("/explain?service=orders.shop").body()).startsWith("orders.shop: static 100 %");
        assertThat(get("/explain?service=orders.shop&at=-5").body()).startsWith("orders.shop: ");
        for (String path : List.of("/state", "/explain?service=orders.shop", "/nowhere")) {
            assertThat(get(path).headers()).containsKeys("content-security-policy", "x-content-type-options");
        }
        assertThat(get("/state").headers()).containsEntry("content-type", "application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "GET | /nowhere | 404 | '/nowhere': nothing is here (expected: /, /state, /explain or /events)",
                "GET | /state/ | 404 | '/state/': nothing is here (expected: /, /state, /explain or /events)",
                "GET | /state?service=stock.shop | 404 | service: 'stock.shop' is not in use (expected: one of those in state)",
                "GET | /events?service=stock.shop | 404 | service: 'stock.shop' is not in use (expected: one of those in state)",
                "GET | /explain | 400 | service: not said (expected: explain?service=NAME)",
                "GET | /explain?service=orders.shop&at=noon | 400 | at: 'noon' (expected: milliseconds, as an event's at)",
                "GET | /state?service=%3Cb%3E.shop | 404 | ",
                "POST | / | 405 | 'POST': nothing can be changed here (expected: GET)",
                "DELETE | /state | 405 | 'DELETE': nothing can be changed here (expected: GET)",
            })
    void whatIsRefusedSaysWhatWasExpected(String method, String path, int status, String line) throws IOException {
        Answer answer = answer(method, path, "localhost:" + port);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "text/plain; charset=utf-8");
        assertThat(answer.body()).hasLineCount(1).contains(line == null ? "(expected: " : line);
    }

    @Test
    void headSaysWhatGetWouldWithoutItsBody() throws IOException {
        for (String path : List.of("/", "/state?service=orders.shop", "/events")) {
            Answer head = answer("HEAD", path, "localhost:" + port);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
        assertThat(answer("HEAD", "/", "localhost:" + port).headers())
                .containsEntry(
                        "content-length", String.valueOf(get("/").body().getBytes(StandardCharsets.UTF_8).length));
    }

    /** A web site whose name was pointed at this machine has the browser ask for that name. */
    @Test
    void atLoopbackOnlyWhoAsksForItIsAnswered() throws IOException {
        for (String host : List.of("localhost", "LOCALHOST", "127.0.0.1", "[::1]")) {
            assertThat(answer("GET", "/state", host + ":" + port).status()).isEqualTo(200);
            assertThat(answer("GET", "/state", host).status()).as("of port 80").isEqualTo(200);
            assertThat(answer("GET", "/state", host + ":1").status())
                    .as("a port that is forwarded to this one")
                    .isEqualTo(200);
        }
        for (String host : List.of(
                "evil.example:" + port,
                "",
                ":1",
                "::1",
                "localhost:evil.example",
                "localhost.",
                "127.0.0.1.evil.example:" + port)) {
            Answer refused = answer("GET", "/state", host);
            assertThat(refused.status()).as(host).isEqualTo(403);
            assertThat(refused.body()).startsWith("Host: ").contains("(expected: 127.0.0.1, [::1], localhost)");
        }
    }

    /** What no browser sends: each is refused, and the next one is answered. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET a:b HTTP/1.1",
                "GET * HTTP/1.1",
                "GET // HTTP/1.1",
                "G E T",
                "GET /%ff?%ff=%ff&=&a HTTP/1.1",
                "\0"
            })
    void oddRequestsHarmNobody(String line) throws IOException {
        try (Socket socket = sent(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotStartWith("HTTP/1.1 200");
        }
        assertThat(get("/state").status()).isEqualTo(200);
    }

    /** More than there are threads, and room to wait for one, begin a request and say no more. */
    @Test
    void whoStallsIsGivenUpSoThatOthersAreAnswered() throws IOException {
        try (PageServer other = manual()) {
            List<SocketChannel> stalled = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                SocketChannel channel = SocketChannel.open(other.address());
                assertThat(channel.write(ByteBuffer.wrap(new byte[] {'G'}))).isOne();
                channel.configureBlocking(false);
                stalled.add(channel);
            }
            while (!stalled.isEmpty()) { // it takes the threads a moment to meet them
                time.advance(Workers.LONGEST);
                stalled.removeIf(PageServerTest::isEnded);
            }
            URLConnection next = other.uri().resolve("state").toURL().openConnection();
            next.setReadTimeout(10_000);
            assertThat(next.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    private PageServer manual() throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new PageServer(DiscoveryPage.of(discovery, time), anywhere, time, time, () -> {});
    }

    private static boolean isEnded(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private BufferedReader events(List<Socket> open) throws IOException {
        Socket socket = sent("GET /events HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n");
        open.add(socket);
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String until(BufferedReader reader, String start) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        return "";
    }

    @Test
    void aStreamTellsAllAndThenWhatComes() throws IOException {
        List<Socket> open = new ArrayList<>();
        BufferedReader events = events(open);
        assertThat(until(events, "event: ")).isEqualTo("event: overview");
        assertThat(Told.of(until(events, "data: ").substring(6)).whole()).isTrue();

        discovery.service("stock.shop");
        time.advance(Lookout.PAUSE);
        assertThat(Told.of(until(events, "data: ").substring(6)).set()).containsOnlyKeys("service:stock.shop");
        open.get(0).close();
    }

    /** There are a thousand ways to write it, and what is seen is remembered for each name. */
    @Test
    void aStreamIsOfAServiceByTheNameThatItHas() throws IOException {
        Socket socket = sent("GET /events?service=ORDERS.shop HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n");
        BufferedReader events =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        assertThat(until(events, "event: service")).isNotEmpty();

        assertThat(Told.of(until(events, "data: ").substring(6)).part("service"))
                .containsEntry("name", "orders.shop");
        socket.close();
    }

    @Test
    void streamsAreBoundedAndWhoGetsNoneIsToldToAsk() throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < Feed.MOST_VIEWERS; i++) {
            assertThat(until(events(open), "data: ")).isNotEmpty();
        }
        Answer full = get("/events");
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.headers()).containsEntry("retry-after", "5");
        assertThat(full.body()).contains("16 streams are open (expected: at most 16; ask for /state meanwhile)");
        assertThat(get("/state").status()).as("and may").isEqualTo(200);
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Somebody has made looking so dear that there is nothing left. */
    @Test
    void whatMayNotBeLookedAtYetIsSaidToBeAskedForLater() throws IOException {
        Ticker dear = () -> {
            time.advance(Duration.ofMillis(300)); // between any two looks at the clock
            return time.nanos();
        };
        try (PageServer other =
                DiscoveryPage.of(discovery, dear).serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            URI uri = other.uri();
            for (int i = 0; i < 20; i++) {
                assertThat(uri.resolve("state").toURL().openStream().readAllBytes())
                        .isNotEmpty();
            }
            for (String path : List.of("state?service=orders.shop", "explain?service=orders.shop")) {
                HttpURLConnection busy =
                        (HttpURLConnection) uri.resolve(path).toURL().openConnection();
                assertThat(busy.getResponseCode()).isEqualTo(503);
                assertThat(busy.getHeaderField("Retry-After")).isEqualTo("1");
                assertThat(new String(busy.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith(path.substring(0, path.indexOf('?'))
                                + ": not looked at yet: looking may take 2 % of a core")
                        .contains("(expected: asked again in ");
            }
        }
    }

    @Test
    void closingEndsStreamsAndThreadsWithinASecond() throws Exception {
        List<Socket> open = new ArrayList<>();
        BufferedReader events = events(open);
        assertThat(until(events, "data: ")).isNotEmpty();
        List<Thread> threads = ours();
        assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
        long began = System.nanoTime();
        server.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        server.close();

        for (Thread thread : threads) {
            thread.join(5_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
        open.get(0).close();
    }

    private static List<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("discovery-page-")
                        || thread.getName().startsWith("HTTP-Dispatcher"))
                .toList();
    }

    @Test
    void whereItIsIsSaidAsABrowserTakesIt() {
        assertThat(server.uri()).hasToString("http://127.0.0.1:" + port + "/");
    }

    @Test
    void whereSomebodyElseListensIsRefused() {
        assertThatThrownBy(() -> DiscoveryPage.of(discovery).serve(server.address()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void thePageAsksForItsDataWhereItIsToldTo() {
        DiscoveryPage page = DiscoveryPage.of(discovery);
        assertThat(page.html()).contains("<meta name=\"data\" content=\"\">");
        assertThat(page.html("discovery-page/")).contains("<meta name=\"data\" content=\"discovery-page/\">");
        assertThat(page.html("\"><script>"))
                .as("escaped")
                .contains("<meta name=\"data\" content=\"&quot;>&lt;script>\">")
                .contains("<a href=\"&quot;>&lt;script>state\">");
        assertThat(page.html()).as("without scripts").contains("<a href=\"state\">");
        assertThat(page.html("discovery-page/"))
                .as("without scripts")
                .contains("<a href=\"discovery-page/state\">")
                .doesNotContain("<a href=\"state\">");
        assertThat(page.headers()).containsEntry("Content-Security-Policy", page.contentSecurityPolicy());
    }

    /** Self-contained: nothing is asked of anybody but who served it, and nothing from outside becomes HTML. */
    @Test
    void thePageHasNothingFromElsewhere() {
        String page = DiscoveryPage.of(discovery).html();
        assertThat(page.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "//cdn", "@import", "url(");
        assertThat(page)
                .doesNotContain(
                        "innerHTML",
                        "outerHTML",
                        "insertAdjacentHTML",
                        "document.write",
                        "eval(",
                        " style=",
                        " onclick");
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(60_000);
    }
}
