package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The front page's example is this very code: it compiles, and the page repeats it word for word. */
class ReadmeTest {

    static void example() throws IOException {
        try (Discovery discovery = Discovery.create()) {
            Service orders = discovery.service("orders.shop");
            String body = orders.call(Call.idempotent(), endpoint -> get(endpoint, "/list"));
            List<Endpoint> now = orders.endpoints();
            System.out.println(orders.explain());
            System.out.println(body + now);
        }
    }

    private static String get(Endpoint endpoint, String path) throws IOException {
        throw new IOException("not called: " + endpoint + path);
    }

    @Test
    void theTestOnTheFrontPageWorks() throws IOException {
        try (FakeDnsServer dns = FakeDnsServer.start();
                FakeEndpoint local = FakeEndpoint.start("local");
                FakeEndpoint remote = FakeEndpoint.start("remote")) {
            dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
            dns.service("orders.shop.svc.clusterset.local", "127.0.0.1");
            Discovery discovery = Discovery.builder()
                    .tier(Tier.of("local", "cluster.local").withPort(local.port()))
                    .tier(Tier.of("clusterset", "clusterset.local").withPort(remote.port()))
                    .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                    .build();
            local.refuse();
            try (discovery) {
                String body = discovery
                        .service("orders.shop")
                        .<String, IOException>call(
                                Call.idempotent(),
                                endpoint -> new String(
                                                URI.create("http://" + endpoint.authority() + "/")
                                                        .toURL()
                                                        .openStream()
                                                        .readAllBytes(),
                                                StandardCharsets.UTF_8)
                                        .strip());
                assertThat(body).isEqualTo("remote");
            }
        }
    }

    @Test
    void theFrontPageShowsCodeThatCompiles() throws IOException {
        String page = Files.readString(Path.of("../README.md"));
        String code = Pattern.compile("```java(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> !block.contains("OkHttp")) // compiled in its module: GuideTest
                .collect(Collectors.joining())
                .replaceAll("//.*", "")
                .replaceAll("\\s+", "");
        String source = Files.readString(Path.of("src/test/java/io/clusterset/discovery/scenario/ReadmeTest.java"))
                .replaceAll("\\s+", "");
        for (String statement : code.split("(?<=[;{}])")) {
            assertThat(source).contains(statement);
        }
    }
}
