package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A module of an application's that requires ours, and nothing else, is compiled and runs on the module path. */
@Isolated("compiles: others would seem slow")
class ArchitectureModuleTest {

    private static final String PATH = Arrays.stream(
                    System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry ->
                    entry.matches(".*[/\\\\]discovery-(core|okhttp)[/\\\\]target[/\\\\](classes|[^/\\\\]+\\.jar)")
                            || entry.matches(".*[/\\\\](okhttp-jvm|okio-jvm|kotlin-stdlib|caffeine|dnsjava|"
                                    + "resilience4j-[a-z]+|slf4j-api|jspecify)-[0-9.]+\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));

    @Test
    void anApplicationsModuleIsCompiledAndRuns(@TempDir Path folder) throws Exception {
        Path module = Files.writeString(
                folder.resolve("module-info.java"), "module application { requires io.clusterset.discovery.okhttp; }");
        Path main = Files.createDirectories(folder.resolve("app")).resolve("Main.java");
        Files.writeString(main, """
                package app;

                import io.clusterset.discovery.Discovery;
                import io.clusterset.discovery.config.Settings;
                import io.clusterset.discovery.okhttp.DiscoveryDns;
                import io.clusterset.discovery.okhttp.DiscoveryOkHttp;
                import okhttp3.OkHttpClient;

                class Main {
                    public static void main(String[] args) throws Exception {
                        try (Discovery discovery = Discovery.builder().settings(Settings.none()).build()) {
                            OkHttpClient client = DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build();
                            System.out.println(client.interceptors().size() + " in " + Main.class.getModule()
                                    + ", " + new DiscoveryDns(discovery).lookup("localhost").isEmpty());
                        }
                    }
                }
                """);
        StringWriter said = new StringWriter();
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "-p",
                        PATH,
                        "-d",
                        folder.toString(),
                        module.toString(),
                        main.toString());
        assertThat(status).describedAs(said.toString()).isZero();

        assertThat(run(folder)).contains("1 in module application, false");
    }

    private static String run(Path folder) throws IOException, InterruptedException {
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        PATH + File.pathSeparator + folder,
                        "-m",
                        "application/app.Main")
                .redirectErrorStream(true)
                .start();
        String said = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(application.waitFor()).describedAs(said).isZero();
        return said;
    }
}
