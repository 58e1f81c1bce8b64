package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The real thing over real sockets, as short as it may be. */
class DemoIT {

    private static final Pattern LOAD = Pattern.compile("stock[.]shop:http: load local 100 %.*\\R");
    private static final Pattern PAGE = Pattern.compile("The page: (http://127\\.0\\.0\\.1:\\d+/)\\R");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void noCallFailsAndTrafficComesBack() throws Exception {
        int status = run("--seconds", "8", "--json");

        assertThat(text(err)).isEmpty();
        assertThat(status).isZero();
        Map<String, Object> report = JSON.std.mapFrom(text(out));
        assertThat(report).containsEntry("calls", 1600).containsEntry("failures", 0);
        assertThat((List<?>) report.get("switches")).hasSize(2);
    }

    /** Until interrupted; the page knows the services that calls go to. */
    @Test
    void withAPageItGoesOnUntilInterrupted() throws Exception {
        CompletableFuture<String> said = new CompletableFuture<>();
        CompletableFuture<String> decided = new CompletableFuture<>();
        OutputStream watched = new FilterOutputStream(out) { // a PrintStream flushes what is below it after each line
                    @Override
                    public void flush() {
                        Matcher page = PAGE.matcher(text(DemoIT.this.out));
                        if (page.find()) {
                            said.complete(page.group(1));
                        }
                        Matcher load = LOAD.matcher(text(DemoIT.this.out));
                        if (load.find()) {
                            decided.complete(load.group());
                        }
                    }
                };
        Thread demo = new Thread(() -> assertThat(run(print(watched), "--ui", "--port", "0", "--seconds", "8"))
                .isZero());
        demo.start();
        String url = said.get(30, TimeUnit.SECONDS);
        try (InputStream state = URI.create(url + "state").toURL().openStream()) {
            assertThat(new String(state.readAllBytes(), StandardCharsets.UTF_8)).contains("service:stock.shop:http");
        }
        assertThat(decided.get(30, TimeUnit.SECONDS)).contains("(local: 1 of 1 healthy");
        demo.interrupt();
        demo.join(30_000);
        assertThat(text(out))
                .as("who is who on the page")
                .containsPattern("local +cluster[.]local +local-a :[0-9]+")
                .contains("Shortened for the demo: dwell 800 ms");

        assertThat(demo.isAlive()).isFalse();
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aPortThatSomebodyElseHasIsSaidToBe() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--ui", "--port", String.valueOf(taken.getLocalPort())))
                    .isEqualTo(2);

            assertThat(text(err))
                    .startsWith("demo: --port: " + taken.getLocalPort() + ": Address already in use")
                    .endsWith(" (expected: a free port, such as 0)" + System.lineSeparator())
                    .hasLineCount(1);
        }
    }

    @Test
    void whatElseFailsIsNotThePortsFault() {
        int status = Demo.refused(Options.parse("--ui"), new SocketException("Too many open files"), print(err));

        assertThat(status).isOne();
        assertThat(text(err))
                .isEqualTo("demo: the page: java.net.SocketException: Too many open files" + System.lineSeparator());
    }

    @Test
    void aBadOptionIsOneLineAndStatusTwo() throws Exception {
        assertThat(run("--jsno")).isEqualTo(2);

        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines()).hasSize(1);
    }

    @Test
    void helpIsUsage() throws Exception {
        assertThat(run("--help")).isZero();

        assertThat(text(out)).startsWith("usage: ./demo");
    }

    private int run(String... args) {
        return run(print(out), args);
    }

    private int run(PrintStream to, String... args) {
        try {
            return Demo.run(to, print(err), Style.PLAIN, args);
        } catch (Exception thrown) {
            throw new AssertionError(thrown);
        }
    }

    private static PrintStream print(OutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
