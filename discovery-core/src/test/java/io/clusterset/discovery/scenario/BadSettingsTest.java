package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.source.Tier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad input gets a message that names the key, the value, its origin and what was expected. */
class BadSettingsTest {

    private static Discovery.Builder given(Map<String, String> environment) {
        return Discovery.builder()
                .settings(Settings.none().withEnvironment(environment))
                .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "CLUSTERSET_FAILOVER_STEPS, '50,25', discovery.failover.steps",
        "CLUSTERSET_FAILOVER_DWELL, 1h, discovery.failover.dwell",
        "CLUSTERSET_DNS_TIMEOUT, 0s, discovery.dns.timeout",
        "CLUSTERSET_HEALTH_PROBE_INTERVAL, 0ms, discovery.health.probe-interval",
        "CLUSTERSET_HEALTH_PROBE, icmp, discovery.health.probe",
        "CLUSTERSET_CACHE_STALE_FOR, 30h0, discovery.cache.stale-for",
        "CLUSTERSET_NAMESPACE, A_B, discovery.namespace",
        "CLUSTERSET_CLUSTER_DOMAIN, a..b, discovery.cluster-domain",
        "CLUSTERSET_DEFAULT_PORT, http, discovery.default-port",
        "CLUSTERSET_TIERS, local, discovery.tiers"
    })
    void aRefusedValueNamesKeyValueAndOrigin(String variable, String value, String key) {
        assertThatThrownBy(() -> given(Map.of(variable, value)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + ": '" + value + "' from environment variable " + variable)
                .hasMessageContaining("expected: ");
    }

    @Test
    void theReasonInsideIsNotLost() {
        assertThatThrownBy(() ->
                        given(Map.of("CLUSTERSET_TIERS", "dr=lb@example.org")).build())
                .hasMessageContaining("template 'lb' makes names outside its domain example.org (expected: ");
    }

    @Test
    void aBoundThatCrossesAnotherNamesTheOneThatWasSet() {
        assertThatThrownBy(() -> given(Map.of("CLUSTERSET_CACHE_MIN_TTL", "5m")).build())
                .hasMessage(
                        "discovery.cache.max-ttl: 1m (expected: 5m to 1h), with discovery.cache.min-ttl: '5m' from environment"
                                + " variable CLUSTERSET_CACHE_MIN_TTL");
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void aBlankVariableIsNotSet(Setting setting) {
        given(Map.of(setting.variable(), " ")).build().close();
        assertThat(Settings.none()
                        .withProperties(Map.of(setting.property(), "x"), "file")
                        .withEnvironment(Map.of(setting.variable(), ""))
                        .text(setting))
                .contains("x");
    }

    @Test
    void twoTiersThatAskForTheSameNamesAreRefused() {
        assertThatThrownBy(
                        () -> given(Map.of()).clustersetDomain("cluster.local").build())
                .hasMessageContaining("local and clusterset ask for the same names under cluster.local");
        Tier local = Tier.of("local", "cluster.local");
        Tier other = Tier.parse("other={service}.{namespace}.svc.{domain}@cluster.local,dns=10.0.0.1:53");
        given(Map.of()).tier(local).tier(other).build().close();
    }

    @Test
    void whatTheBuilderSaysWinsOverSettings() {
        Map<String, String> outside =
                Map.of("CLUSTERSET_TIERS", "dr=lb.example.org@example.org", "CLUSTERSET_CLUSTER_DOMAIN", "a.local");
        try (Discovery configured = given(outside).build();
                Discovery said = given(outside).clusterDomain("b.local").build()) {
            assertThat(configured.tiers()).extracting(Tier::name).containsExactly("dr");
            assertThat(said.tiers()).extracting(Tier::domain).containsExactly("b.local", "clusterset.local");
        }
    }
}
