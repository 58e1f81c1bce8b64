package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
                List.of("call", "orders.shop:http", "--count", "10", "--json"))) {
            Ran ran = run(clusters.with(command.toArray(String[]::new))).endsWith(0);

            assertThat(ran.json()).doesNotContainKey("error");
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

    private Ran run(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        Path err = Files.createTempFile(folder, "stderr", ".txt");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        try (InputStream stdout = process.getInputStream()) {
            String out = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), out, Files.readString(err));
        }
    }
}
