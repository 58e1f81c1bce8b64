package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The real thing over real sockets, as short as it may be. */
class DemoIT {

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
        Thread demo = new Thread(
                () -> assertThat(run("--ui", "--port", "0", "--seconds", "8")).isZero());
        demo.start();
        String url = "";
        for (long end = System.nanoTime() + 30_000_000_000L; url.isEmpty() && System.nanoTime() < end; ) {
            Matcher page = Pattern.compile("The page: (http://127\\.0\\.0\\.1:\\d+/)\\R")
                    .matcher(text(out));
            url = page.find() ? page.group(1) : "";
            Thread.sleep(20);
        }
        try (InputStream state = URI.create(url + "state").toURL().openStream()) {
            assertThat(new String(state.readAllBytes(), StandardCharsets.UTF_8)).contains("service:stock.shop:http");
        }
        demo.interrupt();
        demo.join(5_000);

        assertThat(demo.isAlive()).isFalse();
        assertThat(text(err)).isEmpty();
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
        try {
            return Demo.run(print(out), print(err), Style.PLAIN, args);
        } catch (Exception thrown) {
            throw new AssertionError(thrown);
        }
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
