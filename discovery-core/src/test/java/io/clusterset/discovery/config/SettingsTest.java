package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.Tier;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static List<InetSocketAddress> nameservers(String text) {
        return Settings.parseList(text, ',', Addresses::nameserver);
    }

    private static List<Tier> tiers(String text) {
        return Settings.parseList(text, ';', Tier::parse);
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsReadFromAFileAndFromTheEnvironmentUnderOneName(Setting setting) {
        Settings properties = Settings.none().withProperties(Map.of(setting.property(), " x "), "test");
        assertThat(properties.text(setting)).contains("x");
        Settings environment = Settings.none().withEnvironment(Map.of(setting.variable(), "y"));
        assertThat(environment.text(setting)).contains("y");
        assertThat(environment.origin(setting)).contains("environment variable " + setting.variable());
    }

    @Test
    void theLastLayerWinsAndItsOriginIsKept(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("discovery.properties"), "discovery.namespace=fromfile\n");
        Settings settings = Settings.none()
                .withEnvironment(Map.of("CLUSTERSET_NAMESPACE", "fromenv"))
                .withFile(file)
                .withProperties(Map.of("discovery.namespace", "last"), "test");
        assertThat(settings.text(Setting.NAMESPACE)).contains("last");
        assertThat(settings.origin(Setting.NAMESPACE)).contains("test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"failover.dwell", "services[orders.shop].static"})
    void aKeyWithoutThePrefixIsNearestToTheOneWithIt(String key) {
        assertThatThrownBy(() -> Settings.none().withProperties(Map.of(key, "5s"), "a.properties"))
                .hasMessage("a.properties: unknown key '" + key + "' (expected: a known key; nearest: discovery." + key
                        + ")");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> Settings.none()
                        .withProperties(Map.of("discovery.health.probe-intervall", "5s"), "a.properties"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a.properties: unknown key 'discovery.health.probe-intervall' "
                        + "(expected: a known key; nearest: discovery.health.probe-interval)");
    }

    @Test
    void anUnreadableFileIsRefusedByName(@TempDir Path folder) {
        assertThatThrownBy(() -> Settings.none().withFile(folder.resolve("nosuch.properties")))
                .hasMessageContaining("nosuch.properties: cannot be read");
    }

    @Test
    void badValuesNameKeyValueOriginAndExpectation() {
        Settings settings = Settings.none()
                .withProperties(
                        Map.of(
                                "discovery.health.probe-interval", "soon",
                                "discovery.default-port", "http",
                                "discovery.failover.steps", "5,x",
                                "discovery.dns.nameservers", "ns.example:53",
                                "discovery.dns.allow-addresses", "10.0.0.0/64",
                                "discovery.tiers", "local"),
                        "a.properties");
        assertThatThrownBy(() -> settings.read(Setting.HEALTH_PROBE_INTERVAL, Settings::parseDuration))
                .hasMessage(
                        "discovery.health.probe-interval: 'soon' from a.properties (expected: a duration such as 5s)");
        assertThatThrownBy(() -> settings.read(Setting.DEFAULT_PORT, Settings::parsePort))
                .hasMessageContaining("discovery.default-port: 'http'");
        assertThatThrownBy(() -> settings.read(
                        Setting.FAILOVER_STEPS, text -> Settings.parseList(text, ',', Settings::parseNumber)))
                .hasMessageContaining("'5,x'");
        assertThatThrownBy(() -> settings.read(Setting.DNS_NAMESERVERS, SettingsTest::nameservers))
                .hasMessageContaining("'ns.example:53'");
        assertThatThrownBy(() ->
                        settings.read(Setting.DNS_ALLOW_ADDRESSES, text -> Settings.parseList(text, ',', Cidr::parse)))
                .hasMessageContaining("'10.0.0.0/64'");
        assertThatThrownBy(() -> settings.read(Setting.TIERS, SettingsTest::tiers))
                .hasMessageContaining("discovery.tiers: 'local'");
    }

    @Test
    void aPodWithServicesCalledDiscoveryAndClustersetStartsClean() {
        Settings settings = Settings.none()
                .withEnvironment(Map.of(
                        "DISCOVERY_SERVICE_HOST", "10.0.0.1",
                        "DISCOVERY_NAMESPACE", "wrong",
                        "CLUSTERSET_SERVICE_HOST", "10.0.0.2",
                        "CLUSTERSET_SERVICE_PORT_HTTP", "80",
                        "CLUSTERSET_PORT", "tcp://10.0.0.2:80",
                        "CLUSTERSET_PORT_80_TCP_ADDR", "10.0.0.2",
                        "CLUSTERSET_DEFAULT_SERVICE_HOST", "10.0.0.3",
                        "CLUSTERSET_DEFAULT_PORT", "tcp://10.0.0.3:80",
                        "CLUSTERSET_DEFAULT_PORT_80_TCP_PROTO", "tcp",
                        "CLUSTERSET_NAMESPACE", "shop"));
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.text(Setting.NAMESPACE)).contains("shop");
        assertThat(settings.text(Setting.DEFAULT_PORT)).isEmpty();
    }

    @Test
    void unknownVariablesOnlyWarn() {
        Settings settings = Settings.none().withEnvironment(Map.of("CLUSTERSET_HEALTH_PROB", "tcp"));
        assertThat(settings.warnings())
                .containsExactly(
                        "environment variable CLUSTERSET_HEALTH_PROB is no setting (nearest: CLUSTERSET_HEALTH_PROBE)");
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "5s, PT5S", "2M, PT2M", "1h, PT1H", "PT90S, PT1M30S", "0s, PT0S"})
    void durationsAreWrittenShortOrIso(String text, Duration expected) {
        assertThat(Settings.parseDuration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5d", "1e3s", "99999999999s"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Settings.parseDuration(text)).hasMessageContaining("expected: a duration");
    }

    @Test
    void listsAreReadWithAnySpacing() {
        Settings settings = Settings.none()
                .withProperties(
                        Map.of(
                                "discovery.failover.steps", " 10, 100 ",
                                "discovery.dns.nameservers", "10.0.0.1:53, [fd00::1]:5353,",
                                "discovery.tiers", "a={service}.{domain}@cluster.local; b=lb@example.org:443"),
                        "test");
        assertThat(settings.read(Setting.FAILOVER_STEPS, text -> Settings.parseList(text, ',', Settings::parseNumber)))
                .contains(List.of(10, 100));
        assertThat(settings.read(Setting.DNS_NAMESERVERS, SettingsTest::nameservers)
                        .orElseThrow())
                .hasSize(2);
        assertThat(settings.read(Setting.DNS_TIMEOUT, Settings::parseDuration)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "discovery.services[orders.shop].prot, discovery.services[orders.shop].port",
        "discovery.services[orders.shop].statics, discovery.services[orders.shop].static",
        "discovery.services[orders.shop].tier, discovery.services[orders.shop].tiers",
        "discovery.services[orders.shop], discovery.services[SERVICE.NAMESPACE].tiers|port|name|static|probe|topology|balancer",
        "discovery.services.orders.shop.port, discovery.services[SERVICE.NAMESPACE].tiers|port|name|static|probe|topology|balancer",
        "discovery.services[].port, discovery.services[SERVICE.NAMESPACE].tiers|port|name|static|probe|topology|balancer",
        "discovery.services[[x]].port, discovery.services[SERVICE.NAMESPACE].tiers|port|name|static|probe|topology|balancer"
    })
    void anUnknownKeyOfOneServiceIsRefusedInFilesAndWarnedOfElsewhere(String key, String nearest) {
        assertThatThrownBy(() -> Settings.none().withProperties(Map.of(key, "x"), "a.properties"))
                .hasMessage(
                        "a.properties: unknown key '" + key + "' (expected: a known key; nearest: " + nearest + ")");
        assertThat(Settings.none().withSystemProperties(Map.of(key, "x")).warnings())
                .containsExactly("system property " + key + " is no setting (nearest: " + nearest + ")");
    }

    @Test
    void oneServicesSettingsAreReadFromFilesAndSystemProperties(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("discovery.properties"), """
                discovery.services[orders.shop].port=http
                discovery.services[orders.shop].name = orders-v2.shop
                discovery.services[db].static: 10.0.0.1:5432, [fd00::1]:5432
                discovery.services[db].name=
                """);
        Settings settings = Settings.none()
                .withFile(file)
                .withSystemProperties(Map.of("discovery.services[orders.shop].name", "orders-v3.shop"));
        assertThat(settings.services()).containsExactly("db", "orders.shop");
        assertThat(settings.read("orders.shop", ServiceSetting.PORT, text -> text))
                .contains("http");
        assertThat(settings.read("orders.shop", ServiceSetting.NAME, text -> text))
                .contains("orders-v3.shop");
        assertThat(settings.read("db", ServiceSetting.NAME, text -> text)).isEmpty();
        assertThat(settings.read("db", ServiceSetting.STATIC, text -> Settings.parseList(text, ',', Endpoint::parse))
                        .orElseThrow())
                .hasSize(2);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void oneServicesSettingsInTheEnvironmentAreWarnedOf() {
        assertThat(Settings.none()
                        .withEnvironment(Map.of("CLUSTERSET_SERVICES_ORDERS_SHOP_PORT", "http"))
                        .warnings())
                .containsExactly(
                        "environment variable CLUSTERSET_SERVICES_ORDERS_SHOP_PORT is no setting (one service's are "
                                + "read from files and system properties: discovery.services[SERVICE.NAMESPACE].tiers|port|name|static|probe|topology|balancer)");
    }

    @Test
    void theOneOfSeveralThatIsWrongIsNamed() {
        Settings settings = Settings.none()
                .withProperties(
                        Map.of(
                                "discovery.tiers",
                                "a=environment;b={svc}@cluster.local",
                                "discovery.dns.nameservers",
                                "10.0.0.1,x"),
                        "test");
        assertThatThrownBy(() -> settings.read(Setting.TIERS, SettingsTest::tiers))
                .hasMessageContaining(": tier b: template '{svc}' (expected: ");
        assertThatThrownBy(() -> settings.read(Setting.DNS_NAMESERVERS, SettingsTest::nameservers))
                .hasMessageContaining(": 'x': not an IP address (expected: IP[:PORT]");
    }
}
