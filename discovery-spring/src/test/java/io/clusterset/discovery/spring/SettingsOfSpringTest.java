package io.clusterset.discovery.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.model.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class SettingsOfSpringTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DiscoveryAutoConfiguration.class));

    /** A value of each setting that is not its default, as Spring users write it, and as the core then shows it. */
    static Stream<Arguments> everySetting() {
        return Stream.of(
                arguments(Setting.ENABLED, "TRUE", "true"),
                arguments(Setting.NAMESPACE, "shop", "shop"),
                arguments(Setting.CLUSTER_DOMAIN, "a.local", "a.local"),
                arguments(Setting.CLUSTERSET_DOMAIN, "b.local", "b.local"),
                arguments(
                        Setting.TIERS,
                        "a={service}.{domain}@a.local,dns=10.0.0.1:53; env=environment",
                        "a={service}.{domain}@a.local,dns=10.0.0.1:53; env=environment"),
                arguments(Setting.DEFAULT_PORT, "8080", "8080"),
                arguments(Setting.NAMES_ONLY, "orders.shop,*.billing", "orders.shop,*.billing"),
                arguments(Setting.DNS_NAMESERVERS, "10.0.0.1, 10.0.0.2:5353", "10.0.0.1:53,10.0.0.2:5353"),
                arguments(Setting.DNS_ALLOW_ADDRESSES, "127.0.0.0/8", "127.0.0.0/8"),
                arguments(Setting.DNS_TIMEOUT, "1500", "1500ms"),
                arguments(Setting.DNS_SRV_WEIGHTS, "true", "true"),
                arguments(Setting.KUBERNETES_WATCH, "services", "services"),
                arguments(Setting.KUBERNETES_KUBECONFIG, "target/kubeconfig", "target/kubeconfig"),
                arguments(Setting.CACHE_MIN_TTL, "2s", "2s"),
                arguments(Setting.CACHE_MAX_TTL, "PT30S", "30s"),
                arguments(Setting.CACHE_MAX_NEGATIVE_TTL, "2s", "2s"),
                arguments(Setting.CACHE_STALE_FOR, "1d", "24h"),
                arguments(Setting.CACHE_SNAPSHOT_DIRECTORY, "target/snapshots", "target/snapshots"),
                arguments(Setting.HEALTH_PROBE, "http:/ready", "http:/ready"),
                arguments(Setting.HEALTH_PROBING, "off", "off"),
                arguments(Setting.HEALTH_PROBE_INTERVAL, "3s", "3s"),
                arguments(Setting.HEALTH_PROBE_TIMEOUT, "200ms", "200ms"),
                arguments(Setting.HEALTH_HEALTHY_AFTER, "3", "3"),
                arguments(Setting.HEALTH_UNHEALTHY_AFTER, "2", "2"),
                arguments(Setting.FAILOVER_DWELL, "1m", "1m"),
                arguments(Setting.FAILOVER_STEPS, "10,100", "10,100"),
                arguments(Setting.FAILOVER_STEP_INTERVAL, "5s", "5s"),
                arguments(Setting.TOPOLOGY_REGION, "eu", "eu"),
                arguments(Setting.TOPOLOGY_ZONE, "eu-1", "eu-1"),
                arguments(Setting.TOPOLOGY_NODE, "n1", "n1"),
                arguments(Setting.TOPOLOGY_CLUSTER, "west", "west"),
                arguments(Setting.TOPOLOGY_POLICY, "ladder:zone,region,*", "ladder:"),
                arguments(
                        Setting.TOPOLOGY_PLACES, "10.1.0.0/16 region=eu; 10.2.0.0/16 zone=b", "10.1.0.0/16 region=eu"),
                arguments(Setting.TOPOLOGY_LABELS_FILE, "target/labels", "target/labels"),
                arguments(Setting.BALANCE_BALANCER, "peak-ewma", "peak-ewma"),
                arguments(Setting.BALANCE_SLOW_START, "0s", "0s"),
                arguments(Setting.BALANCE_SUBSET, "20", "20"),
                arguments(Setting.BALANCE_CLIENT, "pod-1", "pod-1"),
                arguments(Setting.BUDGET_PERCENT, "5", "5"),
                arguments(Setting.BUDGET_PER_SECOND, "1", "1"));
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void eachSettingIsAProperty(Setting setting, String written, String shown) {
        runner.withPropertyValues(setting.property() + "=" + written).run(context -> {
            assertThat(context).hasNotFailed();
            Provenance held = of(context.getBean(Discovery.class), setting);
            assertThat(held.value()).startsWith(shown);
            assertThat(held.isDefault()).isFalse();
        });
    }

    @Test
    void noSettingIsForgotten() throws IOException {
        Set<Setting> covered = EnumSet.of(Setting.CONFIG);
        everySetting().forEach(row -> covered.add((Setting) row.get()[0]));
        assertThat(covered).containsExactlyInAnyOrder(Setting.values());
        String metadata = text("META-INF/spring-configuration-metadata.json");
        for (Setting setting : Setting.values()) {
            assertThat(metadata).contains("\"name\": \"" + setting.property() + "\"");
        }
    }

    private static Provenance of(Discovery discovery, Setting setting) {
        return discovery.settings().stream()
                .filter(held -> held.key().equals(setting.property()))
                .findFirst()
                .orElseThrow();
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = SettingsOfSpringTest.class.getClassLoader().getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "discovery.dns.servers,dns.nameservers,127.0.0.1:5353",
        "discovery.allow-addresses,dns.allow-addresses,127.0.0.0/8"
    })
    void twoKeysHaveASecondName(String alias, String key, String value) {
        runner.withPropertyValues(alias + "=" + value)
                .run(context -> assertThat(context.getBean(Discovery.class).settings())
                        .filteredOn(held -> held.key().equals("discovery." + key))
                        .allSatisfy(held -> assertThat(held.value()).isEqualTo(value))
                        .hasSize(1));
    }

    @Test
    void nothingIsMadeWithTheLibraryOff() {
        runner.withPropertyValues("discovery.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Discovery.class));
    }

    @Test
    void theUsersDiscoveryWins() {
        Discovery own = Discovery.create();
        runner.withBean("own", Discovery.class, () -> own)
                .withPropertyValues("discovery.health.healthy-after=99")
                .run(context -> assertThat(context.getBean(Discovery.class)).isSameAs(own));
    }

    @Test
    void itIsClosedWithTheContext() {
        List<Discovery> made = new ArrayList<>();
        runner.run(context -> made.add(context.getBean(Discovery.class)));
        assertThatThrownBy(() -> made.get(0).service("orders.shop")).hasMessageContaining("closed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "discovery.health.healthy-after=99 | discovery.health.healthy-after | 99 | 1 to 10",
                "discovery.health.probing=sometimes | discovery.health.probing | sometimes | off, on-suspicion or always",
                "discovery.dns.nameservers=ns.example | discovery.dns.nameservers | ns.example | IP[:PORT]",
                "discovery.failover.dwell=soon | discovery.failover.dwell | soon | java.time.Duration",
                "discovery.services[orders.shop].port=70000 | discovery.services[orders.shop].port | 70000 | 1 to 65535"
            })
    void badValuesEndTheStartWithKeyValueAndExpectation(String property, String key, String value, String expected) {
        runner.withPropertyValues(property).run(context -> {
            assertThat(context).hasFailed();
            assertThat(UnusableSettings.text(Objects.requireNonNull(context.getStartupFailure())))
                    .contains(key, value, expected);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown | discovery.health.probe-intervall | discovery.health.probe-interval",
                "flat | discovery.services.orders.shop.port | discovery.services[SERVICE.NAMESPACE]"
            })
    void slipsOfThePenAreRefusedWhereNobodyElseHasAnyBusiness(String file, String key, String nearest) {
        assertThatThrownBy(() -> start(file))
                .satisfies(thrown ->
                        assertThat(UnusableSettings.text(thrown)).contains(key, nearest, file + ".yml] - 4:"));
    }

    @Test
    void whySomethingCannotStartIsToldTheBootWay(CapturedOutput output) {
        assertThatThrownBy(() -> start("unknown")).isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("A setting of the service discovery cannot be used:")
                .contains("discovery.health.probe-intervall")
                .contains("discovery.enabled=false");
    }

    @Test
    void whoSaidSoIsKnownToTheLine() {
        try (ConfigurableApplicationContext context = start("good")) {
            Discovery discovery = context.getBean(Discovery.class);
            assertThat(of(discovery, Setting.NAMESPACE).value()).isEqualTo("shop");
            assertThat(of(discovery, Setting.NAMESPACE).origin()).contains("good.yml", "2:");
            assertThat(of(discovery, Setting.DNS_NAMESERVERS).value()).isEqualTo("127.0.0.1:5353,127.0.0.2:53");
            assertThat(of(discovery, Setting.DNS_NAMESERVERS).origin()).contains("good.yml", "5:");
            assertThat(discovery.serviceNames()).containsExactly("orders.shop");
            assertThat(discovery.service("orders.shop").name()).hasToString("orders.shop:http");
        }
    }

    private static ConfigurableApplicationContext start(String file, String... arguments) {
        SpringApplication application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.location=classpath:settings/" + file + ".yml")
                .build();
        return application.run(arguments);
    }

    @Test
    void whatMayBeSomebodyElsesIsWarnedOf(CapturedOutput output) {
        runner.withInitializer(context ->
                        variables(context.getEnvironment().getPropertySources(), Map.of("CLUSTERSET_FOO_BAR", "1")))
                .withPropertyValues("discovery.enabeld=false")
                .withSystemProperties("discovery.budget.percnt=5")
                .run(context -> {
                    assertThat(context.getBean(Discovery.class).enabled()).isTrue();
                    assertThat(output)
                            .contains("unknown key 'discovery.enabeld'", "nearest: discovery.enabled")
                            .contains("unknown key 'discovery.budget.percnt'", "nearest: discovery.budget.percent")
                            .contains("CLUSTERSET_FOO_BAR is no setting");
                });
    }

    @Test
    void aSystemPropertySetWhileItRunsIsHeeded() {
        runner.withSystemProperties("discovery.failover.dwell=9s").run(context -> {
            Discovery discovery = context.getBean(Discovery.class);
            System.setProperty("discovery.failover.dwell", "8s"); // which the runner takes back
            discovery.reload();
            assertThat(of(discovery, Setting.FAILOVER_DWELL).value()).isEqualTo("8s");
        });
    }

    @Test
    void whoStartsSwitchedOffFindsALineInTheLog(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(DiscoveryAutoConfiguration.class, SwitchedOffAutoConfiguration.class))
                .withPropertyValues("discovery.enabled=false")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(Discovery.class);
                    assertThat(output).contains("discovery.enabled=false at start");
                });
    }

    /** What Kubernetes injects for Services called discovery, discovery-services, discovery-default and discovery-health-probe. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DISCOVERY_PORT",
                "DISCOVERY_SERVICE_HOST",
                "DISCOVERY_SERVICES_PORT",
                "DISCOVERY_SERVICES_PORT_80_TCP_PORT",
                "DISCOVERY_DEFAULT_PORT",
                "DISCOVERY_HEALTH_PROBE_PORT",
                "DISCOVERY_HEALTH_HEALTHY_AFTER"
            })
    void variablesOfServicesCalledDiscoveryAreNobodysSettings(String variable) {
        runner.withInitializer(context ->
                        variables(context.getEnvironment().getPropertySources(), Map.of(variable, "tcp://10.0.0.1:80")))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(Discovery.class).settings())
                            .allSatisfy(held -> assertThat(held.value()).doesNotContain("tcp:"));
                });
    }

    private static void variables(MutablePropertySources sources, Map<String, Object> variables) {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        sources.replace(name, new SystemEnvironmentPropertySource(name, variables));
    }

    @Test
    void variablesWinOverFilesAndLoseToSystemProperties() {
        Map<String, Object> variables =
                Map.of("CLUSTERSET_HEALTH_HEALTHY_AFTER", "3", "CLUSTERSET_FAILOVER_DWELL", "7s");
        runner.withInitializer(context -> {
                    MutablePropertySources sources = context.getEnvironment().getPropertySources();
                    variables(sources, variables);
                    sources.addLast(new MapPropertySource("file", Map.of("discovery.failover.dwell", "9s")));
                })
                .withSystemProperties("discovery.health.healthy-after=4")
                .run(context -> {
                    Discovery discovery = context.getBean(Discovery.class);
                    assertThat(of(discovery, Setting.FAILOVER_DWELL))
                            .extracting(Provenance::value, Provenance::origin)
                            .containsExactly("7s", "environment variable CLUSTERSET_FAILOVER_DWELL");
                    assertThat(of(discovery, Setting.HEALTH_HEALTHY_AFTER).value())
                            .isEqualTo("4");
                });
    }

    @Test
    void aRefreshTakesOverAndABadOneChangesNothing(CapturedOutput output) {
        Map<String, Object> live = new ConcurrentHashMap<>(Map.of("discovery.failover.dwell", "9s"));
        runner.withInitializer(context ->
                        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("live", live)))
                .run(context -> {
                    Discovery discovery = context.getBean(Discovery.class);
                    live.put("discovery.failover.dwell", "11s");
                    context.publishEvent(new EnvironmentChangeEvent(context, Set.of("discovery.failover.dwell")));
                    assertThat(of(discovery, Setting.FAILOVER_DWELL).value()).isEqualTo("11s");

                    live.put("discovery.failover.dwell", "-1s");
                    context.publishEvent(new EnvironmentChangeEvent(context, Set.of("discovery.failover.dwell")));
                    assertThat(of(discovery, Setting.FAILOVER_DWELL).value()).isEqualTo("11s");
                    assertThat(output).contains("not taken over").contains("discovery.failover.dwell");

                    live.put("discovery.failover.dwell", "12s");
                    live.put("discovery.enabled", "false");
                    context.publishEvent(new EnvironmentChangeEvent(context, Set.of("discovery.enabled")));
                    assertThat(discovery.enabled()).isFalse();
                });
    }

    @Test
    void customizersAreCalledInOrderAndWinOverProperties() {
        runner.withUserConfiguration(Customizers.class)
                .withPropertyValues("discovery.failover.dwell=9s", "discovery.default-port=1")
                .run(context -> {
                    Discovery discovery = context.getBean(Discovery.class);
                    assertThat(of(discovery, Setting.DEFAULT_PORT).value()).isEqualTo("3");
                    assertThat(of(discovery, Setting.DEFAULT_PORT).origin()).isEqualTo("builder");
                    assertThat(of(discovery, Setting.FAILOVER_DWELL).value()).isEqualTo("9s");
                });
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(DiscoveryAutoConfiguration.class)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        DiscoveryBuilderCustomizer second() {
            return builder -> builder.defaultPort(3);
        }

        @Bean
        @Order(1)
        DiscoveryBuilderCustomizer first() {
            return builder -> builder.defaultPort(2);
        }
    }
}
