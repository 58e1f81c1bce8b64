package io.clusterset.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamingTest {

    private static final Tier LOCAL = Tier.of("local", "cluster.local");
    private static final Tier CLUSTERSET = Tier.of("clusterset", "clusterset.local");
    private final Naming naming = new Naming(List.of(LOCAL, CLUSTERSET), Optional.of("shop"));

    /** The absolute names asked in each tier; "-" where a tier is not asked. */
    @ParameterizedTest
    @CsvSource({
        "orders, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "Orders.SHOP, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop.svc, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop.svc.cluster.local, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop.svc.clusterset.local, -, orders.shop.svc.clusterset.local",
        "orders.shop.svc.cluster.local., orders.shop.svc.cluster.local, -",
        "orders.shop.svc.clusterset.local., -, orders.shop.svc.clusterset.local",
        "db-0.orders.shop.svc.cluster.local, db-0.orders.shop.svc.cluster.local, -",
        "db-0.c1.orders.shop.svc.clusterset.local, -, db-0.c1.orders.shop.svc.clusterset.local",
        "kubernetes.default, kubernetes.default.svc.cluster.local, -",
        "kube-dns.kube-system, kube-dns.kube-system.svc.cluster.local, -",
        "_http._tcp.orders.shop, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        "orders.shop:http, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        "orders.shop:8080, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        // a port behind every form
        "orders:80, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop.svc:80, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop.svc.cluster.local:8080, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local",
        "orders.shop.svc.clusterset.local:8080, -, orders.shop.svc.clusterset.local",
        "orders.shop.svc.cluster.local.:8080, orders.shop.svc.cluster.local, -",
        "orders.shop.svc.cluster.local:http, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        "orders:http, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        // SRV owners, written out or not
        "_http._tcp.orders, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        "_HTTP._TCP.Orders.shop.svc, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        "_dns._udp.orders.shop, _dns._udp.orders.shop.svc.cluster.local, _dns._udp.orders.shop.svc.clusterset.local",
        "_http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.cluster.local, _http._tcp.orders.shop.svc.clusterset.local",
        "_http._tcp.orders.shop.svc.clusterset.local, -, _http._tcp.orders.shop.svc.clusterset.local",
        "_http._tcp.orders.shop.svc.cluster.local., _http._tcp.orders.shop.svc.cluster.local, -",
        // pods: one name in one tier
        "db-0.orders.shop.svc.cluster.local:5432, db-0.orders.shop.svc.cluster.local, -",
        "db-0.orders.shop.svc.cluster.local., db-0.orders.shop.svc.cluster.local, -",
        "10-0-0-1.orders.shop.svc.cluster.local, 10-0-0-1.orders.shop.svc.cluster.local, -",
        "10-0-0-1.shop.pod.cluster.local, 10-0-0-1.shop.pod.cluster.local, -",
        "db-0.c1.orders.shop.svc.clusterset.local., -, db-0.c1.orders.shop.svc.clusterset.local",
        "_pg._tcp.db-0.c1.orders.shop.svc.clusterset.local, -, _pg._tcp.db-0.c1.orders.shop.svc.clusterset.local",
        "c1.orders.shop.svc.clusterset.local, -, c1.orders.shop.svc.clusterset.local",
        "a.pin._zone.orders.shop.svc.cluster.local, a.pin._zone.orders.shop.svc.cluster.local, -",
        // this cluster's only, whichever way they are written
        "kubernetes.default.svc, kubernetes.default.svc.cluster.local, -",
        "kubernetes.default.svc.cluster.local, kubernetes.default.svc.cluster.local, -",
        "KUBERNETES.Default:443, kubernetes.default.svc.cluster.local, -",
        "kube-dns.kube-system.svc, kube-dns.kube-system.svc.cluster.local, -",
        "kube-dns.kube-system.svc.cluster.local:53, kube-dns.kube-system.svc.cluster.local, -",
        "_metrics._tcp.kube-dns.kube-system, _metrics._tcp.kube-dns.kube-system.svc.cluster.local, -",
        "kubernetes.shop, kubernetes.shop.svc.cluster.local, kubernetes.shop.svc.clusterset.local",
        "orders.default, orders.default.svc.cluster.local, orders.default.svc.clusterset.local",
        // somebody who says clusterset.local means it
        "kube-dns.kube-system.svc.clusterset.local, -, kube-dns.kube-system.svc.clusterset.local",
        // odd, and still what the forms say: two labels are a service and its namespace, always
        "cluster.local, cluster.local.svc.cluster.local, cluster.local.svc.clusterset.local",
        "orders.svc, orders.svc.svc.cluster.local, orders.svc.svc.clusterset.local",
        "orders.svc.svc.cluster.local, orders.svc.svc.cluster.local, orders.svc.svc.clusterset.local",
        "svc.shop.svc.cluster.local, svc.shop.svc.cluster.local, svc.shop.svc.clusterset.local",
        "1st.2nd, 1st.2nd.svc.cluster.local, 1st.2nd.svc.clusterset.local",
        "xn--bestellung-0za.shop, xn--bestellung-0za.shop.svc.cluster.local, xn--bestellung-0za.shop.svc.clusterset.local",
        "shop.svc.cluster.local., shop.svc.cluster.local, -"
    })
    void everyFormOfANameAsksTheseAbsoluteNames(String text, String local, String clusterset) {
        ServiceName name = naming.parse(text);
        assertThat(LOCAL.question(name).map(Question::text).orElse("-")).isEqualTo(local);
        assertThat(CLUSTERSET.question(name).map(Question::text).orElse("-")).isEqualTo(clusterset);
    }

    /** What is refused, and what the text must hold besides "expected". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "api.github.com | 'api.github.com': not a name of ours (expected: SERVICE, SERVICE.NAMESPACE, "
                        + "SERVICE.NAMESPACE.svc, or a name under cluster.local or clusterset.local)",
                "a.b.c.d.e | 'a.b.c.d.e': not a name of ours",
                "orders.shop.svc.example.com | not a name of ours",
                "orders.shop.svc.cluster.locale | not a name of ours",
                "orders.shop.svc.notcluster.local | not a name of ours",
                "orders.shop.svcs | not a name of ours",
                "example.com. | 'example.com.': not a name of ours",
                "orders. | 'orders.': not a name of ours",
                "orders.shop. | 'orders.shop.': not a name of ours",
                "orders.shop.svc. | 'orders.shop.svc.': not a name of ours",
                "cluster.local. | not a name of ours",
                "localhost | 'localhost': not a name of ours",
                "localhost:80 | 'localhost': not a name of ours",
                "10.0.0.1 | '10.0.0.1': not a name of ours",
                "10.0.0.1:80 | '10.0.0.1:80': not a name of ours",
                "::1 | '::1': not a name of ours",
                "[fd00::1]:80 | '[fd00::1]:80': not a name of ours",
                "svc.cluster.local | 'svc.cluster.local': no service in it (expected: SERVICE.NAMESPACE.svc.cluster.local)",
                "shop.svc.clusterset.local | no service in it (expected: SERVICE.NAMESPACE.svc.clusterset.local)",
                "http://orders.shop | not a URL",
                "orders.shop/list | not a URL",
                "user@orders.shop | label 'user@orders'",
                "foo..bar | 'foo..bar': empty label",
                ".orders.shop | empty label",
                "orders.shop.. | 'orders.shop..': ",
                "\"\" | empty label",
                ". | '.': ",
                "\" orders.shop\" | label ' orders'",
                "\"orders.shop\n\" | label 'shop\\u000a'",
                "ord\u00e4rs.shop | label 'ord\\u00e4rs'",
                "orders\u3002shop | label 'orders\\u3002shop'",
                "orders_v2.shop | label 'orders_v2'",
                "-orders.shop | label '-orders'",
                "orders-.shop | label 'orders-'",
                "orders.*.svc.cluster.local | label '*'",
                "_orders.shop | RFC 2782",
                "orders._shop | label '_shop'",
                "orders._shop.svc.cluster.local | label '_shop'",
                "orders.shop: | port: ''",
                "orders.shop:0 | port: 0",
                "orders.shop:70000 | port: 70000",
                "orders.shop:-1 | port: '-1'",
                "orders.shop:http_2 | port: 'http_2'",
                "orders.shop:averyverylongname | port: 'averyverylongname'",
                "orders.shop:a:b | not a name of ours",
                ":80 | empty label",
                "_http.orders.shop | '_http.orders.shop' (expected: _PORT._tcp.SERVICE.NAMESPACE",
                "_http._sctp.orders.shop | RFC 2782",
                "_http._tcp | RFC 2782",
                "_http._tcp. | empty label",
                "__._tcp.orders.shop | port: '_'",
                "_._tcp.orders.shop | port: ''",
                "_http._tcp.orders.shop:8080 | '_http._tcp.orders.shop:8080' (expected: ",
                "_a._tcp._b._tcp.orders.shop | RFC 2782"
            })
    void whatIsNotANameOfOursIsRefusedWithWhatWasExpected(String text, String said) {
        assertThatThrownBy(() -> naming.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected")
                .hasMessageContaining(said);
    }

    @Test
    void labelsHoldSixtyThreeCharactersAndNamesTwoHundredFiftyThree() {
        String label = "a".repeat(63);
        assertThat(naming.parse(label + "." + label).service()).isEqualTo(label);
        assertThatThrownBy(() -> naming.parse("a" + label + ".shop"))
                .hasMessageContaining("label of 64 characters (expected: at most 63)");
        String longest = (label + ".").repeat(3) + "a".repeat(253 - 3 * 64 - 14) + ".cluster.local";
        assertThat(naming.parse(longest + ".").service()).hasSize(253);
        assertThatThrownBy(() -> naming.parse("a" + longest))
                .hasMessageContaining("254 characters (expected: at most 253)");
        assertThatThrownBy(() -> naming.parse("a." + longest)).hasMessageContaining("255 characters");
    }

    @ParameterizedTest
    @CsvSource({
        "orders.shop, orders.shop",
        "orders:80, orders.shop:80",
        "_http._tcp.orders.shop, orders.shop:http",
        "_dns._udp.orders.shop, _dns._udp.orders.shop",
        "orders.shop.svc.clusterset.local:80, orders.shop.svc.clusterset.local:80",
        "Orders.shop.svc.cluster.local.:80, orders.shop.svc.cluster.local.:80",
        "kube-dns.kube-system, kube-dns.kube-system.svc.cluster.local"
    })
    void aNameIsShownInAFormThatReadsTheSame(String text, String shown) {
        assertThat(naming.parse(text)).hasToString(shown);
        assertThat(naming.parse(shown)).isEqualTo(naming.parse(text));
    }

    /** Domains that nest, or end alike: the tier a written-out name is asked in, and the question; "all" for all tiers. */
    @ParameterizedTest
    @CsvSource({
        "orders.shop.svc.local.example, all",
        "orders.shop.svc.b.local.example, outer=orders.shop.svc.b.local.example",
        "orders.shop.svc.set.local.example, inner=orders.shop.svc.set.local.example",
        "pod.orders.shop.svc.set.local.example, inner=pod.orders.shop.svc.set.local.example",
        "orders.shop.svc.xset.local.example, home=orders.shop.svc.xset.local.example",
        "set.local.example.svc.set.local.example, inner=set.local.example.svc.set.local.example",
        "set.local.example., home=set.local.example"
    })
    void aNameBelongsToTheClosestDomain(String text, String asked) {
        List<Tier> nested = List.of(
                Tier.of("home", "local.example"),
                Tier.of("outer", "b.local.example"),
                Tier.of("inner", "set.local.example"));
        assertThat(asked(new Naming(nested, Optional.empty()), text)).isEqualTo(asked);
    }

    private static String asked(Naming naming, String text) {
        ServiceName name = naming.parse(text);
        List<String> questions = naming.tiers(name).stream()
                .map(tier ->
                        tier.name() + "=" + tier.question(name).orElseThrow().text())
                .toList();
        return name.scope() instanceof ServiceName.Scope.AllTiers ? "all" : String.join(" ", questions);
    }

    @ParameterizedTest
    @CsvSource({
        "payments.shop, all",
        "payments-dr.example.com, dr=payments-dr.example.com",
        "payments-dr.example.com.:80, dr=payments-dr.example.com",
        "payments.shop.svc.cluster.local, all"
    })
    void aFixedNameIsOursAndItsZoneIsNot(String text, String asked) {
        Naming withDr =
                new Naming(List.of(LOCAL, Tier.parse("dr=payments-dr.example.com@example.com:443")), Optional.empty());
        assertThat(asked(withDr, text)).isEqualTo(asked);
        assertThatThrownBy(() -> withDr.parse("api.example.com"))
                .hasMessageContaining("not a name of ours")
                .hasMessageContaining("a name under cluster.local)");
        assertThatThrownBy(() -> withDr.parse("orders.shop.svc.example.com"))
                .hasMessageContaining("not a name of ours");
    }

    @Test
    void withoutANamespaceASingleLabelIsRefusedWithTheRemedy() {
        Naming homeless = new Naming(List.of(LOCAL), Optional.empty());
        assertThatThrownBy(() -> homeless.parse("orders"))
                .hasMessage("orders: no namespace (expected orders.NAMESPACE, or set discovery.namespace)");
        assertThat(homeless.parse("orders.shop")).isEqualTo(ServiceName.of("orders", "shop"));
    }

    @Test
    void aTierInWhichTheNameWouldBeTooLongHasNone() {
        Tier derived = Tier.of("derived", "derived-{service}.{namespace}.svc.{domain}", "cluster.local");
        ServiceName longName = ServiceName.of("s".repeat(60), "n");
        assertThatThrownBy(() -> derived.question(longName)).hasMessageContaining("at most 63");
        assertThat(new Naming(List.of(derived, LOCAL), Optional.empty()).tiers(longName))
                .containsExactly(LOCAL);
        assertThatThrownBy(() -> new Naming(List.of(derived), Optional.empty()).tiers(longName))
                .hasMessageContaining("no tier looks it up")
                .hasMessageContaining("at most 63");
        Tier deep = Tier.of("deep", ("d".repeat(60) + ".").repeat(3) + "local");
        ServiceName fits = ServiceName.of("s".repeat(31), "n".repeat(28));
        assertThat(deep.question(fits).orElseThrow().name()).hasSize(253);
        assertThatThrownBy(() -> deep.question(fits.withPort(Port.named("http"))))
                .hasMessageContaining("at most 253");
    }

    @Test
    void theEnvironmentInFrontOfHomeDoesNotTakeItsPlace() {
        Naming inFront = new Naming(List.of(Tier.environment("env"), LOCAL, CLUSTERSET), Optional.of("shop"));
        assertThat(asked(inFront, "orders.shop.svc.cluster.local")).isEqualTo("all");
        assertThat(asked(inFront, "kubernetes.default")).isEqualTo("local=kubernetes.default.svc.cluster.local");
        assertThat(asked(inFront, "db-0.orders.shop.svc.cluster.local."))
                .isEqualTo("local=db-0.orders.shop.svc.cluster.local");
        Naming alone = new Naming(List.of(Tier.environment("env")), Optional.of("shop"));
        assertThat(asked(alone, "kubernetes.default")).isEqualTo("env=kubernetes.default");
        assertThatThrownBy(() -> alone.parse("orders.shop.svc.cluster.local"))
                .hasMessageEndingWith("SERVICE.NAMESPACE.svc)");
    }

    @Test
    void aStandardTierReadsTheNamesOfTheZoneItSharesWithADerivedOne() {
        Tier derived = Tier.parse("derived=derived-{service}.{namespace}.svc.{clusterDomain}@cluster.local");
        assertThat(asked(new Naming(List.of(derived, LOCAL), Optional.empty()), "orders.shop.svc.cluster.local"))
                .isEqualTo("all");
        assertThat(asked(new Naming(List.of(derived), Optional.empty()), "derived-orders.shop.svc.cluster.local"))
                .isEqualTo("derived=derived-orders.shop.svc.cluster.local");
    }

    @Test
    void twoTiersOfOneNameAreRefused() {
        assertThatThrownBy(() -> new Naming(List.of(LOCAL, LOCAL), Optional.empty()))
                .hasMessageContaining("names that differ");
        assertThatThrownBy(() -> new Naming(List.of(), Optional.empty())).hasMessageContaining("at least one");
    }

    @Test
    void aNameOfOneTierIsAskedInOneTierEvenIfTwoShareItsDomain() {
        Tier derived = Tier.of("derived", "derived-{service}.{namespace}.svc.{domain}", "cluster.local");
        Naming karmada = new Naming(List.of(LOCAL, derived), Optional.of("shop"));
        for (String one : List.of(
                "kube-dns.kube-system", "orders.shop.svc.cluster.local.", "pod.orders.shop.svc.cluster.local")) {
            ServiceName name = karmada.parse(one);
            assertThat(LOCAL.question(name)).as(one).isPresent();
            assertThat(derived.question(name)).as(one).isEmpty();
        }
        Tier deeper = Tier.of("deeper", "b.cluster.local");
        Naming nested = new Naming(List.of(LOCAL, deeper), Optional.empty());
        assertThat(deeper.question(nested.parse("orders.shop.svc.b.cluster.local")))
                .isPresent();
    }

    /** Words that mean something, in any order: whatever is read is shown in a form that reads the same. */
    @Test
    void whateverIsWrittenIsReadOrRefusedAndNothingElse() {
        String[] words = {
            "orders",
            "shop",
            "svc",
            "cluster",
            "clusterset",
            "local",
            "kube-system",
            "kubernetes",
            "default",
            "a",
            "_http",
            "_tcp",
            "_udp",
            "dr",
            "example",
            "com",
            ".",
            ".",
            ".",
            ".",
            ".",
            "..",
            ":",
            "80",
            "http",
            "",
            "-",
            "%",
            "\u0000",
            "svc.cluster.local",
            "svc.clusterset.local",
            "orders.shop"
        };
        Naming full = new Naming(
                List.of(Tier.environment("env"), LOCAL, CLUSTERSET, Tier.of("dr", "dr.example.com", "example.com")),
                Optional.of("shop"),
                Map.of(
                        "orders",
                                new OwnLookup(
                                        List.of(CLUSTERSET, LOCAL), Port.unspecified(), Optional.empty(), List.of()),
                        "a.shop", new OwnLookup(List.of(), Port.parse("http"), Optional.empty(), List.of())));
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(10); n >= 0; n--) {
                text.append(words[random.nextInt(words.length)]);
            }
            try {
                ServiceName name = full.parse(text.toString());
                read++;
                assertThat(full.parse(name.toString())).as(text.toString()).isEqualTo(name);
                assertThat(full.tiers(name)).as(text.toString()).isNotEmpty();
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).as(text.toString()).contains("expected");
            }
        }
        assertThat(read).isBetween(500, 10_000);
    }
}
