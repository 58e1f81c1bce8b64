package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page of a command that nobody calls through: the services are there as soon as DNS has said where. */
class UiCommandTest {

    private final Clusters clusters = new Clusters().headless();
    private final StringWriter err = new StringWriter();
    private final HttpClient http = HttpClient.newHttpClient(); // made before the time of the page begins

    @AfterEach
    void close() {
        clusters.close();
    }

    private String get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void itsUrlIsPrintedAndLeadsToTheServices() throws Exception {
        assertThat(get("http://" + clusters.localA.endpoint() + "/")).contains("local-a");
        LineReader reader = new LineReader(line -> false);
        Console console = new Console(new PrintWriter(reader), new PrintWriter(err, true), false, Paint.NONE);
        String[] args = clusters.with(
                "ui", "orders.shop:http", "stock.shop", "--listen", "localhost:0", "--for", "8s", "--json");
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                () -> DiscoveryCommand.commandLine(console).execute(args));
        Map<String, Object> first = Ran.json(reader.await(line -> line.contains("url")));
        String url = String.valueOf(first.get("url"));

        assertThat(url).startsWith("http://127.0.0.1:");
        assertThat(get(url)).startsWith("<!doctype html>");
        assertThat(Ran.map(Ran.json(get(url + "state")), "set"))
                .containsKeys("service:orders.shop:http", "service:stock.shop");
        assertThat(status.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whereSomebodyElseListensIsBadUsage() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Ran ran = clusters.discovery("ui", "orders.shop", "--listen", "127.0.0.1:" + taken.getLocalPort())
                    .endsWith(2);

            assertThat(ran.err())
                    .hasLineCount(1)
                    .contains("in use (expected: an address of this machine and a free port, such as 127.0.0.1:0)");
        }
    }

    @Test
    void whatElseFailsIsNotTheAddresssFault() {
        assertThat(UiCommand.refusal("127.0.0.1:8421", new SocketException("Too many open files")))
                .isNotInstanceOf(BadUsage.class)
                .hasMessage("ui: no page at '127.0.0.1:8421': Too many open files");
    }
}
