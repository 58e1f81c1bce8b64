package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.scenario.World;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link EverySettingTest}, of the settings of one service, which its explanation shows. */
class EveryServiceSettingTest {

    private static final String ORDERS = "orders.shop";

    private static final Map<ServiceSetting, Row> ROWS = rows();

    @TempDir
    Path folder;

    /**
     * What is tried with one setting.
     *
     * @param saidShown a third value, said by the builder, as shown
     * @param bad refused, each with what the message says besides key, value and origin
     */
    private record Row(
            String one,
            String other,
            String saidShown,
            UnaryOperator<ServiceOptions.Builder> said,
            Map<String, String> bad) {}

    private static Map<ServiceSetting, Row> rows() {
        Map<ServiceSetting, Row> rows = new EnumMap<>(ServiceSetting.class);
        String tier = "(expected: name=template@domain";
        rows.put(
                ServiceSetting.TIERS,
                new Row(
                        "local",
                        "clusterset;local",
                        "clusterset={service}.{namespace}.svc.{domain}@clusterset.local",
                        s -> s.tiers(Tier.of("clusterset", "clusterset.local")),
                        Map.of("nosuch", tier, ";", tier, "local;local", "tiers: local, local (expected: ")));
        String port = "(expected: a number from 1 to 65535, or a port name)";
        rows.put(
                ServiceSetting.PORT,
                new Row("http", "8080", "9090", s -> s.port(9090), Map.of("0", port, "65536", port, "a_b", port)));
        String name = "(expected: SERVICE.NAMESPACE)";
        rows.put(
                ServiceSetting.NAME,
                new Row(
                        "orders-v2.shop",
                        "orders-v3.shop",
                        "orders-v4.shop",
                        s -> s.name("orders-v4.shop"),
                        Map.of("a.b.svc", name, "a_b.c", name)));
        String list = "(expected: IP:PORT, separated by commas)";
        rows.put(
                ServiceSetting.STATIC,
                new Row(
                        "10.0.0.1:80",
                        "10.0.0.2:80,[fd00::1]:80",
                        "10.0.0.3:80,10.0.0.4:80",
                        s -> s.staticList(List.of(Endpoint.parse("10.0.0.3:80"), Endpoint.parse("10.0.0.4:80"))),
                        Map.of("10.0.0.1", list, "db.example:80", list, ",", list)));
        rows.put(
                ServiceSetting.PROBE,
                new Row(
                        "none",
                        "http:/ready",
                        "https:/ok",
                        s -> s.probe(Probe.https("/ok")),
                        Map.of("icmp", "(expected: tcp, http:/PATH, https:/PATH or none)")));
        rows.put(
                ServiceSetting.TOPOLOGY,
                new Row(
                        "any",
                        "hints+prefer-node",
                        "clusters:a,b",
                        s -> s.topology(Topology.clusters("a", "b")),
                        Map.of("near", "(expected: any, hints, ", "ladder:*,a", ": ladder: '*' (expected: any, ")));
        rows.put(
                ServiceSetting.BALANCER,
                new Row(
                        "sticky",
                        "random",
                        "peak-ewma",
                        s -> s.balancer(Balancer.peakEwma()),
                        Map.of("fast", "(expected: weighted-round-robin, random, ")));
        return rows;
    }

    @Test
    void noneIsLeftOut() {
        assertThat(ROWS).containsOnlyKeys(ServiceSetting.values());
    }

    private static Row rowOf(ServiceSetting setting) {
        return Optional.ofNullable(ROWS.get(setting)).orElseThrow();
    }

    private static List<Provenance> all(Settings settings, UnaryOperator<Discovery.Builder> change) {
        try (World world = new World(builder -> change.apply(builder.settings(settings)))) {
            world.local.says(World.found("10.0.0.9:80"));
            world.clusterset.says(World.found("10.1.0.9:80"));
            return world.orders().explain().settings().stream()
                    .filter(one -> one.key().startsWith("discovery.services["))
                    .toList();
        }
    }

    private static List<Provenance> all(Settings settings) {
        return all(settings, builder -> builder);
    }

    private static Settings properties(ServiceSetting setting, String value) {
        return Settings.none().withProperties(Map.of(setting.property(ORDERS), value), "a.properties");
    }

    @ParameterizedTest
    @EnumSource(ServiceSetting.class)
    void unlessSomebodySaysSoNothingIsSet(ServiceSetting setting) {
        assertThat(all(Settings.none())).isEmpty();
        assertThat(all(properties(setting, " "))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ServiceSetting.class)
    void theLaterLayerWinsAndTheBuilderOverAll(ServiceSetting setting) throws IOException {
        Row row = rowOf(setting);
        String key = setting.property(ORDERS);
        Path path = Files.writeString(folder.resolve("a.properties"), key + "=" + row.other());
        Settings packaged = Settings.none().withProperties(Map.of(key, row.one()), "packaged");
        Settings file = packaged.withFile(path);
        Settings property = file.withSystemProperties(Map.of(key, row.one()));
        assertThat(all(packaged)).containsExactly(new Provenance(key, row.one(), "packaged"));
        assertThat(all(file)).containsExactly(new Provenance(key, row.other(), path.toString()));
        assertThat(all(property)).containsExactly(new Provenance(key, row.one(), "system property"));
        assertThat(all(packaged.withSystemProperties(Map.of(key, row.other()))))
                .containsExactly(new Provenance(key, row.other(), "system property"));
        for (Settings below : List.of(Settings.none(), packaged, file, property)) {
            assertThat(all(below, builder -> builder.service("orders", row.said())))
                    .containsExactly(new Provenance(key, row.saidShown(), Provenance.BUILDER));
        }
    }

    @ParameterizedTest
    @EnumSource(ServiceSetting.class)
    void aBadValueIsRefusedWithKeyValueOriginAndExpectation(ServiceSetting setting) {
        rowOf(setting)
                .bad()
                .forEach((value, why) -> assertThatThrownBy(() -> all(properties(setting, value)))
                        .as(value)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(
                                setting.property(ORDERS) + ": " + Text.quote(value) + " from a.properties")
                        .hasMessageContaining(why)
                        .hasMessageContaining("(expected: "));
    }

    @ParameterizedTest
    @EnumSource(ServiceSetting.class)
    void whateverIsShownCanBeWrittenIntoAFileAgain(ServiceSetting setting) throws IOException {
        Row row = rowOf(setting);
        for (List<Provenance> shown : List.of(
                all(properties(setting, row.one())),
                all(properties(setting, row.other())),
                all(Settings.none(), builder -> builder.service(ORDERS, row.said())))) {
            Path path = Files.writeString(
                    folder.resolve("b.properties"),
                    shown.get(0).key() + "=" + shown.get(0).value());
            assertThat(all(Settings.none().withFile(path)))
                    .containsExactly(
                            new Provenance(shown.get(0).key(), shown.get(0).value(), path.toString()));
        }
    }

    @Test
    void oneSpellingStandsForAllOfThem() {
        Settings settings = Settings.none()
                .withProperties(
                        Map.of("discovery.services[orders].port", "http", "discovery.services[orders].probe", "none"),
                        "a.properties");
        assertThat(all(settings, builder -> builder.service(ORDERS, s -> s.probe(Probe.tcp()))))
                .extracting(Provenance::toString)
                .containsExactly(
                        "discovery.services[orders].port=http (a.properties)",
                        "discovery.services[orders].probe=tcp (builder)");
        Settings both = settings.withSystemProperties(Map.of("discovery.services[orders.shop].port", "80"));
        assertThatThrownBy(() -> all(both))
                .hasMessage("discovery.services[orders.shop]: said before in another spelling (expected: one for one"
                        + " service), with discovery.services[orders.shop].port: '80' from system property");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orders.shop | static=10.0.0.1:80, name=a.shop | static: ",
                "orders.shop | tiers=x={service}.a@a;y={service}.a@a | tiers: x and y ask ",
                "orders.shop.svc | port=80 | : 'orders.shop.svc' (expected: SERVICE.NAMESPACE)",
                "a_b.c | port=80 | a_b",
            })
    void whatIsWrongTogetherNamesWhereItCameFrom(String service, String said, String why) {
        Map<String, String> properties = new TreeMap<>();
        for (String one : said.split(", ")) {
            String[] parts = one.split("=", 2);
            properties.put("discovery.services[" + service + "]." + parts[0], parts[1]);
        }
        Settings settings = Settings.none().withProperties(properties, "a.properties");
        assertThatThrownBy(() -> all(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("discovery.services[" + service + "]")
                .hasMessageContaining(why)
                .hasMessageContaining("from a.properties")
                .hasMessageContaining("(expected: ");
    }

    /** What the application says may contradict a file it does not know of. */
    @Test
    void whereBuilderAndFileContradictEachOtherTheFileIsNamed() {
        assertThatThrownBy(() -> all(
                        properties(ServiceSetting.STATIC, "10.0.0.1:80"),
                        builder -> builder.service(ORDERS, s -> s.name("orders-v2.shop"))))
                .hasMessageStartingWith("discovery.services[orders.shop].static: ")
                .hasMessageEndingWith(", with discovery.services[orders.shop].static: '10.0.0.1:80' from a.properties");
    }

    /** The last of many endpoints counts too. */
    @Test
    void aLongListIsNotCut() {
        StringBuilder list = new StringBuilder("10.0.0.1:80");
        for (int i = 2; i < 100; i++) {
            list.append(",10.0.0.").append(i).append(":80");
        }
        assertThat(all(properties(ServiceSetting.STATIC, list.toString())))
                .extracting(Provenance::value)
                .containsExactly(list.toString());
    }

    @Test
    void aReloadThatChangesOnlyTheEndOfALongListIsTakenOver() {
        Map<String, String> file = new TreeMap<>();
        String list = "10.0.0.1:80,".repeat(30).replace("10.0.0.1:80,", "10.0.0.1:80, ");
        file.put("discovery.services[orders.shop].static", list + "10.0.0.8:80");
        try (World world =
                new World(builder -> builder.settings(() -> Settings.none().withProperties(file, "a.properties")))) {
            assertThat(world.orders().explain().toString()).contains("10.0.0.8:80");
            file.put("discovery.services[orders.shop].static", list + "10.0.0.9:80");
            assertThat(world.discovery.reload().changed()).hasSize(1);
            world.pass(100);
            assertThat(world.orders().explain().toString()).contains("endpoint  10.0.0.9:80");
        }
    }
}
