package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a user runs it. */
class DiscoveryJarIT {

    private static final Path JAR = Path.of("target", "discovery.jar");

    private final Clusters clusters = new Clusters().headless();

    @TempDir
    private Path folder;

    private Path err = Path.of("");

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void everyCommandRuns() throws IOException, InterruptedException {
        for (List<String> command : List.of(
                List.of("resolve", "orders.shop:http", "--json"),
                List.of("explain", "orders.shop:http", "--json"),
                List.of("pick", "orders.shop:http", "--json"),
                List.of("call", "orders.shop:http", "--count", "10", "--json"),
                List.of("watch", "orders.shop:http", "--drill", "local=0", "--count", "1"),
                List.of("trace", "orders.shop:http", "--json"),
                List.of("drill", "orders.shop:http", "--tier", "local", "--time", "1s", "--json"))) {
            Ran ran = run(clusters.with(command.toArray(String[]::new))).endsWith(0);

            if (command.contains("--json")) {
                assertThat(ran.json()).doesNotContainKey("error");
            }
            assertThat(ran.out()).isNotEmpty().doesNotContain("\u001b");
            assertThat(ran.err()).isEmpty();
        }
    }

    @Test
    void theLogGoesToStderrWhenAskedFor() throws IOException, InterruptedException {
        Ran ran = run(clusters.with("resolve", "orders.shop:http", "--json", "--verbose"))
                .endsWith(0);

        assertThat(ran.json()).containsEntry("load", Map.of("local", 100, "clusterset", 0));
        assertThat(ran.err()).contains("orders.shop:http: local found 2 (NOERROR)");
    }

    @Test
    void badUsageIsOneLineAndStatusTwo() throws IOException, InterruptedException {
        Ran ran = run("resolve", "foo..bar").endsWith(2);

        assertThat(ran.err()).startsWith("'foo..bar': empty label").hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    /** Ctrl-C is how a watch ends, and says no more than --for would. */
    @Test
    void aWatchThatIsInterruptedEndsWell() throws IOException, InterruptedException {
        Process process = begin(clusters.with("watch", "orders.shop:http"));
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).endsWith(" state   local 100 % (found 2), clusterset 0 % (found 2)");
            process.destroy();
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void aWatchThatIsInterruptedWithNobodyToCallEndsWithOne() throws IOException, InterruptedException {
        Process process = begin(clusters.with("watch", "nothing.shop"));
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).contains(" state ");
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    @Test
    void aWatchWhoseReaderGoesAwayEnds() throws IOException, InterruptedException {
        Path settings = Files.writeString(folder.resolve("discovery.properties"), "discovery.health.probing=always\n");
        Process process = begin(clusters.with(
                "watch", "orders.shop:http", "--config", settings.toString(), "--probe-interval", "100ms"));
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).contains(" state ");
        }
        clusters.localA.refuse(); // which is something to tell

        assertThat(process.waitFor()).isZero();
    }

    private Ran run(String... args) throws IOException, InterruptedException {
        Process process = begin(args);
        try (InputStream stdout = process.getInputStream()) {
            String out = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), out, Files.readString(err));
        }
    }

    private Process begin(String... args) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        err = Files.createTempFile(folder, "stderr", ".txt");
        return new ProcessBuilder(command).redirectError(err.toFile()).start();
    }
}
