package io.clusterset.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

/** The application as it is started from its jar, over real sockets. */
class SpringBootExampleTest {

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final FakeEndpoint home = FakeEndpoint.start("home", "127.0.0.1", 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote", "127.0.0.2", home.port());
    private final ConfigurableApplicationContext application;
    private final RestClient client;

    SpringBootExampleTest() {
        dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");
        application = SpringApplication.run(
                SpringBootExample.class,
                "--server.port=0",
                "--discovery.dns.servers=" + dns.endpoint(),
                "--discovery.allow-addresses=127.0.0.0/8");
        client = RestClient.create(
                "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port"));
    }

    @AfterEach
    void close() {
        application.close();
        dns.close();
        home.close();
        remote.close();
    }

    private ResponseEntity<Map<String, Object>> call(String service, String path) {
        return client.get()
                .uri("/call?service={service}&path={path}", service, path)
                .exchange((request, response) -> ResponseEntity.status(response.getStatusCode())
                        .body(response.bodyTo(new ParameterizedTypeReference<Map<String, Object>>() {})));
    }

    @Test
    void homeAnswersAndWhenItIsGoneTheClusterSet() {
        String service = "orders.shop:" + home.port();
        assertThat(call(service, "/hello").getBody())
                .isEqualTo(Map.of("status", 200, "tier", "local", "endpoint", home.endpoint(), "body", "home"));
        home.refuse();
        for (int i = 0; i < 20; i++) {
            assertThat(call(service, "/hello").getBody())
                    .isEqualTo(Map.of(
                            "status", 200, "tier", "clusterset", "endpoint", remote.endpoint(), "body", "remote"));
        }
    }

    @ParameterizedTest
    @CsvSource({"carts.shop,/,502", "orders shop,/,400", "orders.shop,hello,400", "'',/,400"})
    void whatCannotBeCalledIsSaid(String service, String path, int status) {
        ResponseEntity<Map<String, Object>> answer = call(service, path);
        assertThat(answer.getStatusCode().value()).isEqualTo(status);
        assertThat(answer.getBody()).containsEntry("status", status).containsEntry("tier", "");
    }

    @Test
    void theActuatorTellsWhy() {
        call("orders.shop:" + home.port(), "/hello");
        assertThat(client.get()
                        .uri("/actuator/discovery/{service}", "orders.shop:" + home.port())
                        .retrieve()
                        .body(String.class))
                .contains("\"local\"", home.endpoint().replaceAll(":.*", ""));
        assertThat(client.get().uri("/actuator/health").retrieve().body(String.class))
                .contains("\"status\":\"UP\"");
    }
}
