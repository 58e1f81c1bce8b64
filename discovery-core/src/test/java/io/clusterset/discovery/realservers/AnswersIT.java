package io.clusterset.discovery.realservers;

import static io.clusterset.discovery.realservers.Zones.CLUSTERSET;
import static io.clusterset.discovery.realservers.Zones.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What servers in good order say, and what the library makes of it. */
class AnswersIT {

    /** The targets fit a datagram, their addresses don't: knot then adds some of them, BIND (above 13) none. */
    private static final int WIDE = 20;

    private static final Map<RealDns.Kind, RealDns> SERVERS = new EnumMap<>(RealDns.Kind.class);

    @BeforeAll
    static void start() throws Exception {
        StringBuilder wide = new StringBuilder();
        for (int i = 1; i <= WIDE; i++) {
            wide.append("_http._tcp.wide.shop.svc IN SRV 0 50 80%02d pod-%d.wide.shop.svc\n".formatted(i, i));
            wide.append("pod-%d.wide.shop.svc IN A 10.1.4.%d\n".formatted(i, i));
        }
        Zones zones = Zones.both().with(LOCAL, wide.toString());
        for (RealDns.Kind kind : RealDns.Kind.values()) {
            SERVERS.put(kind, RealDns.start(kind, zones));
        }
    }

    @AfterAll
    static void onlyAbsoluteNamesUnderTheZonesWereAsked() throws Exception {
        try {
            for (RealDns dns : SERVERS.values()) {
                dns.stopAndExpectOnlyOurNames();
            }
        } finally {
            for (RealDns dns : SERVERS.values()) {
                dns.close();
            }
        }
    }

    private static RealDns dns(RealDns.Kind kind) {
        return Objects.requireNonNull(SERVERS.get(kind));
    }

    private static Explanation examine(Discovery discovery, String name) throws Exception {
        return discovery.service(name).examine(false).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Explanation examine(RealDns.Kind kind, String name) throws Exception {
        try (Discovery discovery = dns(kind).discovery().build()) {
            return examine(discovery, name);
        }
    }

    private static Resolution home(Explanation explanation) {
        return answer(explanation, 0);
    }

    private static Resolution answer(Explanation explanation, int tier) {
        return explanation.decision().tiers().get(tier).view().resolution();
    }

    private static List<String> authorities(Explanation explanation, int tier) {
        return explanation.decision().tiers().get(tier).view().endpoints().stream()
                .map(Endpoint::authority)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void bothZonesAnswerAndHomeIsCalled(RealDns.Kind kind) throws Exception {
        try (Discovery discovery = dns(kind).discovery().build()) {
            Explanation seen = examine(discovery, "orders.shop");
            assertThat(home(seen)).isInstanceOf(Resolution.Found.class);
            assertThat(authorities(seen, 0)).containsExactlyInAnyOrder("10.1.0.1:80", "10.1.0.2:80", "10.1.0.3:80");
            assertThat(authorities(seen, 1)).containsExactlyInAnyOrder("10.2.0.1:80", "10.2.0.2:80");
            assertThat(home(seen).freshFor()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
            assertThat(discovery.service("orders").next().endpoint().tier()).isEqualTo("local");
            assertThat(seen.toString()).contains("orders.shop: local 100 %, clusterset 0 %");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNameOfTheClustersetOnlyIsCalledThere(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "remote.shop");
        assertThat(home(seen)).isInstanceOf(Resolution.NoSuchName.class);
        assertThat(authorities(seen, 1)).containsExactly("10.2.1.1:80");
        assertThat(seen.decision().mostLoaded()).isEqualTo("clusterset");
    }

    @ParameterizedTest
    @EnumSource
    void oneFamilyIsEnough(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "six.shop");
        assertThat(authorities(seen, 0)).containsExactly("[fd00:1::6]:80");
        assertThat(authorities(seen, 1)).containsExactly("[fd00:2::6]:80");
    }

    @ParameterizedTest
    @EnumSource
    void aNameWithoutAddressesIsEmptyForAsLongAsTheZoneSays(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "idle.shop");
        assertThat(home(seen)).isInstanceOf(Resolution.Empty.class);
        assertThat(answer(seen, 1)).isInstanceOf(Resolution.Empty.class);
        negativeTtls(seen);
        try (Discovery discovery = dns(kind).discovery().build()) {
            assertThatThrownBy(discovery.service("idle.shop")::next).isInstanceOf(NoEndpointException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissingNameIsMissingForAsLongAsTheZoneSays(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "missing.shop");
        assertThat(home(seen)).isInstanceOf(Resolution.NoSuchName.class);
        assertThat(answer(seen, 1)).isInstanceOf(Resolution.NoSuchName.class);
        negativeTtls(seen);
        try (Discovery discovery = dns(kind).discovery().build()) {
            assertThatThrownBy(discovery.service("missing.shop")::next).isInstanceOf(NoSuchServiceException.class);
        }
    }

    /** The lesser of the SOA's TTL and its minimum; in a cache it has already run for a while. */
    private static void negativeTtls(Explanation seen) {
        assertThat(home(seen).freshFor()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(answer(seen, 1).freshFor()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(names = "UNBOUND", mode = EnumSource.Mode.EXCLUDE)
    void fromTheZonesOwnServerTheNegativeTtlIsExact(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "missing.shop");
        assertThat(home(seen).freshFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(answer(seen, 1).freshFor()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource
    void aliasesWithinTheZoneAreFollowed(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "alias.shop");
        assertThat(authorities(seen, 0)).containsExactlyInAnyOrder("10.1.0.1:80", "10.1.0.2:80", "10.1.0.3:80");
        assertThat(authorities(seen, 1)).containsExactlyInAnyOrder("10.2.0.1:80", "10.2.0.2:80");
        assertThat(home(examine(kind, "dangling.shop"))).isInstanceOf(Resolution.NoSuchName.class);
    }

    /** The cache adds the address outside, the others don't. */
    @ParameterizedTest
    @EnumSource
    void anAliasToTheOutsideIsRefusedByName(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "outside.shop");
        assertThat(authorities(seen, 0)).isEmpty();
        assertThat(authorities(seen, 1)).isEmpty();
        assertThat(home(seen).evidence().detail()).contains("api.example.org", "outside the zone cluster.local");
        assertThat(answer(seen, 1).evidence().detail())
                .contains("api.example.org", "outside the zone clusterset.local");
    }

    @ParameterizedTest
    @EnumSource
    void anAliasIntoAnotherTiersZoneIsRefusedToo(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "across.shop");
        assertThat(authorities(seen, 0)).isEmpty();
        assertThat(home(seen).evidence().detail()).contains("orders.shop.svc.clusterset.local");
    }

    @ParameterizedTest
    @EnumSource
    void aNamedPortIsFoundWithGlueOrWithout(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "ports.shop:http");
        assertThat(authorities(seen, 0)).containsExactlyInAnyOrder("10.1.2.1:8080", "10.1.2.2:8081");
        List<String> queries = home(seen).evidence().queries();
        if (kind == RealDns.Kind.UNBOUND) { // a cache leaves the glue out
            assertThat(queries).contains("a.ports.shop.svc.cluster.local. A", "b.ports.shop.svc.cluster.local. AAAA");
        } else {
            assertThat(queries).containsExactly("_http._tcp.ports.shop.svc.cluster.local. SRV");
        }
        Explanation remote = examine(kind, "remote.shop:http");
        assertThat(authorities(remote, 1)).containsExactly("10.2.1.2:8080");
        assertThat(remote.decision().tiers().get(1).view().endpoints().get(0).cluster())
                .isEqualTo("east");
    }

    @ParameterizedTest
    @EnumSource
    void gluesThatDoNotFitTheDatagramAreFetched(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "wide.shop:http");
        List<String> all = new ArrayList<>();
        IntStream.rangeClosed(1, WIDE).forEach(i -> all.add("10.1.4.%d:80%02d".formatted(i, i)));
        assertThat(authorities(seen, 0)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(((Resolution.Found) home(seen)).complete()).isTrue();
        assertThat(home(seen).evidence().queries()).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void aPortNameThatIsNotServedIsSaid(RealDns.Kind kind) throws Exception {
        Explanation seen = examine(kind, "orders.shop:grpc");
        assertThat(home(seen)).isInstanceOf(Resolution.Empty.class);
        assertThat(home(seen).evidence().detail()).isEqualTo("port name grpc not served");
        assertThat(home(examine(kind, "missing.shop:grpc"))).isInstanceOf(Resolution.NoSuchName.class);
    }

    @ParameterizedTest
    @EnumSource
    void theCaseOfZoneDataMeansNothing(RealDns.Kind kind) throws Exception {
        assertThat(authorities(examine(kind, "mixed.shop"), 0)).containsExactly("10.1.3.1:80");
        assertThat(authorities(examine(kind, "MIXED.Shop.svc.Cluster.Local"), 0))
                .containsExactly("10.1.3.1:80");
        assertThat(authorities(examine(kind, "mixedalias.shop"), 0)).containsExactly("10.1.3.1:80");
        assertThat(authorities(examine(kind, "mixed.shop:http"), 0)).containsExactly("10.1.3.2:8080");
    }

    @ParameterizedTest
    @EnumSource
    void aZoneThatTheServerDoesNotServeIsUnknownAndHomeServes(RealDns.Kind kind) throws Exception {
        Zones fewer = Zones.both().without(CLUSTERSET);
        try (RealDns half = RealDns.start(kind, fewer);
                Discovery discovery = half.discovery().build()) {
            Explanation seen = examine(discovery, "orders.shop");
            assertThat(authorities(seen, 0)).hasSize(3);
            refused(seen.decision().tiers().get(1), half);
            assertThat(seen.toString()).contains("answer    unknown (REFUSED): REFUSED from 127.0.0.1:");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHomeZoneThatTheServerDoesNotServeCostsNoCall(RealDns.Kind kind) throws Exception {
        Zones fewer = Zones.both().without(LOCAL);
        try (RealDns half = RealDns.start(kind, fewer);
                Discovery discovery = half.discovery().build()) {
            assertThat(discovery.service("orders.shop").next().endpoint().tier())
                    .isEqualTo("clusterset");
            refused(examine(discovery, "orders.shop").decision().tiers().get(0), half);
        }
    }

    private static void refused(Decision.Tier tier, RealDns by) {
        assertThat(tier.view().resolution()).isInstanceOf(Resolution.Unknown.class);
        assertThat(tier.view().resolution().evidence().rcode()).isEqualTo("REFUSED");
        assertThat(tier.view().resolution().evidence().detail())
                .startsWith("REFUSED from 127.0.0.1:" + by.address().getPort());
    }

    /** A node's cache that asks the Internet for clusterset.local until somebody tells it better. */
    @Test
    void aZoneThatSomebodyElseDeniesHasNoSuchName() throws Exception {
        Daemon behind = Daemon.start(Bind.of(Zones.both()));
        Unbound denying =
                Unbound.inFrontOf(behind.address(), Zones.both().sound()).denying(CLUSTERSET);
        try (behind;
                Daemon cache = Daemon.start(denying);
                Discovery discovery = dns(RealDns.Kind.BIND)
                        .discovery()
                        .tier(Tier.of("local", LOCAL))
                        .tier(Tier.of("clusterset", CLUSTERSET).withNameservers(List.of(cache.address())))
                        .build()) {
            Explanation seen = examine(discovery, "orders.shop");
            assertThat(authorities(seen, 0)).hasSize(3);
            assertThat(answer(seen, 1)).isInstanceOf(Resolution.NoSuchName.class);
            assertThat(seen.toString()).contains("answer    no such name (NXDOMAIN)");
        }
    }

    /** Without this the empty list of strays would prove nothing. */
    @ParameterizedTest
    @EnumSource
    void aStrayQuestionWouldBeSeen(RealDns.Kind kind) throws Exception {
        try (RealDns watched = RealDns.start(kind, Zones.both());
                Discovery discovery = watched.discovery()
                        .tier(Tier.of(
                                "stray", "{service}.{namespace}.svc.cluster.local.{domain}", "shop.svc.cluster.local"))
                        .build()) {
            examine(discovery, "orders.shop").decision();
            assertThatThrownBy(watched::stopAndExpectOnlyOurNames)
                    .hasMessageContaining("orders.shop.svc.cluster.local.shop.svc.cluster.local");
        }
    }
}
