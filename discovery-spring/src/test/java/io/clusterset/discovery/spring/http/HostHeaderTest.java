package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** In processes of its own: a JDK reads the property once. */
class HostHeaderTest {

    @Test
    void isAddedToWhatIsAllowed() {
        assertThat(HostHeader.with(null)).isEqualTo("host");
        assertThat(HostHeader.with(" ")).isEqualTo("host");
        assertThat(HostHeader.with("connection")).isEqualTo("connection,host");
        assertThat(HostHeader.with("Connection,Host")).isEqualTo("Connection,Host");
    }

    @Test
    void isTheAuthorityOfTheUrl() {
        assertThat(HostHeader.of(URI.create("http://user:pw@orders.shop:8080/x")))
                .isEqualTo("orders.shop:8080");
        assertThat(HostHeader.of(URI.create("https://Orders.shop/x"))).isEqualTo("Orders.shop");
    }

    @Test
    void anApplicationOfBootsMaySayIt() throws Exception {
        assertThat(run()).contains("host=orders.shop:");
    }

    @Test
    void whatWasAllowedStaysSo() throws Exception {
        assertThat(run("-Djdk.httpclient.allowRestrictedHeaders=connection"))
                .contains("host=orders.shop:", "allowed=connection,host");
    }

    @Test
    void whoeverIsSwitchedOffAllowsNothing() throws Exception {
        assertThat(run("-Ddiscovery.enabled=false")).contains("allowed=null");
    }

    /** Balanced clients are not switched off by this. */
    @Test
    void withoutPlainClientsItIsAllowedAllTheSame() throws Exception {
        assertThat(run("-Ddiscovery.clients.enabled=false")).contains("allowed=host");
    }

    @Test
    void tooLateItIsSaidAndTheCallGoesOn() throws Exception {
        assertThat(run("-Dtest.early=true"))
                .contains("host=127.0.0.1:", "allowed=null")
                .containsOnlyOnce("-Djdk.httpclient.allowRestrictedHeaders=host");
    }

    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Application.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** Says what an endpoint sees. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        HttpClientAutoConfiguration.class,
        ImperativeHttpClientAutoConfiguration.class,
        RestClientAutoConfiguration.class,
        BlockingClientsAutoConfiguration.class
    })
    static class Application {

        @Bean(destroyMethod = "close")
        Shop shop() {
            return new Shop();
        }

        @Bean(destroyMethod = "")
        Discovery discovery(Shop shop) {
            return shop.discovery;
        }

        public static void main(String... args) {
            if (Boolean.getBoolean("test.early")) {
                HttpRequest.newBuilder(URI.create("http://somewhere/")).header("Accept", "text/plain");
            }
            SpringApplication application = new SpringApplication(Application.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            application.setDefaultProperties(Map.of("spring.http.clients.imperative.factory", "jdk"));
            try (ConfigurableApplicationContext context = application.run(args);
                    Pod home = new Pod("home", Shop.HOME, 0, null)) {
                System.out.println("allowed=" + System.getProperty(HostHeader.PROPERTY));
                boolean off = List.of("discovery.enabled", "discovery.clients.enabled").stream()
                        .anyMatch(key -> "false".equals(System.getProperty(key)));
                if (!off) {
                    context.getBean(RestClient.Builder.class)
                            .build()
                            .get()
                            .uri("http://orders.shop:" + home.port() + "/")
                            .retrieve()
                            .toBodilessEntity();
                    System.out.println("host=" + home.seen().get(0).host());
                }
            }
        }
    }
}
