package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.clusterset.discovery.model.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of machine a process may find itself on, built in a directory. */
@Timeout(20)
class SurroundingsTest {

    private static final String OUTSIDE =
            "not in a cluster: no /var/run/secrets/kubernetes.io/serviceaccount/namespace,"
                    + " no svc.DOMAIN in the search list of /etc/resolv.conf, no KUBERNETES_SERVICE_HOST (expected: one of them,"
                    + " discovery.dns.nameservers, or discovery.services[SERVICE.NAMESPACE].static)";

    @TempDir
    private Path root;

    private Machine machine = new Machine(Path.of("not set up"));

    @BeforeEach
    void setUp() {
        machine = new Machine(root);
    }

    /** Else JUnit warns of each link that leads out of its directory. */
    @AfterEach
    void clearUp() throws IOException {
        for (Path path : List.of(machine.accountFile(), machine.resolvConfFile(), machine.labelsFile())) {
            if (Files.isSymbolicLink(path)) {
                Files.delete(path);
            }
        }
    }

    private static List<InetSocketAddress> servers(String... addresses) {
        return List.of(addresses).stream().map(Addresses::nameserver).toList();
    }

    private String note() {
        return machine.shown(machine.seen().nameserversNote());
    }

    @Test
    void aPodKnowsEverythingAndWhereItHasItFrom() {
        machine = Machine.pod(root, "10.96.0.10").labels("topology.kubernetes.io/zone=\"eu-1\"\n");
        Surroundings seen = machine.seen();
        assertThat(seen.namespace()).contains("shop");
        assertThat(seen.clusterDomain()).contains("cluster.local");
        assertThat(seen.nameservers()).isEqualTo(servers("10.96.0.10"));
        assertThat(seen.nameserversNote()).isEmpty();
        assertThat(seen.labels()).containsExactly(Map.entry("topology.kubernetes.io/zone", "eu-1"));
        assertThat(seen.environment()).containsExactly(Map.entry("KUBERNETES_SERVICE_HOST", "10.96.0.1"));
        assertThat(seen.origins())
                .containsOnly(
                        Map.entry("discovery.namespace", machine.accountFile().toString()),
                        Map.entry("discovery.cluster-domain", "the search list of " + machine.resolvConfFile()),
                        Map.entry(
                                "discovery.dns.nameservers",
                                machine.resolvConfFile().toString()),
                        Map.entry(
                                "discovery.topology.labels-file",
                                machine.labelsFile().toString()));
    }

    /** automountServiceAccountToken: false. */
    @Test
    void aPodWithoutATokenHasItsNamespaceFromTheSearchList() {
        machine.resolvConf("nameserver 10.96.0.10\n" + Machine.SEARCH);
        Surroundings seen = machine.seen();
        assertThat(seen.namespace()).contains("shop");
        assertThat(seen.nameservers()).isEqualTo(servers("10.96.0.10"));
        assertThat(seen.nameserversNote()).isEmpty();
        assertThat(seen.origins())
                .containsEntry("discovery.namespace", "the search list of " + machine.resolvConfFile());
    }

    /** hostNetwork, or dnsPolicy: Default; with a token, and without. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPodWithTheNodesResolvConfAsksItsNameserverAndHasItsDoubts(boolean token) {
        machine.resolvConf("nameserver 192.0.2.1\nsearch corp.example\n");
        machine = token ? machine.account("shop") : machine.variable("KUBERNETES_SERVICE_HOST", "10.96.0.1");
        Surroundings seen = machine.seen();
        assertThat(seen.namespace()).isEqualTo(token ? Optional.of("shop") : Optional.empty());
        assertThat(seen.clusterDomain()).isEmpty();
        assertThat(seen.nameservers()).isEqualTo(servers("192.0.2.1"));
        assertThat(note())
                .isEqualTo("no svc.DOMAIN in the search list of /etc/resolv.conf, so this may not be the cluster's"
                        + " nameserver (expected: the cluster's in discovery.dns.nameservers, or dnsPolicy:"
                        + " ClusterFirstWithHostNet)");
        assertThat(seen.origins()).doesNotContainKey("discovery.cluster-domain");
    }

    @Test
    void aWindowsPodHasATokenAndNoResolvConf() {
        machine.account("shop\r\n");
        assertThat(machine.seen().namespace()).contains("shop");
        assertThat(machine.seen().nameservers()).isEmpty();
        assertThat(note())
                .isEqualTo("no nameserver known: /etc/resolv.conf: not there (expected: discovery.dns.nameservers, or"
                        + " discovery.services[SERVICE.NAMESPACE].static)");
    }

    @Test
    void aWindowsLaptopHasNoneOfTheFiles() {
        nothingIsKnown();
        assertThat(note()).isEqualTo(OUTSIDE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#\n# macOS Notice\n#\nnameserver 192.168.178.1\nnameserver fe80::1%1\n",
                "domain home.example\nsearch home.example\nnameserver 192.168.178.1\n",
                "nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n",
                "nameserver 192.168.178.1\nsearch shop.svc.cluster.local cluster.local\n"
            })
    void theRouterOfALaptopIsNotAskedForAClustersNames(String resolvConf) {
        machine.resolvConf(resolvConf).variable("KUBERNETES_SERVICE_HOST", " ").variable("ORDERS_SERVICE_HOST", "x");
        nothingIsKnown();
        assertThat(note()).isEqualTo(OUTSIDE);
        assertThat(note()).hasSizeLessThan(300);
    }

    private void nothingIsKnown() {
        Surroundings seen = machine.seen();
        assertThat(seen.namespace()).isEmpty();
        assertThat(seen.clusterDomain()).isEmpty();
        assertThat(seen.nameservers()).isEmpty();
        assertThat(seen.labels()).isEmpty();
        assertThat(seen.origins()).isEmpty();
    }

    @Test
    void aLaptopThatJoinsAClustersNetworkIsInItFromThenOn() {
        machine.resolvConf("nameserver 192.168.178.1\n");
        Surroundings before = machine.seen();
        machine.resolvConf("nameserver 10.96.0.10\nsearch svc.cluster.local cluster.local\n");
        assertThat(before.again().nameservers()).isEqualTo(servers("10.96.0.10"));
        assertThat(before.nameservers()).isEmpty();
        assertThat(before.again().again().nameserversNote()).isEmpty();
    }

    @Test
    void whatIsGivenIsNotLookedFor() {
        Surroundings given =
                new Surroundings(Optional.of("shop"), Optional.of("prod.example"), servers("10.96.0.10:5353"));
        assertThat(given.again()).isSameAs(given);
        assertThat(given.clusterDomain()).contains("prod.example");
        assertThat(given.nameserversNote()).isEmpty();
        assertThat(given.origins()).isEmpty();
        assertThat(new Surroundings(Optional.empty(), Optional.empty(), List.of()).nameserversNote())
                .isEqualTo("no nameserver known (expected: discovery.dns.nameservers, or"
                        + " discovery.services[SERVICE.NAMESPACE].static)");
    }

    /** The search list, the cluster set's domain, the cluster's. */
    @ParameterizedTest
    @CsvSource({
        "shop.svc.cluster.local svc.cluster.local cluster.local, clusterset.local, cluster.local",
        "svc.cluster.local cluster.local shop.svc.clusterset.local svc.clusterset.local, clusterset.local, cluster.local",
        "shop.svc.clusterset.local svc.clusterset.local svc.cluster.local, clusterset.local, cluster.local",
        "svc.set.example svc.prod.example, set.example, prod.example",
        "svc.set.example svc.prod.example, clusterset.local, set.example",
        "svc.prod.example svc.other.example, clusterset.local, prod.example",
        "shop.svc.clusterset.local svc.clusterset.local, clusterset.local, -"
    })
    void theClusterSetsDomainIsNotTakenForTheClusters(String search, String clusterset, String cluster) {
        machine.resolvConf("nameserver 10.96.0.10\nsearch " + search + "\n");
        Surroundings seen = machine.seen();
        assertThat(seen.clusterDomain(clusterset).orElse("-")).isEqualTo(cluster);
        assertThat(seen.nameservers()).isEqualTo(servers("10.96.0.10"));
        assertThat(seen.nameserversNote()).isEmpty();
        if (search.contains("shop.svc.")) {
            assertThat(seen.namespace()).contains("shop");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'shop\n', shop",
        "'  Shop \r\n', shop",
        "'', detected",
        "'two words', detected",
        "'a.b', detected",
        "'a_b', detected",
        "'\0', detected"
    })
    void theServiceAccountSaysTheNamespaceElseTheSearchList(String file, String namespace) {
        machine.account(file).resolvConf("search detected.svc.prod.example svc.prod.example\n");
        assertThat(machine.seen().namespace()).contains(namespace);
        assertThat(machine.seen().clusterDomain()).contains("prod.example");
    }

    @Test
    void ofTheEnvironmentOnlyServicesAreSeen() {
        machine.variable("ORDERS_SERVICE_HOST", "10.96.0.2")
                .variable("ORDERS_SERVICE_PORT", "80")
                .variable("ORDERS_SERVICE_PORT_HTTP", "80")
                .variable("DB_PASSWORD", "secret")
                .variable("MY_SERVICE_TOKEN", "secret");
        assertThat(machine.seen().environment())
                .containsOnlyKeys("ORDERS_SERVICE_HOST", "ORDERS_SERVICE_PORT", "ORDERS_SERVICE_PORT_HTTP");
    }

    /** What may stand where a file should, and has nothing to say. */
    enum Instead {
        NOTHING,
        DIRECTORY,
        ENDLESS,
        BOTTOMLESS,
        PIPE,
        LINK_TO_NOWHERE,
        LINK_TO_ITSELF,
        EMPTY,
        GARBAGE,
        UNREADABLE;

        void put(Path path) throws IOException, InterruptedException {
            Files.createDirectories(path.resolveSibling("."));
            switch (this) {
                case NOTHING -> {}
                case DIRECTORY -> Files.createDirectory(path);
                case ENDLESS -> Files.createSymbolicLink(path, Path.of("/dev/zero"));
                case BOTTOMLESS -> Files.createSymbolicLink(path, Path.of("/dev/null"));
                case PIPE -> {
                    Process made = new ProcessBuilder("mkfifo", path.toString()).start();
                    assumeThat(made.waitFor(5, TimeUnit.SECONDS) && made.exitValue() == 0)
                            .isTrue();
                }
                case LINK_TO_NOWHERE -> Files.createSymbolicLink(path, Path.of("nosuch"));
                case LINK_TO_ITSELF -> Files.createSymbolicLink(path, path.getFileName());
                case EMPTY -> Files.createFile(path);
                case GARBAGE -> {
                    byte[] noise = new byte[200_000];
                    new Random(5).nextBytes(noise);
                    Files.write(path, noise);
                }
                case UNREADABLE -> {
                    Path memory =
                            Path.of("/proc/self/mem"); // a file that root may open and nobody can read from the start
                    if (Files.isRegularFile(memory)) {
                        Files.createSymbolicLink(path, memory);
                    } else {
                        Files.writeString(path, "x");
                        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverStandsInPlaceOfTheFilesNothingIsKnownFromItAndNobodyWaits(Instead what) throws Exception {
        what.put(machine.accountFile());
        what.put(machine.resolvConfFile());
        what.put(machine.labelsFile());
        nothingIsKnown();
        boolean isFile = what == Instead.EMPTY || what == Instead.GARBAGE || what == Instead.UNREADABLE;
        assertThat(note()).isEqualTo(isFile ? note() : OUTSIDE);
        assertThat(note().startsWith("no nameserver known: /etc/resolv.conf: ")).isEqualTo(isFile);
    }

    /** An explicit file is somebody's mistake, or the volume is missing: he is told, once. */
    @ParameterizedTest
    @EnumSource
    void whoNamesAFileOfLabelsIsToldWhyThereAreNone(Instead what) throws Exception {
        Path file = machine.labelsFile();
        what.put(file);
        List<String> told = new ArrayList<>();
        assertThat(Surroundings.labels(file, told::add)).isEmpty();
        assertThat(Surroundings.labels(file)).isEmpty();
        String why = switch (what) {
            case NOTHING, LINK_TO_NOWHERE, LINK_TO_ITSELF -> "not there";
            case DIRECTORY, ENDLESS, BOTTOMLESS, PIPE -> "not a file";
            case GARBAGE -> "no label in it";
            case UNREADABLE -> "unreadable: ";
            case EMPTY -> ""; // a pod without labels
        };
        if (why.isEmpty()) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told).hasSize(1);
            assertThat(told.get(0))
                    .startsWith("discovery.topology.labels-file: " + file + ": " + why)
                    .endsWith("(expected: KEY=\"VALUE\" lines, as the downward API writes metadata.labels)");
        }
    }

    @Test
    void ofAHugeFileTheWholeLinesWithin64KiBCount() {
        String head =
                "nameserver 10.0.0.1\nsearch svc.a.b\n" + "#".repeat(64 * 1024 - 35 - 20) + "\nnameserver 10.0.0.";
        machine.resolvConf(head + "23\nnameserver 10.0.0.3\n");
        assertThat(machine.seen().nameservers()).isEqualTo(servers("10.0.0.1"));
        machine.labels("a=\"1\"\n".repeat(50_000) + "b=\"2\"\n");
        assertThat(machine.seen().labels()).containsOnlyKeys("a");
    }

    @Test
    void aCommentInAnyEncodingHidesNoNameserver() {
        machine.resolvConf("# f\u00fcr alle\nnameserver 10.0.0.1\nsearch svc.a.b\n");
        assertThat(machine.seen().nameservers()).hasSize(1);
    }

    @Test
    void thisMachineCanBeLookedAtToo() {
        assertThat(Surroundings.detect().again().nameserversNote())
                .isEqualTo(Surroundings.detect().nameserversNote());
    }

    /** As the kubelet writes it, and whatever else may stand there. */
    @Test
    void thePodsLabelsAreReadFromTheDownwardApisFile() {
        machine.labels("""
                app="orders"
                topology.kubernetes.io/region="eu"
                topology.kubernetes.io/zone="eu-1"\r
                kubernetes.io/hostname="node-1"
                kubernetes.io/hostname="said again"
                empty=""
                unquoted=x
                open="x
                "quoted"="x"
                escaped="a\\nb"
                two words="x"

                last="1"\
                """);
        Map<String, String> labels = Map.of(
                "app", "orders",
                "topology.kubernetes.io/region", "eu",
                "topology.kubernetes.io/zone", "eu-1",
                "kubernetes.io/hostname", "node-1",
                "last", "1");
        assertThat(Surroundings.labels(machine.labelsFile())).isEqualTo(labels);
        assertThat(machine.seen().labels()).isEqualTo(labels);
    }

    @Test
    void thePathOfALabelsFileForgesNoLineOfTheLog() {
        List<String> troubles = new ArrayList<>();
        Surroundings.labels(Path.of("no\nsuch" + "x".repeat(1_000)), troubles::add);
        assertThat(troubles)
                .singleElement()
                .asString()
                .startsWith("discovery.topology.labels-file: no\\u000asuchx")
                .hasSizeLessThan(500);
    }
}
