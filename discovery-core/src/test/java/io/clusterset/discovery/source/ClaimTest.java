package io.clusterset.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.Naming.Claim;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose name a URL's is, before anybody is asked. */
class ClaimTest {

    private static final Tier LOCAL = Tier.of("local", "cluster.local");
    private static final Tier CLUSTERSET = Tier.of("clusterset", "clusterset.local");
    private static final Tier DR = Tier.parse("dr=payments-dr.example.com@example.com");
    private final Naming naming = new Naming(List.of(LOCAL, CLUSTERSET), Optional.of("shop"));

    private static OwnLookup own(Tier... tiers) {
        return new OwnLookup(List.of(tiers), Port.unspecified(), Optional.empty(), List.of());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                // written out
                "orders.shop.svc, CERTAIN",
                "ORDERS.Shop.SVC, CERTAIN",
                "orders.shop.svc.cluster.local, CERTAIN",
                "orders.shop.svc.CLUSTERSET.local, CERTAIN",
                "orders.shop.svc.cluster.local., CERTAIN",
                "db-0.orders.shop.svc.cluster.local, CERTAIN",
                "db-0.c1.orders.shop.svc.clusterset.local., CERTAIN",
                "_http._tcp.orders.shop.svc.cluster.local, CERTAIN",
                "kube-dns.kube-system.svc, CERTAIN",
                "shop.svc.cluster.local, CERTAIN", // and no service's: reading it says so
                // one label or two
                "orders, POSSIBLE",
                "orders.shop, POSSIBLE",
                "ORDERS.shop, POSSIBLE",
                "github.com, POSSIBLE",
                "kube-dns.kube-system, POSSIBLE",
                "svc, POSSIBLE",
                "shop.svc, POSSIBLE",
                "cluster.local, POSSIBLE",
                "xn--bcher-kva.example, POSSIBLE",
                "localhost.shop, POSSIBLE",
                "0x7g.shop, POSSIBLE",
                "10.shop, POSSIBLE",
                // exactly these, which are under no zone of ours
                "orders., NONE",
                "orders.shop., NONE",
                "orders.shop.svc., NONE",
                "cluster.local., NONE",
                // three labels or more of another kind
                "api.github.com, NONE",
                "orders.shop.svcs, NONE",
                "db-0.orders.shop.svc, NONE", // a pod, by the search list: as before
                "_http._tcp.orders.shop, NONE",
                "orders.shop.svc.notcluster.local, NONE",
                "orders.shop.svc.cluster.local.example.com, NONE",
                "payments-dr.example.com, NONE",
                // nobody's, or this machine's
                "localhost, NONE",
                "LOCALHOST, NONE",
                "localhost., NONE",
                "foo.localhost, NONE",
                "orders.shop.localhost, NONE",
                "1.2.3.4, NONE",
                "1.2.3.4., NONE",
                "1.2, NONE",
                "10, NONE",
                "2130706433, NONE",
                "0x7f.1, NONE",
                "0x7f000001, NONE",
                "127.0X1, NONE",
                "::1, NONE",
                "[::1], NONE",
                "fd00::1%eth0, NONE",
                "orders.shop:80, NONE",
                "\"\", NONE",
                "., NONE",
                "a..b, NONE",
                "a.., NONE"
            })
    void whose(String host, Claim claim) {
        assertThat(naming.claim(host)).isEqualTo(claim);
    }

    @Test
    void aTiersOwnNamesAreOurs() {
        Naming more = new Naming(
                List.of(LOCAL, CLUSTERSET, DR),
                Optional.empty(),
                Map.of("orders.shop", own(Tier.parse("member={service}.{namespace}.svc.{domain}@member.example"))));
        assertThat(more.claim("payments-dr.example.com")).isEqualTo(Claim.CERTAIN);
        assertThat(more.claim("Payments-DR.example.com.")).isEqualTo(Claim.CERTAIN);
        assertThat(more.claim("example.com")).isEqualTo(Claim.POSSIBLE); // its zone is somebody else's
        assertThat(more.claim("www.example.com")).isEqualTo(Claim.NONE);
        assertThat(more.claim("orders.shop.svc.member.example")).isEqualTo(Claim.CERTAIN);
    }

    @Test
    void aTierThatNobodyLooksUpHasNoNames() {
        Naming more = new Naming(List.of(Tier.environment("env"), LOCAL), Optional.of("shop"));
        assertThat(more.claim("environment")).isEqualTo(Claim.POSSIBLE);
        assertThat(more.claim("environment.")).isEqualTo(Claim.NONE);
    }

    @Test
    void noTextMakesItThrow() {
        Random random = new Random(1);
        String some = "a.-_:0x%1\u212a\u0130\ud800\0/@ svcclusterlocal";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder host = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                host.append(some.charAt(random.nextInt(some.length())));
            }
            assertThat(naming.claim(host.toString())).isNotNull();
            assertThat(naming.claim(host + ".svc.cluster.local")).isNotNull();
        }
        assertThat(naming.claim("a".repeat(300))).isEqualTo(Claim.POSSIBLE); // reading it says no
    }

    /** Where a tier answers whatever is asked, that it answers says nothing. */
    @Test
    void aFixedNameTellsNoServiceFromAnother() {
        Naming more = new Naming(List.of(LOCAL, DR), Optional.of("shop"), Map.of("payments.shop", own(LOCAL, DR)));
        assertThat(more.isToldApart(ServiceName.of("github", "com"))).isFalse();
        assertThat(more.isToldApart(ServiceName.of("payments", "shop"))).isTrue();
        assertThat(naming.isToldApart(ServiceName.of("github", "com"))).isTrue();
        Naming derived = new Naming(
                List.of(LOCAL, Tier.parse("derived=derived-{service}.shop.svc.{domain}@cluster.local")),
                Optional.empty());
        assertThat(derived.isToldApart(ServiceName.of("github", "com"))).isTrue();
    }

    /** Patterns, what somebody wrote, and whether it is one of them. */
    @ParameterizedTest
    @CsvSource({
        "orders.shop, orders.shop, true",
        "Orders.SHOP, ORDERS.shop, true",
        "orders.shop., orders.shop, true",
        "orders.shop, orders, true",
        "orders.shop, orders.shop.svc, true",
        "orders.shop, orders.shop.svc.cluster.local, true",
        "orders.shop, orders.shop.svc.clusterset.local, true",
        "orders.shop, carts.shop, false",
        "orders.shop, orders.billing, false",
        "orders.shop, db-0.orders.shop.svc.cluster.local, false",
        "*.shop, carts, true",
        "*.shop, orders.shop.svc.clusterset.local, true",
        "*.shop, orders.billing, false",
        "*.shop, shop.billing, false",
        "*.kube-system, kube-dns.kube-system, true",
        "kube-dns.kube-system, kube-dns.kube-system.svc.cluster.local, true",
        "orders.shop.svc, orders.shop.svc, true",
        "orders.shop.svc, orders.shop, false",
        "orders.shop.svc.cluster.local, orders.shop.svc.cluster.local, true",
        "orders.shop.svc.cluster.local, Orders.shop.svc.cluster.LOCAL., true",
        "orders.shop.svc.cluster.local, orders.shop, false",
        "orders.shop.svc.clusterset.local, orders.shop.svc.clusterset.local, true",
        "orders.shop.svc.clusterset.local, orders.shop, false",
        "db-0.orders.shop.svc.cluster.local, db-0.orders.shop.svc.cluster.local, true",
        "payments-dr.example.com, payments-dr.example.com, true",
        "payments-dr.example.com, payments-dr.example.com., true",
        "*.example, payments-dr.example.com, false"
    })
    void only(String pattern, String written, boolean admitted) {
        Naming withDr = new Naming(List.of(LOCAL, CLUSTERSET, DR), Optional.of("shop"));
        NameOptions names = NameOptions.builder().only(List.of("x.y", pattern)).build();
        assertThat(names.isComplete()).isTrue();
        assertThat(names.admits(withDr.parse(written), written)).isEqualTo(admitted);
        assertThat(names.toBuilder().build().only()).isEqualTo(names.only());
    }

    @Test
    void nothingSaidAdmitsAll() {
        assertThat(NameOptions.defaults().isComplete()).isFalse();
        assertThat(NameOptions.defaults().admits(naming.parse("github.com"), "github.com"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*",
        "*.",
        "orders",
        "orders.",
        "*.a.b",
        "*.*",
        "a.*",
        "a..b",
        "''",
        ".",
        "1.2.3.4:80",
        "a_b.shop",
        "*.-a"
    })
    void patternsThatCanBeNobodys(String pattern) {
        assertThatThrownBy(() -> NameOptions.builder().only(List.of(pattern)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }
}
