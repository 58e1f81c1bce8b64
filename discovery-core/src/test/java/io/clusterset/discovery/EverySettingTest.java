package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.Probing;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Place;
import io.clusterset.discovery.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One row for each setting: default, every layer, every pair of layers, bad values; seen as a user sees it. */
class EverySettingTest {

    private static final String USUAL = "local={service}.{namespace}.svc.{domain}@cluster.local; "
            + "clusterset={service}.{namespace}.svc.{domain}@clusterset.local";

    private static final Map<Setting, Row> ROWS = rows();

    @TempDir
    Path folder;

    /**
     * What is tried with one setting.
     *
     * @param byDefault as shown
     * @param one a value, as shown
     * @param other another one, as shown
     * @param said a third one, by the builder; empty where it has no such setter
     * @param saidShown the third one, as shown
     * @param bad values that are refused, each with what the message says besides key, value and origin
     */
    private record Row(
            String byDefault,
            String one,
            String other,
            Optional<UnaryOperator<Discovery.Builder>> said,
            String saidShown,
            Map<String, String> bad) {

        Row said(String shown, UnaryOperator<Discovery.Builder> builder) {
            return new Row(byDefault, one, other, Optional.of(builder), shown, bad);
        }

        Row refuses(String value, String why) {
            Map<String, String> more = new TreeMap<>(bad);
            more.put(value, why);
            return new Row(byDefault, one, other, said, saidShown, more);
        }
    }

    private static Row row(String byDefault, String one, String other) {
        return new Row(byDefault, one, other, Optional.empty(), "", Map.of());
    }

    private static Duration seconds(int amount) {
        return Duration.ofSeconds(amount);
    }

    private static Map<Setting, Row> rows() {
        Map<Setting, Row> rows = new EnumMap<>(Setting.class);
        String aDuration = "(expected: a duration such as ";
        rows.put(Setting.ENABLED, row("true", "false", "true").refuses("yes", "(expected: true or false)"));
        rows.put(
                Setting.NAMESPACE,
                row("", "a", "b")
                        .said("c", b -> b.namespace("c"))
                        .refuses("A_B", "(expected: a namespace)")
                        .refuses("a.b", "(expected: a namespace)"));
        rows.put(
                Setting.CLUSTER_DOMAIN,
                row("cluster.local", "a.local", "b.local")
                        .said("c.local", b -> b.clusterDomain("c.local"))
                        .refuses("a..b", "(expected: a domain such as cluster.local)")
                        .refuses("clusterset.local", "ask for the same names"));
        rows.put(
                Setting.CLUSTERSET_DOMAIN,
                row("clusterset.local", "a.local", "b.local")
                        .said("c.local", b -> b.clustersetDomain("c.local"))
                        .refuses("-", "(expected: a domain such as clusterset.local)")
                        .refuses("cluster.local", "ask for the same names"));
        rows.put(
                Setting.TIERS,
                row(
                                USUAL,
                                "a={service}.{domain}@a.local,dns=10.0.0.1:53,dns=[fd00::1]:5353; env=environment",
                                "dr=lb.example.org@example.org:443,min-endpoints=3,max-load=50")
                        .said(
                                "c={service}.{domain}@c.local",
                                b -> b.tier(Tier.of("c", "{service}.{domain}", "c.local")))
                        .refuses("local", "(expected: name=template@domain")
                        .refuses(";", "(expected: name=template@domain")
                        .refuses("a=environment;a={service}.b@b", "tiers: a, a (expected: names that differ)")
                        .refuses("a={service}.b@b;b={service}.b@b", "a and b ask for the same names under b")
                        .refuses("a={service}.b@b,max-load=101", "max-load=101 (expected: "));
        rows.put(
                Setting.DEFAULT_PORT,
                row("80", "1", "65535")
                        .said("8080", b -> b.defaultPort(8080))
                        .refuses("0", "(expected: a number from 1 to 65535)")
                        .refuses("65536", "(expected: a number from 1 to 65535)")
                        .refuses("http", "(expected: a number from 1 to 65535)"));
        rows.put(
                Setting.NAMES_ONLY,
                row("", "orders.shop", "carts.shop,*.billing")
                        .said("*.shop", b -> b.names(n -> n.only(List.of("*.SHOP"))))
                        .refuses(
                                "orders",
                                "(expected: SERVICE.NAMESPACE, *.NAMESPACE or whole names, separated by commas)")
                        .refuses(
                                "*.a.b",
                                "(expected: SERVICE.NAMESPACE, *.NAMESPACE or whole names, separated by commas)"));
        rows.put(
                Setting.DNS_NAMESERVERS,
                row("", "10.0.0.1:53", "10.0.0.2:5353,[fd00::1]:53")
                        .said("10.0.0.3:53", b -> b.dns(d -> d.nameservers(List.of(Addresses.nameserver("10.0.0.3")))))
                        .refuses("ns.example", "not an IP address (expected: IP[:PORT], separated by commas)")
                        .refuses("1.1.1.1,".repeat(9), "(expected: at most 8)"));
        rows.put(
                Setting.DNS_ALLOW_ADDRESSES,
                row("", "127.0.0.0/8", "127.0.0.1/32,fe80::/10")
                        .said("::1/128", b -> b.dns(d -> d.allowAddresses(List.of(Cidr.parse("::1")))))
                        .refuses("127.0.0.0/8,10.0.0.0/33", "'10.0.0.0/33': prefix: 33 (expected: blocks ")
                        .refuses("localhost", "not an IP address (expected: blocks such as 127.0.0.0/8"));
        rows.put(
                Setting.DNS_TIMEOUT,
                row("2s", "500ms", "30s")
                        .said("3s", b -> b.dns(d -> d.timeout(seconds(3))))
                        .refuses("soon", aDuration)
                        .refuses("0s", "(expected: > 0, at most 30s)")
                        .refuses("31s", "(expected: > 0, at most 30s)"));
        rows.put(
                Setting.DNS_SRV_WEIGHTS,
                row("false", "false", "true")
                        .said("true", b -> b.dns(d -> d.srvWeights(true)))
                        .refuses("1", "(expected: true or false)"));
        rows.put(
                Setting.CACHE_MIN_TTL,
                row("1s", "2s", "1m")
                        .said("3s", b -> b.cache(c -> c.minTtl(seconds(3))))
                        .refuses("x", aDuration)
                        .refuses("999ms", "(expected: 1s to 1h)")
                        .refuses("61m", "(expected: 1s to 1h)")
                        .refuses("2m", "discovery.cache.max-ttl: 1m (expected: 2m to 1h)"));
        rows.put(
                Setting.CACHE_MAX_TTL,
                row("1m", "2s", "1h")
                        .said("90s", b -> b.cache(c -> c.maxTtl(seconds(90))))
                        .refuses("x", aDuration)
                        .refuses("500ms", "(expected: 1s to 1h)")
                        .refuses("2h", "(expected: 1s to 1h)"));
        rows.put(
                Setting.CACHE_MAX_NEGATIVE_TTL,
                row("5s", "1s", "5m")
                        .said("9s", b -> b.cache(c -> c.maxNegativeTtl(seconds(9))))
                        .refuses("x", aDuration)
                        .refuses("0s", "(expected: 1s to 5m)")
                        .refuses("301s", "(expected: 1s to 5m)"));
        rows.put(
                Setting.CACHE_STALE_FOR,
                row("24h", "0s", "168h")
                        .said("1m", b -> b.cache(c -> c.staleFor(seconds(60))))
                        .refuses("x", aDuration)
                        .refuses("-5s", aDuration)
                        .refuses("169h", "(expected: 0s to 168h)"));
        rows.put( // nothing is made where the parent is not there
                Setting.CACHE_SNAPSHOT_DIRECTORY,
                row("", "nosuch/a", "nosuch/b")
                        .said("nosuch/c", b -> b.cache(c -> c.snapshotDirectory(Path.of("nosuch/c"))))
                        .refuses("a\0b", "(expected: a folder's path)"));
        rows.put(
                Setting.HEALTH_PROBE,
                row("tcp", "http:/ready?a=b", "none")
                        .said("https:/ok", b -> b.health(h -> h.probe(Probe.https("/ok"))))
                        .refuses("icmp", "(expected: tcp, http:/PATH, https:/PATH or none)")
                        .refuses("http:ready", "probe path: 'ready' (expected: tcp, "));
        rows.put(
                Setting.HEALTH_PROBING,
                row("on-suspicion", "off", "always")
                        .said("always", b -> b.health(h -> h.probing(Probing.ALWAYS)))
                        .refuses("never", "(expected: off, on-suspicion or always)"));
        rows.put(
                Setting.HEALTH_PROBE_INTERVAL,
                row("5s", "100ms", "10m")
                        .said("6s", b -> b.health(h -> h.probeInterval(seconds(6))))
                        .refuses("soon", aDuration)
                        .refuses("99ms", "(expected: 100ms to 10m)")
                        .refuses("11m", "(expected: 100ms to 10m)")
                        .refuses("PT99999999999999S", "(expected: 100ms to 10m)"));
        rows.put(
                Setting.HEALTH_PROBE_TIMEOUT,
                row("500ms", "10ms", "30s")
                        .said("1s", b -> b.health(h -> h.probeTimeout(seconds(1))))
                        .refuses("soon", aDuration)
                        .refuses("9ms", "(expected: 10ms to 30s)")
                        .refuses("31s", "(expected: 10ms to 30s)"));
        rows.put(
                Setting.HEALTH_HEALTHY_AFTER,
                row("2", "1", "10")
                        .said("3", b -> b.health(h -> h.healthyAfter(3)))
                        .refuses("x", "(expected: a number of probes from 1 to 10)")
                        .refuses("0", "(expected: 1 to 10 probes)")
                        .refuses("11", "(expected: 1 to 10 probes)"));
        rows.put(
                Setting.HEALTH_UNHEALTHY_AFTER,
                row("1", "2", "10")
                        .said("3", b -> b.health(h -> h.unhealthyAfter(3)))
                        .refuses("x", "(expected: a number of probes from 1 to 10)")
                        .refuses("0", "(expected: 1 to 10 probes)")
                        .refuses("11", "(expected: 1 to 10 probes)"));
        rows.put(
                Setting.FAILOVER_DWELL,
                row("30s", "0s", "5m")
                        .said("1m", b -> b.failover(f -> f.dwell(seconds(60))))
                        .refuses("soon", aDuration)
                        .refuses("301s", "(expected: 0s to 5m)"));
        rows.put(
                Setting.FAILOVER_STEPS,
                row("5,25,50,100", "100", "1,100")
                        .said("10,100", b -> b.failover(f -> f.steps(List.of(10, 100))))
                        .refuses("5,x", ": 'x': not a whole number (expected: rising percentages such as 5,25,50,100)")
                        .refuses("50,25", "(expected: rising percentages from 1, the last 100")
                        .refuses(",", "(expected: rising percentages from 1, the last 100"));
        rows.put(
                Setting.FAILOVER_STEP_INTERVAL,
                row("20s", "0s", "5m")
                        .said("1m", b -> b.failover(f -> f.stepInterval(seconds(60))))
                        .refuses("soon", aDuration)
                        .refuses("6m", "(expected: 0s to 5m)"));
        String aName = "(expected: 1 to 253 letters, digits or signs, no blanks)";
        rows.put(
                Setting.TOPOLOGY_REGION,
                row("", "eu", "us")
                        .said("ap", b -> b.topology(t -> t.region("ap")))
                        .refuses("e u", aName)
                        .refuses("PT.. x", aName));
        rows.put(
                Setting.TOPOLOGY_ZONE,
                row("", "eu-1", "PT5S")
                        .said("c", b -> b.topology(t -> t.zone("c")))
                        .refuses("\u00e9", aName));
        rows.put(
                Setting.TOPOLOGY_NODE,
                row("", "n1", "n2")
                        .said("n3", b -> b.topology(t -> t.node("n3")))
                        .refuses("n 1", aName));
        rows.put(
                Setting.TOPOLOGY_CLUSTER,
                row("", "west", "east")
                        .said("north", b -> b.topology(t -> t.cluster("north")))
                        .refuses("x".repeat(254), aName));
        rows.put(
                Setting.TOPOLOGY_POLICY,
                row("", "hints+prefer-near", "ladder:kubernetes.io/hostname,*")
                        .said("clusters:a,b", b -> b.topology(t -> t.policy(Topology.clusters("a", "b"))))
                        .refuses("near", "(expected: any, hints, ")
                        .refuses("ladder:*,a", ": ladder: '*' (expected: any, hints, "));
        rows.put(
                Setting.TOPOLOGY_PLACES,
                row("", "10.0.0.0/8 region=eu cluster=west label.track=canary", "10.0.0.0/8 node=n1")
                        .said("10.0.0.0/8 zone=c", b -> b.topology(t -> t.place(Place.parse("10.0.0.0/8 zone=c"))))
                        .refuses("10.0.0.0/8", ": says nothing of the block (expected: such as 10.1.0.0/16 ")
                        .refuses("10.0.0.0/8 zone=a;10.1.0.0/64 zone=b", "'10.1.0.0/64': prefix: 64 (expected: ")
                        .refuses("10.0.0.0/8 zone=a;10.0.0.0/8 zone=b", "given twice (expected: "));
        rows.put(
                Setting.KUBERNETES_WATCH,
                row("off", "services", "cluster")
                        .said("cluster", b -> b.kubernetes(k -> k.watch(KubernetesOptions.Scope.CLUSTER)))
                        .refuses("on", "(expected: off, services or cluster)"));
        rows.put(
                Setting.KUBERNETES_KUBECONFIG,
                row("", "/nosuch/config", "other")
                        .said("/c", b -> b.kubernetes(k -> k.kubeconfig(Path.of("/c"))))
                        .refuses("a\0b", "(expected: a file's path)"));
        rows.put(
                Setting.TOPOLOGY_LABELS_FILE,
                row("/etc/podinfo/labels", "/nosuch/labels", "other")
                        .said("/c", b -> b.topology(t -> t.labelsFile(Path.of("/c"))))
                        .refuses("a\0b", "(expected: a file's path)"));
        rows.put(
                Setting.BALANCE_BALANCER,
                row("weighted-round-robin", "sticky", "least-request")
                        .said("peak-ewma", b -> b.balance(o -> o.balancer(Balancer.peakEwma())))
                        .refuses("fast", "(expected: weighted-round-robin, random, "));
        rows.put(
                Setting.BALANCE_SLOW_START,
                row("10s", "0s", "1h")
                        .said("3s", b -> b.balance(o -> o.slowStart(seconds(3))))
                        .refuses("soon", aDuration)
                        .refuses("61m", "(expected: 0s to 1h)"));
        rows.put(
                Setting.BALANCE_SUBSET,
                row("", "1", "10000")
                        .said("20", b -> b.balance(o -> o.subset(20)))
                        .refuses("many", "from a.properties: not a whole number (expected: a number from 1 to 10000)")
                        .refuses("0", "(expected: 1 to 10000)")
                        .refuses("10001", "(expected: 1 to 10000)"));
        rows.put(
                Setting.BALANCE_CLIENT,
                row("", "pod-1", "pod-2 of two\\u005c")
                        .said("pod-3", b -> b.balance(o -> o.client("pod-3")))
                        .refuses("x".repeat(254), "(expected: 1 to 253 characters)"));
        rows.put(
                Setting.BUDGET_PERCENT,
                row("20", "0", "100")
                        .said("30", b -> b.budget(o -> o.percent(30)))
                        .refuses("x", "(expected: a number from 0 to 100)")
                        .refuses("101", "(expected: 0 to 100)")
                        .refuses("-1", "(expected: 0 to 100)"));
        rows.put(
                Setting.BUDGET_PER_SECOND,
                row("10", "0", "1000")
                        .said("30", b -> b.budget(o -> o.perSecond(30)))
                        .refuses("99999999999", "(expected: a number from 0 to 1000)")
                        .refuses("1001", "(expected: 0 to 1000)"));
        return rows;
    }

    @Test
    void noneIsLeftOut() {
        // which file is read is tried in ProcessSettingsTest
        Set<Setting> tried = EnumSet.copyOf(ROWS.keySet());
        tried.add(Setting.CONFIG);
        assertThat(tried).containsExactly(Setting.values());
    }

    /** Where a value may come from; each over those before. */
    private enum Layer {
        CLASS_PATH {
            @Override
            Settings on(Settings below, Setting setting, String value, Path folder) {
                return below.withProperties(
                        Map.of(setting.property(), value), "discovery.properties on the class path");
            }
        },
        FILE {
            @Override
            Settings on(Settings below, Setting setting, String value, Path folder) throws IOException {
                return below.withFile(file(setting.property() + "=" + value.replace("\\", "\\\\"), folder));
            }
        },
        ENVIRONMENT {
            @Override
            Settings on(Settings below, Setting setting, String value, Path folder) {
                return below.withEnvironment(Map.of(setting.variable(), value));
            }
        },
        SYSTEM_PROPERTY {
            @Override
            Settings on(Settings below, Setting setting, String value, Path folder) {
                return below.withSystemProperties(Map.of(setting.property(), value));
            }
        };

        abstract Settings on(Settings below, Setting setting, String value, Path folder) throws IOException;

        String origin(Setting setting, Path folder) {
            return switch (this) {
                case CLASS_PATH -> "discovery.properties on the class path";
                case FILE -> folder.resolve("a.properties").toString();
                case ENVIRONMENT -> "environment variable " + setting.variable();
                case SYSTEM_PROPERTY -> "system property";
            };
        }
    }

    private static Path file(String text, Path folder) throws IOException {
        return Files.writeString(folder.resolve("a.properties"), text);
    }

    /** A shown value as somebody would give it where nothing is escaped. */
    private static String plain(String shown) {
        return shown.replace("\\u005c", "\\");
    }

    private static Discovery.Builder given(Settings settings) {
        return Discovery.builder()
                .settings(settings)
                .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()));
    }

    private static Provenance shown(Discovery.Builder builder, Setting setting) {
        return shown(all(builder), setting);
    }

    private static List<Provenance> all(Discovery.Builder builder) {
        try (Discovery discovery = builder.build()) {
            return discovery.settings();
        }
    }

    private static Provenance shown(List<Provenance> settings, Setting setting) {
        return settings.stream()
                .filter(one -> one.key().equals(setting.property()))
                .findFirst()
                .orElseThrow();
    }

    static Stream<Setting> settings() {
        return ROWS.keySet().stream();
    }

    static Row rowOf(Setting setting) {
        return Optional.ofNullable(ROWS.get(setting)).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void unlessSomebodySaysOtherwiseTheDefaultHolds(Setting setting) {
        assertThat(shown(given(Settings.none()), setting))
                .isEqualTo(new Provenance(setting.property(), rowOf(setting).byDefault(), Provenance.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyLayerSaysSoAndTheLaterOneOfTwoWins(Setting setting) throws IOException {
        Row row = rowOf(setting);
        for (Layer lower : Layer.values()) {
            Settings one = lower.on(Settings.none(), setting, plain(row.one()), folder);
            assertThat(shown(given(one), setting))
                    .isEqualTo(new Provenance(setting.property(), row.one(), lower.origin(setting, folder)));
            for (Layer upper : EnumSet.range(lower, Layer.SYSTEM_PROPERTY)) {
                if (upper != lower) {
                    Settings two = upper.on(one, setting, plain(row.other()), folder);
                    assertThat(shown(given(two), setting))
                            .isEqualTo(new Provenance(setting.property(), row.other(), upper.origin(setting, folder)));
                    Settings blank = upper.on(one, setting, " ", folder);
                    assertThat(shown(given(blank), setting)).isEqualTo(shown(given(one), setting));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theBuilderWinsOverEveryLayer(Setting setting) throws IOException {
        Row row = rowOf(setting);
        if (setting == Setting.ENABLED) { // whoever says no has his way
            return;
        }
        UnaryOperator<Discovery.Builder> said = row.said().orElseThrow();
        Provenance expected = new Provenance(setting.property(), row.saidShown(), Provenance.BUILDER);
        assertThat(shown(said.apply(given(Settings.none())), setting)).isEqualTo(expected);
        for (Layer lower : Layer.values()) {
            Settings one = lower.on(Settings.none(), setting, plain(row.one()), folder);
            assertThat(shown(said.apply(given(one)), setting)).isEqualTo(expected);
        }
    }

    @Test
    void whoeverSwitchesOffHasHisWay() {
        Settings off = Settings.none().withProperties(Map.of("discovery.enabled", "false"), "a.properties");
        assertThat(shown(given(off).enabled(true), Setting.ENABLED).toString())
                .isEqualTo("discovery.enabled=false (a.properties)");
        assertThat(shown(given(Settings.none()).enabled(false), Setting.ENABLED).toString())
                .isEqualTo("discovery.enabled=false (builder)");
        Settings on = Settings.none().withProperties(Map.of("discovery.enabled", "TRUE"), "a.properties");
        assertThat(shown(given(on).enabled(false), Setting.ENABLED).toString())
                .isEqualTo("discovery.enabled=false (builder)");
        assertThat(shown(given(on), Setting.ENABLED).toString()).isEqualTo("discovery.enabled=true (a.properties)");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aBadValueIsRefusedWithKeyValueOriginAndExpectation(Setting setting) {
        Map<String, String> bad = rowOf(setting).bad();
        assertThat(bad).isNotEmpty();
        bad.forEach((value, why) -> {
            Settings settings = Settings.none().withProperties(Map.of(setting.property(), value), "a.properties");
            String quoted = Text.quote(value.strip());
            assertThatThrownBy(() -> given(settings).build())
                    .as(value)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(setting.property() + ": " + quoted + " from a.properties")
                    .hasMessageContaining(why)
                    .hasMessageContaining("(expected: ")
                    .message()
                    .matches("[ -~\u2026]*")
                    .doesNotContain("PT0.1S");
        });
    }

    @ParameterizedTest
    @EnumSource(Layer.class)
    void whateverIsShownCanBeWrittenIntoAFileAgain(Layer layer) throws IOException {
        for (Setting setting : ROWS.keySet()) {
            for (String value : List.of(rowOf(setting).one(), rowOf(setting).other())) {
                List<Provenance> first = all(given(layer.on(Settings.none(), setting, plain(value), folder)));
                assertThat(again(first)).isEqualTo(values(first));
            }
            if (setting != Setting.ENABLED) {
                List<Provenance> said = all(rowOf(setting).said().orElseThrow().apply(given(Settings.none())));
                assertThat(again(said)).isEqualTo(values(said));
            }
        }
    }

    private List<String> again(List<Provenance> shown) throws IOException {
        List<String> lines = new ArrayList<>();
        shown.forEach(one -> lines.add(one.key() + "=" + one.value()));
        return values(all(given(Settings.none().withFile(file(String.join("\n", lines), folder)))));
    }

    private static List<String> values(List<Provenance> shown) {
        return shown.stream().map(one -> one.key() + "=" + one.value()).toList();
    }

    /** A file may have a mebibyte, and most of it may be one value. */
    @ParameterizedTest
    @EnumSource(Setting.class)
    @Timeout(20)
    void aVeryLongValueOfAnythingIsReadOrRefused(Setting setting) {
        for (String piece :
                List.of("a", "a.", "any+", "ladder:a,", "10.0.0.1,", "1,", "PT1S", "x=environment;", "((", "a=b@c,")) {
            Settings settings = Settings.none()
                    .withProperties(
                            Map.of(
                                    setting.property(),
                                    piece.repeat((1 << 18) / piece.length()).replaceFirst("[+,;.]$", "")),
                            "a.properties");
            try {
                given(settings).build().close();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("a.properties");
                assertThat(String.valueOf(refused.getMessage())).hasSizeLessThan(2_000);
            }
        }
        assertThatThrownBy(() ->
                        Settings.none().withProperties(Map.of("discovery." + "x".repeat(1 << 20), "1"), "a.properties"))
                .hasMessageContaining("a.properties: unknown key 'discovery.xxx");
    }

    /** What goes on behind the 253rd character counts too, and comes back. */
    @Test
    void aLongValueIsNotCut() throws IOException {
        StringBuilder text = new StringBuilder("10.0.0.0/16 zone=a");
        for (int i = 1; i < 200; i++) {
            text.append("; 10.").append(i).append(".0.0/16 zone=z").append(i);
        }
        Settings settings =
                Settings.none().withProperties(Map.of("discovery.topology.places", text.toString()), "a.properties");
        List<Provenance> all = all(given(settings));
        assertThat(shown(all, Setting.TOPOLOGY_PLACES).value()).isEqualTo(text.toString());
        assertThat(shown(all, Setting.TOPOLOGY_PLACES).toString()).hasSizeLessThan(600);
        assertThat(again(all)).isEqualTo(values(all));
        StringBuilder tiers = new StringBuilder("a={service}.a@a");
        for (int i = 1; i < 30; i++) {
            tiers.append("; t")
                    .append(i)
                    .append("={service}.t")
                    .append(i)
                    .append("@t")
                    .append(i)
                    .append(",dns=10.0.0.1:53");
        }
        Settings many = Settings.none().withProperties(Map.of("discovery.tiers", tiers.toString()), "a.properties");
        assertThat(shown(all(given(many)), Setting.TIERS).value()).isEqualTo(tiers.toString());
    }

    @Test
    void whatSettingsHaveNoWordForIsShownAsItIs() {
        assertThat(shown(
                                given(Settings.none())
                                        .balance(b -> b.balancer(Balancer.peakEwma(Duration.ofMillis(2500)))),
                                Setting.BALANCE_BALANCER)
                        .toString())
                .isEqualTo("discovery.balance.balancer=peak-ewma (decay 2500ms) (builder)");
        assertThat(shown(
                                given(Settings.none()).balance(b -> b.balancer(Balancer.consistentHash(2))),
                                Setting.BALANCE_BALANCER)
                        .value())
                .isEqualTo("consistent-hash (balanceFactor 2.0)");
        assertThat(shown(
                                given(Settings.none()).balance(b -> b.balancer(Balancer.sticky(seconds(7)))),
                                Setting.BALANCE_BALANCER)
                        .value())
                .isEqualTo("sticky (idle 7s)");
        assertThat(shown(
                                given(Settings.none())
                                        .balance(b -> b.balancer(rebuild -> {
                                            throw new IllegalStateException("never built");
                                        })),
                                Setting.BALANCE_BALANCER)
                        .toString())
                .isEqualTo("discovery.balance.balancer=(the application's own) (builder)");
    }

    /** What the application says of places is added to what is set; of one block it has the last word. */
    @Test
    void placesAddUp() {
        Settings file = Settings.none()
                .withProperties(
                        Map.of(
                                "discovery.topology.places",
                                "10.0.0.0/8 zone=a;fd00::/8 cluster=west label.track=canary"),
                        "a.properties");
        assertThat(shown(
                                given(file)
                                        .topology(t -> t.place(Place.parse("10.0.0.0/8 zone=c"))
                                                .place(Place.parse("10.9.0.0/16 node=n"))),
                                Setting.TOPOLOGY_PLACES)
                        .value())
                .isEqualTo("10.0.0.0/8 zone=c; fd00::/8 cluster=west label.track=canary; 10.9.0.0/16 node=n");
    }

    /** The same word, and yet not what the file says. */
    @Test
    void theBuildersBalancerIsTheBuildersEvenIfTheFileNamesItsKind() {
        Settings file = Settings.none().withProperties(Map.of("discovery.balance.balancer", "sticky"), "a.properties");
        assertThat(shown(given(file), Setting.BALANCE_BALANCER).origin()).isEqualTo("a.properties");
        assertThat(shown(given(file).balance(b -> b.balancer(Balancer.sticky(seconds(7)))), Setting.BALANCE_BALANCER)
                        .origin())
                .isEqualTo(Provenance.BUILDER);
    }

    @Test
    void whereTheProcessRunsIsDetectedPartByPart() {
        Surroundings pod = new Surroundings(
                Optional.of("shop"),
                Optional.of("here.local"),
                List.of(),
                Map.of(),
                Map.of("topology.kubernetes.io/region", "eu", "topology.kubernetes.io/zone", "eu-1"));
        Settings settings = Settings.none().withProperties(Map.of("discovery.topology.zone", "eu-2"), "a.properties");
        assertThat(all(given(settings).surroundings(pod)))
                .extracting(Provenance::toString)
                .contains(
                        "discovery.namespace=shop (detected)",
                        "discovery.cluster-domain=here.local (detected)",
                        "discovery.topology.region=eu (detected)",
                        "discovery.topology.zone=eu-2 (a.properties)",
                        "discovery.topology.node= (default)");
    }

    /** The builder does not know what the file says. */
    @Test
    void whereBuilderAndSettingContradictEachOtherTheSettingIsNamed() {
        Settings file = Settings.none().withProperties(Map.of("discovery.cache.max-ttl", "2s"), "a.properties");
        assertThatThrownBy(() -> given(file).cache(c -> c.minTtl(seconds(5))).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxTtl: ")
                .hasMessageEndingWith(", with discovery.cache.max-ttl: '2s' from a.properties");
        assertThatThrownBy(() -> given(Settings.none())
                        .cache(c -> c.minTtl(Duration.ZERO))
                        .build())
                .hasMessage("minTtl: PT0S (expected: PT1S to PT1H)");
    }

    @Test
    void aPodWithServicesThatAreCalledAsWeAreStartsClean() {
        Map<String, String> variables = new TreeMap<>();
        for (String service : List.of(
                "DISCOVERY",
                "CLUSTERSET",
                "CLUSTERSET_CONFIG",
                "CLUSTERSET_ENABLED",
                "CLUSTERSET_DEFAULT",
                "CLUSTERSET_SERVICES",
                "CLUSTERSET_SERVICES_ORDERS",
                "CLUSTERSET_DNS_NAMESERVERS")) {
            variables.put(service + "_SERVICE_HOST", "10.0.0.1");
            variables.put(service + "_SERVICE_PORT", "80");
            variables.put(service + "_SERVICE_PORT_HTTP_METRICS", "80");
            variables.put(service + "_PORT", "tcp://10.0.0.1:80");
            variables.put(service + "_PORT_80_TCP", "tcp://10.0.0.1:80");
            variables.put(service + "_PORT_80_TCP_PROTO", "tcp");
            variables.put(service + "_PORT_80_TCP_PORT", "80");
            variables.put(service + "_PORT_80_TCP_ADDR", "10.0.0.1");
        }
        Settings settings = Settings.none().withEnvironment(variables);
        assertThat(settings.warnings()).isEmpty();
        assertThat(all(given(settings))).isEqualTo(all(given(Settings.none())));
        assertThat(Settings.none()
                        .withEnvironment(Map.of("CLUSTERSET_DEFALT_PORT", "8080"))
                        .warnings())
                .containsExactly("environment variable CLUSTERSET_DEFALT_PORT is no setting (nearest: "
                        + "CLUSTERSET_DEFAULT_PORT)");
    }
}
