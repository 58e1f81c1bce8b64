package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

    private int run(String... args) throws Exception {
        return Demo.run(print(out), print(err), Style.PLAIN, args);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
