package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names, in which tiers, at which ports a service is looked up; over a real DNS server, and what single services may say. */
class OneServiceTest {

    private static final String LOCAL = "local={service}.{namespace}.svc.{domain}@cluster.local";
    private static final String SET = "set={service}.{namespace}.svc.clusterset.local@clusterset.local";
    private static final Map<String, String> VARIABLES = Map.of(
            "ORDERS_SERVICE_HOST", "10.96.0.2",
            "ORDERS_SERVICE_PORT", "8080",
            "ORDERS_SERVICE_PORT_HTTP", "8081");

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final FakeDnsServer other = FakeDnsServer.start();

    OneServiceTest() {
        dns.serving("cluster.local", "clusterset.local", "example.com");
        dns.service("orders.shop.svc.cluster.local", "10.0.0.1");
        dns.service("orders.shop.svc.clusterset.local", "10.1.0.1");
        dns.service("orders-v2.shop.svc.cluster.local", "10.0.0.2");
        dns.service("orders-v2.shop.svc.clusterset.local", "10.1.0.2");
        dns.service("derived-orders.shop.svc.cluster.local", "10.2.0.1");
        dns.service("db-0.orders.shop.svc.cluster.local", "10.0.0.7");
        dns.service("payments-dr.example.com", "10.3.0.1");
        dns.service("kubernetes.default.svc.cluster.local", "10.96.0.1");
        dns.service("kubernetes.default.svc.clusterset.local", "10.97.0.1");
        dns.srvService("pods.shop.svc.cluster.local", "http", "10.0.1.1:8080");
        dns.srvService("pods.shop.svc.clusterset.local", "http", "10.1.1.1:8080");
        other.serving("cluster.local", "clusterset.local");
        other.service("orders.shop.svc.cluster.local", "10.9.0.1");
    }

    @AfterEach
    void close() {
        dns.close();
        other.close();
    }

    private Discovery.Builder builder(Map<String, String> settings) {
        return Discovery.builder()
                .settings(Settings.none().withProperties(settings, "a.properties"))
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of(), VARIABLES))
                .dns(d -> d.nameservers(List.of(dns.address())));
    }

    /** {@code tier ADDRESS:PORT} of every tier the service is looked up in; {@code tier outcome} where there is none. */
    private static String seen(Discovery discovery, String name) throws Exception {
        Service service = discovery.service(name);
        Decision decision = service.examine(false)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .decision();
        return decision.tiers().stream()
                .map(tier -> tier.view().tier() + " "
                        + (tier.candidates().isEmpty()
                                ? tier.view().resolution().word()
                                : tier.candidates().stream()
                                        .map(candidate -> candidate.endpoint().authority())
                                        .collect(Collectors.joining(" "))))
                .collect(Collectors.joining(", "));
    }

    private String seen(Map<String, String> settings, String name) throws Exception {
        try (Discovery discovery = builder(settings).build()) {
            return seen(discovery, name);
        }
    }

    /** A tier's port wins over a port of SRV, a static list or the variables; that over the caller's; that over the default. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // nobody says a port: the default
                "LOCAL;SET | orders.shop | local 10.0.0.1:80, set 10.1.0.1:80",
                // a number is the Service's port
                "LOCAL;SET | orders.shop:9090 | local 10.0.0.1:9090, set 10.1.0.1:9090",
                // VIP:80 at home, pods:8080 in the cluster set
                "LOCAL;SET:8080 | orders.shop | local 10.0.0.1:80, set 10.1.0.1:8080",
                "LOCAL;SET:8080 | orders.shop:9090 | local 10.0.0.1:9090, set 10.1.0.1:8080",
                "LOCAL:80;SET:8080 | orders.shop:9090 | local 10.0.0.1:80, set 10.1.0.1:8080",
                // a name is translated by SRV, where a tier has no port of its own
                "LOCAL;SET | pods.shop:http | local 10.0.1.1:8080, set 10.1.1.1:8080",
                "LOCAL;SET | _http._tcp.pods.shop | local 10.0.1.1:8080, set 10.1.1.1:8080",
                "LOCAL:80;SET | pods.shop:http | local 10.0.1.1:80, set 10.1.1.1:8080",
                "LOCAL;SET:443 | pods.shop:http | local 10.0.1.1:8080, set 10.1.1.1:443",
                // and asked for nothing by those who don't use names
                "LOCAL;SET | pods.shop:7070 | local 10.0.1.1:7070, set 10.1.1.1:7070",
                // a load balancer has its own port
                "LOCAL;dr=payments-dr.example.com@example.com:443 | orders.shop:http | local empty, dr 10.3.0.1:443",
                "LOCAL;dr=payments-dr.example.com@example.com:443 | orders.shop:9090 | local 10.0.0.1:9090, dr 10.3.0.1:443",
                // the variables know the Service's ports; a number is one of them
                "env=environment;LOCAL | orders.shop | env 10.96.0.2:8080, local 10.0.0.1:80",
                "env=environment;LOCAL | orders.shop:9090 | env 10.96.0.2:9090, local 10.0.0.1:9090",
                "LOCAL;env=environment | orders:http | local empty, env 10.96.0.2:8081",
                "env=environment;LOCAL | orders.shop:smtp | env empty, local empty",
                "env=environment;LOCAL | nosuch.shop | env no-such-name, local no-such-name",
                // names of one tier
                "env=environment;LOCAL | orders.other | env no-such-name, local no-such-name",
                "env=environment;LOCAL;SET | kubernetes.default:443 | local 10.96.0.1:443",
                "LOCAL;SET:8080 | db-0.orders.shop.svc.cluster.local:5432 | local 10.0.0.7:5432",
                "LOCAL:81;SET | orders.shop.svc.cluster.local.:5432 | local 10.0.0.1:81",
                // more than two tiers, Karmada's among them
                "LOCAL;SET;k=derived-{service}.{namespace}.svc.{clusterDomain}@cluster.local;"
                        + "dr=payments-dr.example.com@example.com:443 | orders.shop"
                        + " | local 10.0.0.1:80, set 10.1.0.1:80, k 10.2.0.1:80, dr 10.3.0.1:443",
                "LOCAL;k=derived-{service}.{namespace}.svc.{clusterDomain}@cluster.local:8080 | orders.shop.svc.cluster.local:9090"
                        + " | local 10.0.0.1:9090, k 10.2.0.1:8080",
                // nameservers of a tier's own
                "LOCAL;b={service}.{namespace}.svc.{domain}@cluster.local:30080,dns=OTHER | orders.shop"
                        + " | local 10.0.0.1:80, b 10.9.0.1:30080",
            })
    void everyTierIsAskedItsNameAndHasItsPort(String tiers, String name, String expected) throws Exception {
        assertThat(seen(Map.of("discovery.tiers", tiers(tiers)), name)).isEqualTo(expected);
    }

    private String tiers(String shorthand) {
        return shorthand
                .replace("LOCAL", LOCAL)
                .replace("SET", SET)
                .replace(
                        "OTHER",
                        Endpoint.of(other.address().getAddress(), other.port()).authority());
    }

    /** Settings of orders.shop, and what the same names come to with them; "static" is the one that asks nobody. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "port=9090 | orders.shop | local 10.0.0.1:9090, clusterset 10.1.0.1:9090",
                "port=9090 | orders | local 10.0.0.1:9090, clusterset 10.1.0.1:9090",
                "port=9090 | orders.shop.svc.clusterset.local | clusterset 10.1.0.1:9090",
                "port=9090 | orders.shop:81 | local 10.0.0.1:81, clusterset 10.1.0.1:81",
                "port=9090 | orders-v2.shop | local 10.0.0.2:80, clusterset 10.1.0.2:80",
                "port=http | orders.shop | local empty, clusterset empty",
                "name=orders-v2.shop | orders.shop | local 10.0.0.2:80, clusterset 10.1.0.2:80",
                "name=orders-v2 | orders.shop.svc.clusterset.local:90 | clusterset 10.1.0.2:90",
                "name=orders-v2.shop | orders.shop.svc.cluster.local. | local 10.0.0.1:80",
                "name=pods.shop;port=http | orders.shop | local 10.0.1.1:8080, clusterset 10.1.1.1:8080",
                "tiers=local | orders.shop | local 10.0.0.1:80",
                "tiers=local | orders.shop.svc.cluster.local | local 10.0.0.1:80",
                "tiers=clusterset;local | orders.shop | clusterset 10.1.0.1:80, local 10.0.0.1:80",
                "tiers=clusterset;local | orders-v2.shop | local 10.0.0.2:80, clusterset 10.1.0.2:80",
                "tiers=local;dr=payments-dr.example.com@example.com:443 | orders.shop | local 10.0.0.1:80, dr 10.3.0.1:443",
                "tiers=dr=payments-dr.example.com@example.com:443 | orders.shop.svc.cluster.local | dr 10.3.0.1:443",
                "tiers=local={service}.{namespace}.svc.{domain}@cluster.local:81,dns=OTHER | orders.shop | local 10.9.0.1:81",
                "tiers=local={service}.{namespace}.svc.{domain}@cluster.local:81,dns=OTHER | orders.shop.svc.cluster.local. | local 10.9.0.1:81",
                "tiers=env=environment;local | orders.shop | env 10.96.0.2:8080, local 10.0.0.1:80",
                "tiers=env=environment;local;name=orders-v2.shop | orders.shop | env no-such-name, local 10.0.0.2:80",
                "tiers=k=derived-{service}.{namespace}.svc.{clusterDomain}@cluster.local | orders.shop.svc.cluster.local | k 10.2.0.1:80",
                "static=127.0.0.1:8080,[::1]:8081 | orders.shop | static 127.0.0.1:8080 [::1]:8081",
                "static=127.0.0.1:8080 | orders.shop.svc.clusterset.local:9090 | static 127.0.0.1:8080",
                "static=127.0.0.1:8080 | orders.shop:http | static 127.0.0.1:8080",
                "static=127.0.0.1:8080 | orders.shop.svc.cluster.local. | local 10.0.0.1:80",
                "static=127.0.0.1:8080 | orders-v2.shop | local 10.0.0.2:80, clusterset 10.1.0.2:80"
            })
    void oneServiceHasSettingsOfItsOwn(String settings, String name, String expected) throws Exception {
        Map<String, String> properties = new TreeMap<>();
        for (String setting : tiers(settings).split(";(?=name|port)")) {
            int equals = setting.indexOf('=');
            properties.put(
                    "discovery.services[orders.shop]." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        assertThat(seen(properties, name)).isEqualTo(expected);
        if (settings.startsWith("static") && expected.startsWith("static")) {
            assertThat(dns.questions()).isEmpty();
        }
    }

    @Test
    void aNameInATierThatOneServiceLeftOutIsRefusedWithItsTiers() {
        try (Discovery discovery = builder(Map.of("discovery.services[orders.shop].tiers", "local"))
                .build()) {
            assertThatThrownBy(() -> discovery.service("orders.shop.svc.clusterset.local"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "'orders.shop.svc.clusterset.local': this service has tiers of its own (local), none of them"
                                    + " in clusterset.local (expected: orders.shop)");
        }
    }

    @Test
    void theBuilderSaysTheSameAndWinsOverSettings() throws Exception {
        Tier dr = Tier.parse("dr=payments-dr.example.com@example.com:443");
        try (Discovery discovery = builder(Map.of(
                        "discovery.services[orders.shop].port", "9090",
                        "discovery.services[orders.shop].tiers", "clusterset",
                        "discovery.services[orders].name", ""))
                .service(
                        "orders",
                        s -> s.tiers(Tier.of("home", "cluster.local"), dr).name("orders-v2.shop"))
                .service("db.shop", s -> s.staticList(List.of(Endpoint.parse("127.0.0.1:5432"))))
                .build()) {
            assertThat(seen(discovery, "orders.shop")).isEqualTo("home 10.0.0.2:9090, dr 10.3.0.1:443");
            assertThat(seen(discovery, "db.shop")).isEqualTo("static 127.0.0.1:5432");
            assertThat(discovery.service("orders")).isSameAs(discovery.service("orders.shop:9090"));
            assertThat(discovery.service("orders").explain().toString()).contains("orders.shop", "orders-v2.shop");
            assertThat(discovery.tiers()).extracting(Tier::name).containsExactly("local", "clusterset");
        }
    }

    @Test
    void aTierWithASourceOfItsOwnIsAskedForAServiceUnderAnotherNameToo() throws Exception {
        Tier mine = Tier.of("mine", "cluster.local");
        StaticSource source = StaticSource.of(List.of(Endpoint.parse("10.5.0.1:80")));
        try (Discovery discovery = builder(Map.of())
                .tier(mine, source)
                .service("orders", s -> s.name("orders-v2.shop"))
                .build()) {
            assertThat(seen(discovery, "orders.shop")).isEqualTo("mine 10.5.0.1:80");
            assertThat(dns.questions()).isEmpty();
        }
    }

    @Test
    void aTierWithASourceOfItsOwnIsAskedForAServiceThatGuardsItToo() throws Exception {
        Tier mine = Tier.of("mine", "cluster.local");
        StaticSource source = StaticSource.of(List.of(Endpoint.parse("10.5.0.1:80")));
        try (Discovery discovery = builder(Map.of())
                .tier(mine, source)
                .service("orders", s -> s.tiers(mine.withMaxLoad(50).withMinEndpoints(2)))
                .build()) {
            assertThat(seen(discovery, "orders.shop")).isEqualTo("mine 10.5.0.1:80");
            assertThat(dns.questions()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[orders.shop].port=http_2 | discovery.services[orders.shop].port: 'http_2' from a.properties: port: 'http_2' "
                        + "(expected: a number from 1 to 65535, or a port name)",
                "[orders.shop].port=0 | discovery.services[orders.shop].port: '0' from a.properties: port: 0 (expected: ",
                "[orders.shop].name=a.b.c | discovery.services[orders.shop].name: 'a.b.c' from a.properties (expected: SERVICE.NAMESPACE)",
                "[orders.shop].name=A_B | discovery.services[orders.shop].name: 'A_B' from a.properties: label 'A_B'",
                "[orders.shop].static=127.0.0.1 | discovery.services[orders.shop].static: '127.0.0.1' from a.properties: "
                        + "no port (expected: IP:PORT, separated by commas)",
                "[orders.shop].static=10.0.0.1:80,lb.example:80 | 'lb.example': not an IP address (expected: IP:PORT",
                "[orders.shop].tiers=nosuch | discovery.services[orders.shop].tiers: 'nosuch' from a.properties: tier: 'nosuch' "
                        + "(expected: name=template@domain[:port][,dns=IP[:PORT]], name=environment or the name of a tier",
                "[orders.shop].tiers=local;local | discovery.services[orders.shop]: tiers: local, local (expected: names that differ)",
                "[orders.shop].tiers=local;twin=LOCAL | tiers: local and twin ask for the same names under cluster.local",
                "[orders.shop].tiers=a=environment;b=environment | tiers: a and b ask for the same names (expected",
                "[orders.shop.svc].port=80 | discovery.services[orders.shop.svc]: 'orders.shop.svc' (expected: SERVICE.NAMESPACE)",
                "[a..b].port=80 | discovery.services[a..b]: 'a..b': empty label",
                "[orders_x].port=80 | discovery.services[orders_x]: 'orders_x': label 'orders_x'"
            })
    void whatIsWrongWithOneServiceIsSaidWithItsName(String setting, String said) {
        int equals = setting.indexOf('=');
        String value = setting.substring(equals + 1)
                .replace("LOCAL", "{service}.{namespace}.svc.{clusterDomain}@cluster.local");
        Map<String, String> settings = Map.of("discovery.services" + setting.substring(0, equals), value);
        assertThatThrownBy(() -> builder(settings).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void whatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> builder(Map.of(
                                "discovery.services[orders.shop].static", "10.0.0.1:80",
                                "discovery.services[orders.shop].name", "orders-v2"))
                        .build())
                .hasMessage(
                        "discovery.services[orders.shop].static: [10.0.0.1:80] (expected: neither tiers nor name beside it, "
                                + "for nothing is looked up), with discovery.services[orders.shop].name: 'orders-v2' from a.properties, "
                                + "discovery.services[orders.shop].static: '10.0.0.1:80' from a.properties");
        assertThatThrownBy(() -> builder(Map.of(
                                "discovery.services[orders.shop].port", "80",
                                "discovery.services[Orders].port", "81"))
                        .build())
                .hasMessageContaining("said before in another spelling");
        assertThatThrownBy(() -> builder(Map.of())
                        .service("orders.shop.svc.cluster.local", s -> s.port(80))
                        .build())
                .hasMessageContaining("discovery.services[orders.shop.svc.cluster.local]: ");
        assertThatThrownBy(() ->
                        builder(Map.of()).service("orders", s -> s.port(0)).build())
                .hasMessageContaining("port: 0 (expected: 1 to 65535)");
    }
}
