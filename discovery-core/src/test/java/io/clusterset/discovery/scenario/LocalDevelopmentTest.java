package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Machine;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide to local development: its settings are accepted and do what it says, its code is this code. */
class LocalDevelopmentTest {

    private static final Path GUIDE = Path.of("../docs/guides/local-development.md");
    private static final Path SOURCE =
            Path.of("src/test/java/io/clusterset/discovery/scenario/LocalDevelopmentTest.java");

    @TempDir
    private Path laptop;

    private static String get(Endpoint endpoint) throws IOException {
        try (InputStream body =
                URI.create("http://" + endpoint.authority() + "/").toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static String call(Service service) throws IOException {
        return service.<String, IOException>call(Call.idempotent(), LocalDevelopmentTest::get);
    }

    private Discovery with(Map<String, String> settings) {
        return Discovery.builder()
                .surroundings(new Machine(laptop).seen())
                .settings(Settings.none().withProperties(settings, "discovery.properties"))
                .build();
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @Test
    void everyBlockOfSettingsIsAccepted() throws Exception {
        List<String> blocks = blocks("properties");
        assertThat(blocks).hasSizeGreaterThan(3);
        for (String block : blocks) {
            Properties read = new Properties();
            read.load(new StringReader(block));
            Map<String, String> settings = new HashMap<>();
            read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key, "")));
            try (Discovery discovery = with(settings)) {
                assertThat(discovery.service("orders.shop").name().service()).isEqualTo("orders");
            }
        }
    }

    @Test
    void everyLineOfCodeIsInThisFile() throws Exception {
        String source = Files.readString(SOURCE).replaceAll("\\s+", "");
        String code = blocks("java").stream().collect(Collectors.joining()).replaceAll("\\s+", "");
        assertThat(code).isNotEmpty();
        for (String statement : code.split("(?<=[;{}])")) {
            assertThat(source).contains(statement);
        }
    }

    @Test
    void aForwardThatDiedIsMendedByRunningItAgain() throws Exception {
        try (FakeEndpoint forward = FakeEndpoint.start("forward");
                Discovery discovery =
                        with(Map.of("discovery.services[orders.shop].static", "127.0.0.1:" + forward.port()))) {
            Service orders = discovery.service("orders.shop");
            assertThat(call(orders)).isEqualTo("forward");
            forward.refuse();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> call(orders)))
                    .hasMessageContaining("refused");
            forward.restore();
            assertThat(call(orders)).isEqualTo("forward");
        }
    }

    @Test
    void ofTwoForwardsInOneListTheOtherOneServes() throws Exception {
        try (FakeEndpoint one = FakeEndpoint.start("one");
                FakeEndpoint two = FakeEndpoint.start("two");
                Discovery discovery = with(Map.of(
                        "discovery.services[orders.shop].static",
                        "127.0.0.1:" + one.port() + ",127.0.0.1:" + two.port()))) {
            one.refuse();
            for (int i = 0; i < 10; i++) {
                assertThat(call(discovery.service("orders.shop"))).isEqualTo("two");
            }
        }
    }

    @Test
    void twoForwardsAsTwoTiers() throws Exception {
        try (FakeEndpoint home = FakeEndpoint.start("home");
                FakeEndpoint away = FakeEndpoint.start("away")) {
            String east = "127.0.0.1:" + home.port();
            String west = "127.0.0.1:" + away.port();
            Discovery discovery = Discovery.builder()
                    .tier(Tier.of("local", "cluster.local"), StaticSource.of(List.of(Endpoint.parse(east))))
                    .tier(Tier.of("clusterset", "clusterset.local"), StaticSource.of(List.of(Endpoint.parse(west))))
                    .build();
            try (discovery) {
                Service orders = discovery.service("orders.shop");
                for (int i = 0; i < 10; i++) {
                    assertThat(call(orders)).isEqualTo("home");
                }
                home.refuse();
                for (int i = 0; i < 10; i++) {
                    assertThat(call(orders)).isEqualTo("away");
                }
            }
        }
    }

    @Test
    void aClusterSetInOneProcess() throws Exception {
        try (FakeDnsServer dns = FakeDnsServer.start();
                FakeEndpoint home = FakeEndpoint.start("home");
                FakeEndpoint away = FakeEndpoint.start("away")) {
            dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
            dns.service("orders.shop.svc.clusterset.local", "127.0.0.1");
            Discovery discovery = Discovery.builder()
                    .tier(Tier.of("local", "cluster.local").withPort(home.port()))
                    .tier(Tier.of("clusterset", "clusterset.local").withPort(away.port()))
                    .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                    .build();
            try (discovery) {
                Service orders = discovery.service("orders.shop");
                assertThat(call(orders)).isEqualTo("home");
                home.refuse();
                assertThat(call(orders)).isEqualTo("away");
            }
        }
    }

    /** The test kit in a process of its own, and the application told of it by settings alone. */
    @Test
    void theTestKitAsATierByItsNameserver() throws Exception {
        try (FakeDnsServer dns = FakeDnsServer.start();
                FakeEndpoint fake = FakeEndpoint.start("fake")) {
            dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
            Map<String, String> settings = Map.of(
                    "discovery.tiers",
                    "local={service}.{namespace}.svc.{domain}@cluster.local:" + fake.port() + ",dns=" + dns.endpoint(),
                    "discovery.dns.allow-addresses",
                    "127.0.0.0/8");
            try (Discovery discovery = with(settings)) {
                assertThat(call(discovery.service("orders.shop"))).isEqualTo("fake");
            }
        }
    }
}
