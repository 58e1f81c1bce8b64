package io.clusterset.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example application of Spring Boot, from its jar, as a browser finds it at its actuator. */
class SpringIT {

    private static final Path JAR = Path.of("..", "examples", "spring-boot", "target", "spring-boot-example.jar");
    private static final Path LOG = Path.of("target", "spring-boot-example.log");
    private static final Pattern PORT = Pattern.compile("started on port ([0-9]+)");
    private static final Duration START = Duration.ofSeconds(60);

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final FakeEndpoint home = FakeEndpoint.start("home", "127.0.0.1", 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote", "127.0.0.2", home.port());
    private final String orders = "orders.shop:" + home.port();
    private final Chromium chromium = Chromium.shared();
    private final Process application;
    private final URI uri;

    SpringIT() throws IOException {
        dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");
        assertThat(JAR).as("expected: verify has run").exists();
        application = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-jar",
                        JAR.toString(),
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--discovery.dns.servers=" + dns.endpoint(),
                        "--discovery.allow-addresses=127.0.0.0/8")
                .redirectErrorStream(true)
                .redirectOutput(LOG.toFile())
                .start();
        Await.until("the application runs (its log: browser/" + LOG + ")", START, () -> port().find());
        Matcher port = port();
        assertThat(port.find()).isTrue();
        uri = URI.create("http://127.0.0.1:" + port.group(1) + "/");
    }

    private static Matcher port() {
        try {
            return PORT.matcher(Files.readString(LOG));
        } catch (IOException notYet) {
            return PORT.matcher("");
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        application.destroy();
        if (!application.waitFor(10, TimeUnit.SECONDS)) {
            application.destroyForcibly();
        }
        home.close();
        remote.close();
        dns.close();
    }

    private String call() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri.resolve("/call?service=" + orders + "&path=/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theActuatorsPageAsksAndShows() throws Exception {
        assertThat(call()).contains("home");
        try (Tab tab = chromium.tab().size(1280, 900).open(uri.resolve("/actuator/discoverypage"))) {
            tab.awaitText("the overview", Tab.PATIENCE, text -> text.contains("1 service in use"));
            assertThat(tab.text()).contains("asking every second", "local 100 %");
            tab.click(tab.all("link").stream()
                    .filter(link -> link.name().equals(orders))
                    .findFirst()
                    .orElseThrow());
            tab.awaitText("the service", Tab.PATIENCE, text -> text.contains("100 % to local"));

            home.refuse();
            for (int i = 0; i < 5; i++) {
                assertThat(call()).contains("remote");
            }
            tab.awaitText("the failover", Tab.PATIENCE, text -> text.contains("100 % to clusterset"));
            tab.click(tab.all("button").stream()
                    .filter(button -> button.name().startsWith(home.endpoint()))
                    .findFirst()
                    .orElseThrow());
            tab.awaitText("the explanation", Tab.PATIENCE, text -> text.contains("orders.shop.svc.cluster.local"));

            assertThat(tab.violations()).isEmpty();
            assertThat(tab.complaints()).allMatch(line -> line.contains("406")); // there is no stream of events
            assertThat(tab.requests()).allMatch(url -> url.startsWith(uri.toString()) || url.startsWith("data:"));
        }
    }
}
