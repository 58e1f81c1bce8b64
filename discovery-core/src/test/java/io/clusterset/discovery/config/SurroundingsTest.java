package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.ServiceName;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SurroundingsTest {

    private static final String KUBELET = "search shop.svc.cluster.local svc.cluster.local cluster.local\n";

    @TempDir
    private Path folder;

    /** The file's text, then the cluster domain, the namespace and the nameservers ("-" for none). */
    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of(
                        "as the kubelet writes it",
                        "nameserver 10.96.0.10\n" + KUBELET + "options ndots:5\n",
                        "cluster.local shop 10.96.0.10"),
                Arguments.of("empty", "", "- - -"),
                Arguments.of("no search", "nameserver 10.96.0.10\noptions ndots:5\n", "- - 10.96.0.10"),
                Arguments.of("outside a cluster", "search corp.example\nnameserver 192.0.2.1\n", "- - 192.0.2.1"),
                Arguments.of("svc. missing", "search shop.svc.cluster.local cluster.local\n", "- - -"),
                Arguments.of("svc. alone", "search svc. svc .\n", "- - -"),
                Arguments.of("namespace missing", "search svc.cluster.local cluster.local\n", "cluster.local - -"),
                Arguments.of(
                        "a label too many", "search a.shop.svc.cluster.local svc.cluster.local\n", "cluster.local - -"),
                Arguments.of(
                        "rooted, upper case, another domain",
                        "search Shop.SVC.Prod.Example. SVC.Prod.Example. corp.example\n",
                        "prod.example shop -"),
                Arguments.of("the first of two", "search svc.a.example svc.b.example\n", "a.example - -"),
                Arguments.of(
                        "the last search line counts", "search svc.a.example\nsearch svc.b.example\n", "b.example - -"),
                Arguments.of("also if it says nothing", "search svc.a.example\nsearch corp.example\n", "- - -"),
                Arguments.of("domain is an old word for search", "domain svc.a.example\n", "a.example - -"),
                Arguments.of(
                        "comments",
                        "# nameserver 10.0.0.1\n;nameserver 10.0.0.2\nnameserver 10.0.0.3 # third\nnameserver 10.0.0.4;x\n"
                                + "#" + KUBELET,
                        "- - 10.0.0.3 10.0.0.4"),
                Arguments.of(
                        "options and words nobody knows",
                        "options ndots:5 timeout:1 rotate\nsortlist 10.0.0.0/8\nnameservers 10.0.0.1\nlookup file bind\n",
                        "- - -"),
                Arguments.of(
                        "more than eight nameservers",
                        lines(1, 12, "nameserver 10.0.0.%d"),
                        "- - " + lines(1, 8, "10.0.0.%d").strip().replace('\n', ' ')),
                Arguments.of(
                        "each nameserver once",
                        "nameserver 10.0.0.1\nnameserver 10.0.0.1\nnameserver 10.0.0.2\n",
                        "- - 10.0.0.1 10.0.0.2"),
                Arguments.of(
                        "six, with and without scope",
                        "nameserver fd00::a\nnameserver fe80::1%1\nnameserver fe80::1%nosuch0\n",
                        "- - fd00::a fe80::1"),
                Arguments.of(
                        "no addresses",
                        lines(1, 1, "nameserver\nnameserver ns.example\nnameserver 10.0.0.1:53\nnameserver .:%d"),
                        "- - -"),
                Arguments.of(
                        "CR LF, CR, blanks and tabs",
                        "\r\n \tnameserver\t10.0.0.1 \r\n" + KUBELET.strip() + "\rnameserver  10.0.0.2",
                        "cluster.local shop 10.0.0.1 10.0.0.2"),
                Arguments.of(
                        "NUL bytes",
                        "nameserver 10.0.0.1\0\nnameserver\00010.0.0.2\nsearch svc.a\0b.example\n\0\nnameserver 10.0.0.3\n",
                        "- - 10.0.0.3"),
                Arguments.of(
                        "a search list as long as they come",
                        "search shop.svc.cluster.local svc.cluster.local "
                                + lines(1, 2000, "d%d.example").replace('\n', ' '),
                        "cluster.local shop -"));
    }

    @Test
    void whateverAResolvConfHoldsItIsReadWithinBounds() {
        String[] words = {
            "nameserver",
            "search",
            "domain",
            "options",
            " ",
            " ",
            "\t",
            "\n",
            "\n",
            "\r",
            "#",
            ";",
            "svc.",
            "svc.a.example",
            "shop",
            "shop.svc.a.example",
            ".",
            "10.0.0.1",
            "10.0.0.2",
            "fd00::1",
            "%1",
            ":",
            "\0",
            "\u00ff",
            "::::::::"
        };
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n >= 0; n--) {
                text.append(words[random.nextInt(words.length)]);
            }
            ResolvConf read = ResolvConf.parse(text.toString());
            assertThat(read.nameservers()).hasSizeLessThanOrEqualTo(8).noneMatch(InetSocketAddress::isUnresolved);
            read.clusterDomain()
                    .ifPresent(domain -> assertThat(ServiceName.name(domain)).isEqualTo(domain));
            read.namespace()
                    .ifPresent(namespace ->
                            assertThat(ServiceName.label(namespace)).isEqualTo(namespace));
        }
    }

    private static String lines(int from, int to, String form) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> String.format(form, i) + "\n")
                .collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void resolvConfIsReadAsTheResolverReadsItAndNothingIsGuessed(String what, String text, String expected) {
        ResolvConf read = ResolvConf.parse(text);
        String servers = read.nameservers().stream()
                .map(server -> Addresses.literal(server.getAddress()))
                .collect(Collectors.joining(" "));
        assertThat(read.clusterDomain().orElse("-")
                        + " " + read.namespace().orElse("-")
                        + " " + (servers.isEmpty() ? "-" : servers))
                .as(what)
                .isEqualTo(expected);
        assertThat(read.nameservers()).allMatch(server -> server.getPort() == 53);
    }

    @ParameterizedTest
    @CsvSource({
        "'shop\n', shop",
        "'  Shop \r\n', shop",
        "'', detected",
        "'two words', detected",
        "'a.b', detected",
        "'a_b', detected"
    })
    void theServiceAccountSaysTheNamespaceElseTheSearchList(String file, String namespace) throws Exception {
        Path said = Files.writeString(folder.resolve("namespace"), file);
        Path resolvConf =
                Files.writeString(folder.resolve("resolv.conf"), "search detected.svc.prod.example svc.prod.example\n");
        Surroundings seen = Surroundings.detect(said, resolvConf, folder, Map.of());
        assertThat(seen.namespace()).contains(namespace);
        assertThat(seen.clusterDomain()).contains("prod.example");
    }

    @Test
    void ofTheEnvironmentOnlyServicesAreSeen() {
        Map<String, String> environment = Map.of(
                "ORDERS_SERVICE_HOST", "10.96.0.2",
                "ORDERS_SERVICE_PORT", "80",
                "ORDERS_SERVICE_PORT_HTTP", "80",
                "DB_PASSWORD", "secret",
                "MY_SERVICE_TOKEN", "secret");
        assertThat(Surroundings.detect(folder, folder, folder, environment).environment())
                .containsOnlyKeys("ORDERS_SERVICE_HOST", "ORDERS_SERVICE_PORT", "ORDERS_SERVICE_PORT_HTTP");
    }

    @Test
    void whatIsNotThereIsNotKnown() {
        for (Path nothing : new Path[] {folder.resolve("nosuch"), folder, Path.of("/dev/null"), Path.of("/dev/zero")}) {
            assertThat(Surroundings.detect(nothing, nothing, folder, Map.of()))
                    .isEqualTo(new Surroundings(Optional.empty(), Optional.empty(), java.util.List.of()));
        }
    }

    @Test
    void ofAHugeFileTheWholeLinesWithin64KiBCount() throws Exception {
        String head = "nameserver 10.0.0.1\n" + "#".repeat(64 * 1024 - 20 - 20) + "\nnameserver 10.0.0.";
        Path file = Files.writeString(folder.resolve("huge"), head + "23\nnameserver 10.0.0.3\n");
        assertThat(Surroundings.detect(folder, file, folder, Map.of()).nameservers())
                .containsExactly(Addresses.parse("10.0.0.1:53"));
    }

    @Test
    void aCommentInAnyEncodingHidesNoNameserver() throws Exception {
        Path file = Files.write(
                folder.resolve("latin"),
                "# f\u00fcr alle\nnameserver 10.0.0.1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Surroundings.detect(folder, file, folder, Map.of()).nameservers())
                .hasSize(1);
    }

    @Test
    void nameserversCanBeReadAnew() {
        assertThat(Surroundings.currentNameservers())
                .isEqualTo(Surroundings.detect().nameservers());
    }

    /** As the kubelet writes it, and whatever else may stand there. */
    @Test
    void thePodsLabelsAreReadFromTheDownwardApisFile() throws Exception {
        Path file = Files.writeString(folder.resolve("labels"), """
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
        assertThat(Surroundings.labels(file)).isEqualTo(labels);
        assertThat(Surroundings.detect(folder, folder, file, Map.of()).labels()).isEqualTo(labels);
    }

    @Test
    void aFileThatHoldsNoLabelsSaysNothing() throws Exception {
        Path noise = folder.resolve("noise");
        byte[] bytes = new byte[200_000];
        new Random(5).nextBytes(bytes);
        Files.write(noise, bytes);
        for (Path nothing : new Path[] {folder.resolve("nosuch"), folder, Path.of("/dev/zero"), noise}) {
            assertThat(Surroundings.labels(nothing)).isEmpty();
        }
        Path huge = Files.writeString(folder.resolve("huge"), "a=\"1\"\n".repeat(50_000) + "b=\"2\"\n");
        assertThat(Surroundings.labels(huge)).containsOnlyKeys("a");
    }
}
