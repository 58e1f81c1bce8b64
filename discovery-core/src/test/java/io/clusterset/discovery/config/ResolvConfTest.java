package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.ServiceName;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResolvConfTest {

    private static final String KUBELET = "search shop.svc.cluster.local svc.cluster.local cluster.local\n";

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
                Arguments.of(
                        "two, once each",
                        "search svc.a.example svc.b.example svc.a.example\n",
                        "a.example,b.example - -"),
                Arguments.of(
                        "more than eight of them",
                        "search " + lines(1, 12, "svc.d%d.example").replace('\n', ' ') + "shop.svc.d9.example",
                        lines(1, 8, "d%d.example").strip().replace('\n', ',') + " - -"),
                Arguments.of(
                        "the namespace in whichever of them",
                        "search svc.a.example shop.svc.b.example svc.b.example\n",
                        "a.example,b.example shop -"),
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
            assertThat(read.domains())
                    .allSatisfy(domain -> assertThat(ServiceName.name(domain)).isEqualTo(domain));
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
        assertThat((read.domains().isEmpty() ? "-" : String.join(",", read.domains()))
                        + " " + read.namespace().orElse("-")
                        + " " + (servers.isEmpty() ? "-" : servers))
                .as(what)
                .isEqualTo(expected);
        assertThat(read.nameservers()).allMatch(server -> server.getPort() == 53);
    }
}
