package io.clusterset.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** That the suite would see what the page must not do: of a page that does it. */
class WitnessIT {

    private static final String PAGE = """
            <!doctype html><html><head><title>x</title></head><body>
            <p style="color: #ccc; background: #fff">pale</p>
            <input type="text">
            <p hidden>unseen</p>
            <button onclick="window.clicked = true">press me</button>
            <img src="http://elsewhere.example/x.png" alt="">
            <script>window.scriptRan = true; console.log('hello'); undefinedFunction();</script>
            </body></html>
            """;

    private final Chromium chromium = Chromium.shared();

    @Test
    void whatAPageMustNotDoIsSeen() throws IOException {
        HttpServer lax = serve("default-src 'self' 'unsafe-inline'");
        try (Tab tab = chromium.tab().open(uri(lax))) {
            assertThat(tab.evaluate("window.scriptRan").truth()).isTrue();
            assertThat(tab.text()).contains("pale").doesNotContain("unseen");
            assertThat(tab.all("button")).extracting(Seen::name).containsExactly("press me");
            assertThat(tab.violations()).anyMatch(line -> line.contains("img-src") && line.contains("elsewhere"));
            assertThat(tab.complaints())
                    .anyMatch(line -> line.contains("undefinedFunction"))
                    .anyMatch(line -> line.contains("hello"));
            assertThat(Axe.grave(tab))
                    .anyMatch(line -> line.contains("color-contrast"))
                    .anyMatch(line -> line.contains("label"))
                    .anyMatch(line -> line.contains("html-has-lang"));
        } finally {
            lax.stop(0);
        }
    }

    @Test
    void aRequestToAnotherOriginIsSeenAndDoesNotArrive() throws IOException {
        HttpServer open = serve("default-src * 'unsafe-inline'");
        try (Tab tab = chromium.tab().open(uri(open))) {
            assertThat(tab.requests()).contains("http://elsewhere.example/x.png");
            assertThat(tab.evaluate("document.images[0].naturalWidth").number()).isZero();
        } finally {
            open.stop(0);
        }
    }

    @Test
    void aScriptThatThePolicyForbidsIsSeenAndDoesNotRun() throws IOException {
        HttpServer strict = serve("default-src 'none'");
        try (Tab tab = chromium.tab().open(uri(strict))) {
            assertThat(tab.evaluate("window.scriptRan === undefined").truth()).isTrue();
            assertThat(tab.violations()).anyMatch(line -> line.startsWith("script-src"));
        } finally {
            strict.stop(0);
        }
    }

    @Test
    void keysReachThePage() throws IOException {
        HttpServer lax = serve("default-src 'self' 'unsafe-inline'");
        try (Tab tab = chromium.tab().open(uri(lax))) {
            tab.press("Tab");
            tab.press("Tab");
            assertThat(tab.all("button").get(0).focused()).isTrue();
            tab.press("Enter");
            assertThat(tab.evaluate("window.clicked").truth()).isTrue();
        } finally {
            lax.stop(0);
        }
    }

    private static URI uri(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static HttpServer serve(String policy) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders().add("Content-Security-Policy", policy);
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(page);
            }
        });
        server.start();
        return server;
    }
}
