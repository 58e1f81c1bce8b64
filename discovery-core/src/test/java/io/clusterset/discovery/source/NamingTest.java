package io.clusterset.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "orders.shop:8080, orders.shop.svc.cluster.local, orders.shop.svc.clusterset.local"
    })
    void everyFormOfANameAsksTheseAbsoluteNames(String text, String local, String clusterset) {
        ServiceName name = naming.parse(text);
        assertThat(LOCAL.question(name).map(Question::text).orElse("-")).isEqualTo(local);
        assertThat(CLUSTERSET.question(name).map(Question::text).orElse("-")).isEqualTo(clusterset);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.github.com",
                "a.b.c.d.e",
                "orders.shop.svc.example.com",
                "example.com.",
                "cluster.local.",
                "foo..bar",
                "",
                ".",
                "orders.shop:",
                "orders.shop:0",
                "orders.shop:70000",
                "_http.orders.shop",
                "orders.shop:a:b"
            })
    void whatIsNotANameOfOursIsRefusedWithWhatWasExpected(String text) {
        assertThatThrownBy(() -> naming.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void withoutANamespaceASingleLabelIsRefusedWithTheRemedy() {
        Naming homeless = new Naming(List.of(LOCAL), Optional.empty());
        assertThatThrownBy(() -> homeless.parse("orders"))
                .hasMessage("orders: no namespace (expected orders.NAMESPACE, or set discovery.namespace)");
        assertThat(homeless.parse("orders.shop")).isEqualTo(ServiceName.of("orders", "shop"));
    }

    @Test
    void tiersHaveTemplatesPortsAndNameserversOfTheirOwn() {
        Tier karmada = Tier.parse(
                "karmada=derived-{service}.{namespace}.svc.{domain}@cluster.local:8080,dns=10.0.0.1:53,dns=10.0.0.2:5353");
        assertThat(karmada.name()).isEqualTo("karmada");
        assertThat(karmada.port()).hasValue(8080);
        assertThat(karmada.nameservers()).hasSize(2);
        assertThat(karmada.question(ServiceName.of("orders", "shop"))
                        .orElseThrow()
                        .name())
                .isEqualTo("derived-orders.shop.svc.cluster.local");
    }

    @Test
    void aTierWithAPortOfItsOwnIsNotAskedForPortNames() {
        Tier fixed = CLUSTERSET.withPort(8080);
        ServiceName named = ServiceName.of("orders", "shop").withPort(Port.named("http"));
        assertThat(fixed.question(named).orElseThrow().port()).isEmpty();
        assertThat(CLUSTERSET.question(named).orElseThrow().port()).isPresent();
    }

    @Test
    void aNameTooLongForItsZoneIsRefusedBeforeItIsAsked() {
        Tier deep = Tier.of("deep", ("d".repeat(60) + ".").repeat(3) + "local");
        ServiceName longName = ServiceName.of("s".repeat(63), "n".repeat(63));
        assertThatThrownBy(() -> deep.question(longName)).hasMessageContaining("at most 253");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local",
                "local=x",
                "=x@cluster.local",
                "Local={service}@cluster.local",
                "local={service}.{namespace}.svc.other.zone@cluster.local",
                "local={service}.{domain}@cluster.local:http",
                "local={service}.{domain}@cluster.local,udp=1.2.3.4:53",
                "local={service}.{domain}@cluster.local,dns=ns.example:53",
                "local={service}.{domain}@cluster..local"
            })
    void malformedTiersAreRefusedWithWhatWasExpected(String text) {
        assertThatThrownBy(() -> Tier.parse(text)).isInstanceOf(IllegalArgumentException.class);
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
}
