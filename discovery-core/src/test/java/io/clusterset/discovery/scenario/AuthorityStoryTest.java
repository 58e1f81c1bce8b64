package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter asks first: whose name a URL's is. */
class AuthorityStoryTest {

    private static final Duration A_REST = Duration.ofMinutes(25);

    private final Map<String, String> file = new HashMap<>();
    private final World world = world();

    AuthorityStoryTest() {
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.noSuchName());
    }

    private Settings read() {
        return Settings.none().withProperties(file, "a.properties");
    }

    private World world() {
        Supplier<Settings> settings = this::read;
        return new World(builder -> builder.settings(settings));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Optional<Authority> of(String host) {
        return world.discovery.authority(host, 80, 80);
    }

    private static String shown(Optional<Authority> found) {
        return found.map(authority -> authority.service().name() + (authority.certain() ? "" : " perhaps"))
                .orElse("-");
    }

    @ParameterizedTest
    @CsvSource({
        "orders, orders.shop:80 perhaps",
        "orders.shop, orders.shop:80 perhaps",
        "ORDERS.shop, orders.shop:80 perhaps",
        "orders.shop.svc, orders.shop:80",
        "orders.shop.svc.cluster.local, orders.shop:80",
        "orders.shop.svc.clusterset.local, orders.shop.svc.clusterset.local:80",
        "orders.shop.svc.cluster.local., orders.shop.svc.cluster.local.:80",
        "db-0.orders.shop.svc.cluster.local, db-0.orders.shop.svc.cluster.local.:80",
        "kube-dns.kube-system, kube-dns.kube-system.svc.cluster.local:80 perhaps",
        "kubernetes.default.svc, kubernetes.default.svc.cluster.local:80",
        "svc, svc.shop:80 perhaps",
        "github.com, github.com:80 perhaps",
        "xn--bcher-kva.example, xn--bcher-kva.example:80 perhaps",
        // nobody's of ours
        "orders., -",
        "orders.shop., -",
        "shop.svc.cluster.local, -",
        "svc.cluster.local, -",
        "cluster.local., -",
        "a..b, -",
        "a..svc, -",
        "-a.shop, -",
        "_orders.shop, -",
        "or_ders.shop, -",
        "_http._tcp.orders.shop, -",
        "foo.localhost, -",
        "localhost, -",
        "1.2.3.4, -",
        "::1, -",
        "[::1], -",
        "0x7f.1, -",
        "10, -",
        "'', -",
        "' ', -",
        "b\u00fccher.shop, -",
        "api.github.com, -"
    })
    void whose(String host, String service) {
        assertThat(shown(of(host))).isEqualTo(service);
        assertThat(shown(of(host))).as("remembered").isEqualTo(service);
    }

    @Test
    void whatIsTooLongForANameIsNobodys() {
        String longest = ("a".repeat(63) + ".").repeat(3) + "a".repeat(61);
        assertThat(of("a".repeat(300))).isEmpty();
        assertThat(of("a".repeat(64) + ".shop")).isEmpty();
        assertThat(of(longest + ".svc")).isEmpty();
        assertThat(of("a".repeat(63) + ".shop")).isPresent();
        assertThat(of("a".repeat(1_000_000) + ".svc.cluster.local")).isEmpty();
    }

    /** Section 5: a number of the URL is the service's; the service's own port is meant where the URL says none. */
    @ParameterizedTest
    @CsvSource({
        "orders.shop, 80, 80, orders.shop:80 perhaps",
        "orders.shop, 443, 443, orders.shop:443 perhaps",
        "orders.shop, 8080, 80, orders.shop:8080 perhaps",
        "named.shop, 80, 80, named.shop:http perhaps",
        "named.shop, 443, 443, named.shop:http perhaps",
        "named.shop, 8080, 80, named.shop:8080 perhaps",
        "named.shop, 80, 443, named.shop:80 perhaps",
        "named.shop.svc.cluster.local, 80, 80, named.shop:http",
        "numbered.shop, 80, 80, numbered.shop:9000 perhaps",
        "numbered.shop, 443, 80, numbered.shop:443 perhaps",
        "_grpc._tcp.orders.shop.svc.cluster.local, 80, 80, orders.shop:grpc",
        "_grpc._tcp.orders.shop.svc.cluster.local, 81, 80, orders.shop:81",
        "orders.shop, 0, 80, -",
        "orders.shop, -1, 80, -",
        "orders.shop, 65536, 80, -"
    })
    void ports(String host, int port, int schemePort, String service) {
        file.put("discovery.services[named.shop].port", "http");
        file.put("discovery.services[numbered.shop].port", "9000");
        try (World own = world()) {
            assertThat(shown(own.discovery.authority(host, port, schemePort))).isEqualTo(service);
        }
    }

    private void ofItsOwn() {
        file.put("discovery.default-port", "9999");
        file.put("discovery.services[named.shop].port", "http");
        file.put("discovery.services[numbered.shop].port", "9000");
    }

    /** No URL, so no scheme's port: the service's own, else the default. */
    @ParameterizedTest
    @CsvSource({
        "orders, orders.shop:9999 perhaps",
        "orders.shop, orders.shop:9999 perhaps",
        "ORDERS.shop, orders.shop:9999 perhaps",
        "orders:8080, orders.shop:8080 perhaps",
        "orders.shop:8080, orders.shop:8080 perhaps",
        "orders.shop:http, orders.shop:http perhaps",
        "orders.shop.svc, orders.shop:9999",
        "orders.shop.svc:8080, orders.shop:8080",
        "orders.shop.svc.cluster.local, orders.shop:9999",
        "orders.shop.svc.cluster.local:http, orders.shop:http",
        "orders.shop.svc.clusterset.local:8080, orders.shop.svc.clusterset.local:8080",
        "orders.shop.svc.cluster.local., orders.shop.svc.cluster.local.:9999",
        "kube-dns.kube-system:dns, kube-dns.kube-system.svc.cluster.local:dns perhaps",
        "_grpc._tcp.orders.shop.svc.cluster.local, orders.shop:grpc",
        "named, named.shop:http perhaps",
        "named.shop, named.shop:http perhaps",
        "named.shop:80, named.shop:80 perhaps",
        "named.shop:8080, named.shop:8080 perhaps",
        "named.shop.svc.cluster.local, named.shop:http",
        "numbered.shop, numbered.shop:9000 perhaps",
        "numbered.shop:http, numbered.shop:http perhaps",
        // nobody's of ours
        "orders.shop:, -",
        "orders.shop:0, -",
        "orders.shop:65536, -",
        "orders.shop:-1, -",
        "orders.shop:8080:http, -",
        "orders.shop:8080/list, -",
        "http://orders.shop, -",
        "':8080', -",
        "':', -",
        "'', -",
        "localhost:8080, -",
        "127.0.0.1:8080, -",
        "::1, -",
        "'[::1]:8080', -",
        "api.github.com:443, -"
    })
    void aNameThatIsInNoUrl(String name, String service) {
        ofItsOwn();
        try (World own = world()) {
            assertThat(shown(own.discovery.authority(name))).isEqualTo(service);
            assertThat(shown(own.discovery.authority(name))).as("remembered").isEqualTo(service);
        }
    }

    @Test
    void aNameThatIsInNoUrlIsNotTakenForAUrlsNorTheOtherWayRound() {
        ofItsOwn();
        try (World own = world()) {
            assertThat(shown(own.discovery.authority("orders.shop"))).isEqualTo("orders.shop:9999 perhaps");
            assertThat(shown(own.discovery.authority("orders.shop", 80, 80))).isEqualTo("orders.shop:80 perhaps");
            assertThat(shown(own.discovery.authority("orders.shop:8080", 80, 80)))
                    .isEqualTo("-");
            assertThat(shown(own.discovery.authority("orders.shop:8080"))).isEqualTo("orders.shop:8080 perhaps");
        }
    }

    @Test
    void aNameThatIsInNoUrlGivesTheSameServiceAsAnyOther() {
        assertThat(world.discovery.authority("orders.shop:80").orElseThrow().service())
                .isSameAs(of("orders.shop").orElseThrow().service());
        assertThat(world.discovery.authority("orders").orElseThrow().service())
                .as("80 by default")
                .isSameAs(of("orders.shop").orElseThrow().service());
        assertThat(world.local.asked).isEqualTo(1);
    }

    @Test
    void aNameThatIsInNoUrlHeedsWhatHoldsNow() {
        assertThat(world.discovery.authority("orders.shop:8080")).isPresent();
        file.put("discovery.names.only", "*.billing");
        world.pass(500);
        assertThat(world.discovery.authority("orders.shop:8080")).isEmpty();
        assertThat(world.discovery.authority("orders")).isEmpty();
        assertThat(world.discovery.authority("orders.shop.svc:http")).isEmpty();
        assertThat(shown(world.discovery.authority("orders.billing:8080"))).isEqualTo("orders.billing:8080");
        file.put("discovery.names.only", "orders.shop");
        file.put("discovery.default-port", "9999");
        world.pass(500);
        assertThat(shown(world.discovery.authority("orders.shop:8080"))).isEqualTo("orders.shop:8080");
        assertThat(shown(world.discovery.authority("orders"))).isEqualTo("orders.shop:9999");
        file.clear();
        world.pass(500);
        assertThat(shown(world.discovery.authority("orders"))).isEqualTo("orders.shop:80 perhaps");
    }

    @Test
    void aNameThatIsInNoUrlIsNobodysWhileOffAndAfterTheEnd() {
        assertThat(world.discovery.authority("orders.shop:8080")).isPresent();
        world.discovery.enabled(false);
        assertThat(world.discovery.authority("orders.shop:8080")).isEmpty();
        assertThat(world.discovery.authority("orders.shop.svc")).isEmpty();
        world.discovery.enabled(true);
        assertThat(world.discovery.authority("orders.shop:8080")).isPresent();
        assertThat(world.discovery.closed()).isFalse();
        world.close();
        assertThat(world.discovery.closed()).isTrue();
        assertThat(world.discovery.authority("orders.shop:8080")).isEmpty();
        assertThat(world.discovery.authority("carts.shop.svc")).isEmpty();
        world.close();
        assertThat(world.discovery.closed()).isTrue();
    }

    @Test
    void whatIsSwitchedOffIsNotClosed() {
        world.discovery.enabled(false);
        assertThat(world.discovery.closed()).isFalse();
    }

    @Test
    void theSameServiceAsItsNameGives() {
        Service byName = world.discovery.service("orders.shop:80");
        assertThat(of("orders.shop").orElseThrow().service()).isSameAs(byName);
        assertThat(of("ORDERS.shop.svc").orElseThrow().service()).isSameAs(byName);
        assertThat(world.local.asked).isEqualTo(1);
    }

    @Test
    void whatHoldsNowHoldsForWhatIsRemembered() {
        assertThat(shown(of("orders.shop"))).isEqualTo("orders.shop:80 perhaps");
        file.put("discovery.names.only", "*.billing");
        world.pass(500);
        assertThat(of("orders.shop")).isEmpty();
        assertThat(of("orders.shop.svc.cluster.local")).isEmpty();
        assertThat(shown(of("orders.billing"))).isEqualTo("orders.billing:80");
        file.put("discovery.names.only", "orders.shop");
        world.pass(500);
        assertThat(shown(of("orders.shop"))).isEqualTo("orders.shop:80");
        assertThat(shown(of("orders"))).isEqualTo("orders.shop:80");
        assertThat(of("orders.billing")).isEmpty();
        file.clear();
        world.pass(500);
        assertThat(shown(of("orders.shop"))).isEqualTo("orders.shop:80 perhaps");
        world.discovery.enabled(false);
        assertThat(of("orders.shop")).isEmpty();
        assertThat(of("orders.shop.svc")).isEmpty();
        world.discovery.enabled(true);
        assertThat(shown(of("orders.shop"))).isEqualTo("orders.shop:80 perhaps");
    }

    @Test
    void tiersThatComeAndGoTakeTheirNamesWithThem() {
        Supplier<Settings> settings = this::read;
        ManualTime time = new ManualTime();
        Discovery.Builder builder = Discovery.builder()
                .settings(settings)
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .random(new Random(1))
                .executor(Runnable::run)
                .time(time, time);
        try (Discovery discovery = builder.build()) {
            assertThat(shown(discovery.authority("payments-dr.example.com", 443, 443)))
                    .isEqualTo("-");
            assertThat(shown(discovery.authority("github.com", 443, 443))).isEqualTo("github.com:443 perhaps");
            file.put(
                    "discovery.tiers",
                    "local={service}.{namespace}.svc.{domain}@cluster.local;"
                            + "dr=payments-dr.example.com@example.com");
            assertThat(discovery.reload().refused()).isEmpty();
            assertThat(shown(discovery.authority("payments-dr.example.com", 443, 443)))
                    .isEqualTo("payments-dr.example.com.:443");
            assertThat(shown(discovery.authority("orders.shop.svc.clusterset.local", 443, 443)))
                    .isEqualTo("-");
            // the disaster recovery site has an endpoint for github.com, too
            assertThat(shown(discovery.authority("github.com", 443, 443))).isEqualTo("-");
            assertThat(shown(discovery.authority("payments.shop", 443, 443))).isEqualTo("-");
            assertThat(shown(discovery.authority("payments.shop.svc", 443, 443)))
                    .isEqualTo("payments.shop:443");
            file.put("discovery.names.only", "payments.shop");
            discovery.reload();
            assertThat(shown(discovery.authority("payments.shop", 443, 443))).isEqualTo("payments.shop:443");
            file.remove("discovery.names.only");
            file.put("discovery.services[payments.shop].balancer", "random");
            discovery.reload();
            assertThat(shown(discovery.authority("github.com", 443, 443))).isEqualTo("-");
            assertThat(shown(discovery.authority("payments.shop", 443, 443))).isEqualTo("payments.shop:443 perhaps");
        }
    }

    @Test
    void aClosedDiscoveryLeavesTheApplicationsClientAlone() {
        assertThat(of("orders.shop.svc")).isPresent();
        world.close();
        assertThat(of("orders.shop.svc")).isEmpty();
        assertThat(of("orders.shop")).isEmpty();
        assertThat(of("carts.shop.svc")).isEmpty();
        assertThat(of("1.2.3.4")).isEmpty();
    }

    @Test
    void withNoRoomForAnotherServiceTheSystemsResolverIsAskedAndThatIsToldOnce() {
        Deque<Runnable> later = new ArrayDeque<>(); // a burst that the discovery's executor has not got round to
        try (World busy = new World(builder -> builder.executor(later::add))) {
            IntStream.range(0, 10_000).forEach(i -> busy.discovery.service("s" + i + ".shop"));
            assertThatThrownBy(() -> busy.discovery.service("one.more")).isInstanceOf(DiscoveryException.class);
            for (int i = 0; i < 3; i++) {
                assertThat(busy.discovery.authority("orders.shop", 80, 80)).isEmpty();
                assertThat(busy.discovery.authority("carts.shop.svc", 80, 80)).isEmpty();
            }
            while (!later.isEmpty()) {
                later.remove().run(); // names that nobody has ever had an endpoint for make room
            }
            assertThat(busy.events)
                    .filteredOn(event -> event.contains("goes to the system's resolver"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("10000 services in use");
            assertThat(busy.discovery.authority("orders.shop", 80, 80))
                    .as("not remembered")
                    .isPresent();
        }
    }

    @Test
    void moreNamesThanAreRememberedAreReadAsTheyCome() {
        for (int i = 0; i < 10_100; i++) {
            assertThat(of("www" + i + ".example.com")).isEmpty();
        }
        assertThat(shown(of("orders.shop"))).isEqualTo("orders.shop:80 perhaps");
        assertThat(of("orders.shop").orElseThrow().service())
                .isSameAs(of("orders.shop").orElseThrow().service());
        assertThat(of("www1.example.com")).isEmpty();
    }

    /** Two of one name would each judge for itself, and only one of them be counted. */
    @Test
    void aServiceThatWasForgottenAtRestIsTheOneThatIsFoundAgain() {
        Authority remembered = of("orders.shop").orElseThrow();
        Service orders = remembered.service();
        assertThat(world.call(orders)).isEqualTo("local");
        world.time.advance(A_REST);
        assertThat(world.local.watches()).isZero();
        assertThat(world.discovery.figures().services()).isEmpty();
        assertThat(world.discovery.service("orders.shop:80")).isSameAs(orders);
        assertThat(world.local.watches()).isEqualTo(1);
        assertThat(world.call(orders)).isEqualTo("local");
        assertThat(of("orders.shop")).containsSame(remembered);
        assertThat(world.local.watches()).isEqualTo(1);
        List<Figures.OfService> figures = world.discovery.figures().services();
        assertThat(figures).extracting(Figures.OfService::service).containsExactly("orders.shop:80");
        assertThat(figures.get(0).calls()).isEqualTo(2);
    }

    @Test
    void whoComesBackByItsOldNameIsNotSweptAway() {
        Service orders = world.orders();
        world.time.advance(A_REST);
        world.pass(1); // two sweeps later
        assertThat(world.orders()).isSameAs(orders);
        world.time.advance(Duration.ofMinutes(10)); // one
        assertThat(world.local.watches()).isEqualTo(1);
    }

    @Test
    void aServiceRememberedHereAnswersAgainAfterARest() {
        Authority remembered = of("orders.shop").orElseThrow();
        world.call(remembered.service());
        world.time.advance(A_REST);
        world.local.says(World.found("10.0.0.2:80"));
        Service again = of("orders.shop").orElseThrow().service();
        assertThat(again.next().endpoint().authority()).isIn("10.0.0.1:80", "10.0.0.2:80"); // what was known serves
        world.pass(200);
        assertThat(again.next().endpoint().authority()).isEqualTo("10.0.0.2:80");
        assertThat(world.discovery.service("orders.shop:80")).isSameAs(again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.shop", "orders.shop.svc"})
    void switchedOffWhileRememberedItIsNotEvenLookedUp(String host) {
        of(host);
        int asked = world.local.asked;
        world.discovery.enabled(false);
        world.time.advance(A_REST);
        assertThat(of(host)).isEmpty();
        assertThat(world.local.asked).isEqualTo(asked);
    }
}
