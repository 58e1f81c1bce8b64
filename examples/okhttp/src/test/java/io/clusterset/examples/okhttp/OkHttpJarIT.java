package io.clusterset.examples.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a user runs it. */
class OkHttpJarIT {

    @TempDir
    private Path folder;

    @Test
    void withoutOptionsAClusterDiesAndNoCallFails() throws IOException, InterruptedException {
        Ran ran = run().endsWith(0);

        assertThat(ran.out())
                .contains("2000 calls, 0 failed.", "local 0 %, clusterset 100 % (local: 0 of 2 healthy ")
                .contains("DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build()")
                .containsPattern("> the local cluster is back(?s:.*)traffic: local 100 %, clusterset 0 %");
        assertThat(ran.out().lines()).hasSizeLessThan(30);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void withAUrlItIsGot() throws IOException, InterruptedException {
        try (Clusters clusters = new Clusters()) {
            String own = "={service}.{namespace}.svc.{domain}@cluster.local:";
            clusters.dns.service("stock.shop.svc.cluster.local", "127.0.0.1");
            Ran ran = run(
                            "--url",
                            "http://stock.shop/x",
                            "--dns",
                            clusters.dns.endpoint(),
                            "--tier",
                            "local" + own + clusters.local.get(0).port(),
                            "--allow-addresses",
                            "127.0.0.0/8",
                            "--count",
                            "10",
                            "--json")
                    .endsWith(0);

            assertThat(ran.json()).containsEntry("tiers", Map.of("local", 10));
            assertThat(ran.err()).isEmpty();
        }
    }

    private Ran run(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                "target/okhttp-example.jar"));
        command.addAll(List.of(args));
        Path err = folder.resolve("stderr.txt");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        try (InputStream stdout = process.getInputStream()) {
            String out = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), out, Files.readString(err));
        }
    }
}
