package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.ExternalNameException;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link DiscoveryDns} answers; nothing is connected to. */
class LookupDnsTest {

    /** Than the 2 s that the first answer may take; a busy machine needs a while to notice. */
    private static final Duration NOT_MUCH_LONGER = Duration.ofSeconds(4);

    private static final String HOME = "orders.shop.svc.cluster.local";
    private static final String SET = "orders.shop.svc.clusterset.local";
    private static final InetAddress SOMEWHERE = InetAddress.getLoopbackAddress();

    private final FakeDnsServer server = FakeDnsServer.start();
    private final List<String> handedOn = new CopyOnWriteArrayList<>();
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .namespace("shop")
            .dns(d -> d.nameservers(List.of(server.address())))
            .health(h -> h.probe(Probe.none()))
            .build();
    private final DiscoveryDns dns = new DiscoveryDns(discovery, this::other);

    private List<InetAddress> other(String name) {
        handedOn.add(name);
        return List.of(SOMEWHERE);
    }

    @AfterEach
    void close() {
        discovery.close();
        server.close();
    }

    private void homeAndNext() {
        server.service(HOME, "10.0.0.1", "10.0.0.2", "10.0.0.3");
        server.service(SET, "10.9.0.1", "10.9.0.2");
    }

    /** All of them, once the next tier is warm. */
    private void awaitEndpoints(String name, int count) {
        CountDownLatch there = new CountDownLatch(1);
        try (var watching = discovery.service(name).watch(seen -> {
            if (seen.tiers().stream().mapToInt(tier -> tier.endpoints().size()).sum() >= count) {
                there.countDown();
            }
        })) {
            assertThat(watching).isNotNull();
            assertThat(there.await(30, TimeUnit.SECONDS))
                    .as("%d endpoints", count)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    private List<String> lookup(String name) throws UnknownHostException {
        return text(dns.lookup(name));
    }

    private void warm(int count) throws UnknownHostException {
        dns.lookup(HOME);
        awaitEndpoints("orders.shop:80", count);
    }

    @Test
    void homeComesFirstAndTheNextTierAfterIt() throws UnknownHostException {
        homeAndNext();
        warm(5);

        for (int i = 0; i < 50; i++) {
            List<String> found = lookup(HOME);
            assertThat(found.subList(0, 3)).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "10.0.0.3");
            assertThat(found.subList(3, 5)).containsExactlyInAnyOrder("10.9.0.1", "10.9.0.2");
        }
    }

    @Test
    void addressesAreCalledWhatTheCallerCallsThem() throws UnknownHostException {
        homeAndNext();
        assertThat(dns.lookup("orders.shop.svc"))
                .allSatisfy(address -> assertThat(address.toString()).startsWith("orders.shop.svc/"));
        assertThat(dns.lookup(HOME))
                .allSatisfy(address -> assertThat(address.toString()).startsWith(HOME + "/"));
    }

    @Test
    void theFirstOneChangesByTurnsOverManyLookups() throws UnknownHostException {
        homeAndNext();
        warm(5);
        Map<String, Integer> firsts = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            firsts.merge(lookup(HOME).get(0), 1, Integer::sum);
        }
        assertThat(firsts).containsOnlyKeys("10.0.0.1", "10.0.0.2", "10.0.0.3");
        assertThat(firsts.values()).allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
    }

    @Test
    void theFirstOneFollowsWeights() throws UnknownHostException {
        try (Discovery weighted = Discovery.builder()
                .settings(Settings.none())
                .service(
                        "orders.shop",
                        s -> s.staticList(List.of(
                                Endpoint.parse("10.0.0.1:80"),
                                Endpoint.parse("10.0.0.2:80").withWeight(3))))
                .health(h -> h.probe(Probe.none()))
                .build()) {
            DiscoveryDns alone = new DiscoveryDns(weighted);
            Map<String, Integer> firsts = new HashMap<>();
            for (int i = 0; i < 4_000; i++) {
                firsts.merge(text(alone.lookup("orders.shop")).get(0), 1, Integer::sum);
            }
            assertThat(firsts.get("10.0.0.2")).isBetween(2_800, 3_200);
        }
    }

    @Test
    void healthyBeforeSuspectBeforeUnhealthy() throws UnknownHostException {
        homeAndNext();
        warm(5);
        fail("10.0.0.1", 1);
        fail("10.0.0.2", 4);

        List<String> found = awaitLast("10.0.0.2");
        assertThat(found.indexOf("10.0.0.3")).isLessThan(found.indexOf("10.0.0.1"));
        assertThat(found.indexOf("10.0.0.1")).isLessThan(found.indexOf("10.0.0.2"));
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            firsts.add(lookup(HOME).get(0));
        }
        assertThat(firsts).contains("10.0.0.3").doesNotContain("10.0.0.1", "10.0.0.2");
    }

    /** Until a decision has it that an address comes last. */
    private List<String> awaitLast(String address) throws UnknownHostException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        List<String> found;
        do {
            found = lookup(HOME);
        } while (!found.get(found.size() - 1).equals(address) && System.nanoTime() < end);
        assertThat(found).endsWith(address);
        return found;
    }

    private void fail(String address, int times) throws UnknownHostException {
        for (int i = 0; i < times; i++) {
            discovery
                    .service("orders.shop:80")
                    .report(
                            new InetSocketAddress(InetAddress.getByName(address), 80),
                            new Outcome.FailedHard("connection refused", false));
        }
    }

    @Test
    void atMostEightOfATier() throws UnknownHostException {
        server.service(HOME, addresses("10.0.0.", 30));
        server.service(SET, addresses("10.9.0.", 30));
        warm(60);

        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<String> found = lookup(HOME);
            assertThat(found).hasSize(16).doesNotHaveDuplicates();
            assertThat(found.subList(0, 8)).allMatch(address -> address.startsWith("10.0.0."));
            assertThat(found.subList(8, 16)).allMatch(address -> address.startsWith("10.9.0."));
            seen.add(found.get(0));
        }
        assertThat(seen).as("all of home's are first at some time").hasSize(30);
    }

    private static String[] addresses(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    /** OkHttp takes IPv6 first when it is given both. */
    @Test
    void homesFamilyIsTheOnlyOne() throws UnknownHostException {
        server.service(HOME, "10.0.0.1");
        server.service(SET, "fd00::9", "10.9.0.1");
        warm(3);
        for (int i = 0; i < 50; i++) {
            assertThat(lookup(HOME)).containsExactly("10.0.0.1", "10.9.0.1");
        }
    }

    @Test
    void aDualStackHomeGivesOneFamilyAtATime() throws UnknownHostException {
        server.service(HOME, "10.0.0.1", "fd00::1");
        server.service(SET, "10.9.0.1", "fd00::9");
        warm(4);
        Set<List<String>> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(lookup(HOME));
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        List.of("10.0.0.1", "10.9.0.1"), List.of("fd00:0:0:0:0:0:0:1", "fd00:0:0:0:0:0:0:9"));
    }

    @Test
    void otherNamesAreTheOthers() throws UnknownHostException {
        for (String name : List.of("api.github.com", "localhost", "a.b.c.example.org", "metrics.localhost")) {
            assertThat(dns.lookup(name)).containsExactly(SOMEWHERE);
        }
        assertThat(handedOn).containsExactly("api.github.com", "localhost", "a.b.c.example.org", "metrics.localhost");
        assertThat(server.questions()).isEmpty();
    }

    @Test
    void aDoubtfulNameThatNoTierKnowsIsTheOthers() throws UnknownHostException {
        assertThat(dns.lookup("github.com")).containsExactly(SOMEWHERE);
        assertThat(dns.lookup("github.com")).containsExactly(SOMEWHERE);
        assertThat(handedOn).containsExactly("github.com", "github.com");
    }

    @Test
    void aDoubtfulNameThatNobodyKnowsHasBothReasons() {
        DiscoveryDns alone = new DiscoveryDns(discovery, name -> {
            throw new UnknownHostException(name + ": never heard of");
        });
        assertThatThrownBy(() -> alone.lookup("github.com"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("github.com")
                .cause()
                .satisfies(reason -> assertThat(reason.getSuppressed())
                        .singleElement()
                        .satisfies(neither -> assertThat(neither).hasMessage("github.com: never heard of")));
    }

    @Test
    void anEmptyServiceSaysWhatEachTierAnswered() {
        server.on(HOME).nodata();
        server.on(SET).nodata();
        assertThatThrownBy(() -> dns.lookup("orders.shop"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("orders.shop:80: no endpoint (local and clusterset: empty")
                .hasCauseInstanceOf(NoEndpointException.class);
        assertThat(handedOn).isEmpty();
    }

    @Test
    void anExternalNameIsTheOthers() throws UnknownHostException {
        server.on(HOME).cname("db.example.com");
        assertThat(dns.lookup(HOME)).containsExactly(SOMEWHERE);
        assertThat(handedOn).containsExactly(HOME);
        assertThatThrownBy(() -> discovery.service("orders.shop").next()).isInstanceOf(ExternalNameException.class);
    }

    @Test
    void switchedOffEveryNameIsTheOthersAndBackOnOurs() throws UnknownHostException {
        homeAndNext();
        assertThat(lookup(HOME)).contains("10.0.0.1");
        discovery.enabled(false);
        assertThat(dns.lookup(HOME)).containsExactly(SOMEWHERE);
        discovery.enabled(true);
        awaitEndpoints("orders.shop:80", 5);
        assertThat(lookup(HOME)).contains("10.0.0.1");
    }

    @Test
    void closedEveryNameIsTheOthers() throws UnknownHostException {
        homeAndNext();
        assertThat(lookup(HOME)).contains("10.0.0.1");
        discovery.close();
        assertThat(dns.lookup(HOME)).as("known before").containsExactly(SOMEWHERE);
        assertThat(dns.lookup("bills.shop.svc")).as("not known before").containsExactly(SOMEWHERE);
    }

    @Test
    void silenceTakesNoLongerThanTheDeadline() {
        server.silence();
        long began = System.nanoTime();
        assertThatThrownBy(() -> dns.lookup(HOME))
                .isInstanceOf(UnknownHostException.class)
                .hasCauseInstanceOf(ResolutionException.class)
                .hasMessageContaining("orders.shop:80");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(NOT_MUCH_LONGER);
        assertThat(handedOn).isEmpty();
    }

    @Test
    void aDoubtfulNameInSilenceIsTheOthersByThen() throws UnknownHostException {
        server.silence();
        long began = System.nanoTime();
        assertThat(dns.lookup("orders.shop")).containsExactly(SOMEWHERE);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(NOT_MUCH_LONGER);
    }

    @Test
    void anInterruptedThreadIsToldAsOkHttpExpects() {
        server.silence();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> dns.lookup(HOME)).isInstanceOf(UnknownHostException.class);
        assertThat(Thread.interrupted()).as("the flag stays set").isTrue();
    }

    @Test
    void whateverTheNameNothingButUnknownHostEscapes() {
        List<String> names = new ArrayList<>(List.of(
                "",
                ".",
                "..",
                "a..b",
                "-",
                "_",
                "orders_1.shop",
                "orders.",
                "*.shop",
                "svc",
                "svc.cluster.local",
                ".svc.cluster.local",
                "cluster.local",
                "a.svc",
                "orders.shop.svc.cluster.local.",
                "orders.shop.svc.",
                "x".repeat(64) + ".shop",
                "x.".repeat(200) + "svc.cluster.local",
                "[::1]",
                "::1",
                "10.0.0.1",
                "1.2",
                "ORDERS.SHOP",
                "xn--n3h.net",
                "kubernetes",
                "kubernetes.default",
                "\u0000.svc",
                "ö.shop"));
        for (String name : names) {
            try {
                assertThat(dns.lookup(name)).as(name).isNotEmpty();
            } catch (UnknownHostException fine) {
                assertThat(fine).hasMessageNotContaining("\u0000");
            }
        }
    }

    @Test
    void sixtyFourThreadsOnAColdNameAreOneLookup() throws Exception {
        homeAndNext();
        server.delayAll(Duration.ofMillis(20));
        atOnce(64, () -> dns.lookup(HOME));
        // A and AAAA; a busy machine may ask again after 150, 400 and 900 ms
        assertThat(server.questions(HOME)).hasSizeBetween(2, 8);
        assertThat(server.questions(SET)).hasSizeBetween(0, 8);
    }

    @Test
    void manyThreadsGetWholeAnswersWhileEndpointsComeAndGo() throws Exception {
        homeAndNext();
        warm(5);
        List<Callable<List<InetAddress>>> work = new ArrayList<>(Collections.nCopies(16, () -> {
            for (int i = 0; i < 5_000; i++) {
                assertThat(dns.lookup(HOME)).hasSizeBetween(3, 5);
            }
            return dns.lookup(HOME);
        }));
        work.add(() -> {
            for (int i = 0; i < 200; i++) {
                fail("10.0.0." + (1 + i % 3), 1);
                discovery
                        .service("orders.shop:80")
                        .report(
                                new InetSocketAddress(InetAddress.getByName("10.0.0." + (1 + i % 3)), 80),
                                new Outcome.Succeeded());
            }
            return dns.lookup(HOME);
        });
        ExecutorService threads = Executors.newFixedThreadPool(17);
        try {
            for (Future<List<InetAddress>> done : threads.invokeAll(work)) {
                assertThat(done.get()).isNotEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void atOnce(int count, Callable<List<InetAddress>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            for (Future<List<InetAddress>> done : threads.invokeAll(Collections.nCopies(count, work))) {
                assertThat(done.get()).isNotEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A crawler's: our memory is bounded, and what is in use stays right. */
    @Test
    void tenThousandNamesAndMore() throws UnknownHostException {
        homeAndNext();
        assertThat(lookup(HOME)).contains("10.0.0.1");
        for (int i = 0; i < 12_000; i++) {
            assertThat(dns.lookup("www.site-" + i + ".example.com")).containsExactly(SOMEWHERE);
        }
        assertThat(handedOn).hasSize(12_000);
        assertThat(lookup(HOME)).contains("10.0.0.1");
    }

    /** What is remembered of names that are ours is bounded too: here they are all one service's. */
    @Test
    void tenThousandWaysToWriteAName() throws UnknownHostException {
        homeAndNext();
        for (int i = 0; i < 12_000; i++) {
            StringBuilder name = new StringBuilder(HOME);
            for (int letter = 0; letter < 14; letter++) {
                if ((i >> letter & 1) == 1) {
                    name.setCharAt(letter, Character.toUpperCase(HOME.charAt(letter)));
                }
            }
            assertThat(lookup(name.toString())).contains("10.0.0.1");
        }
        assertThat(handedOn).isEmpty();
    }

    /** OkHttp 5.5 asks this way. */
    @Test
    void theOthersOwnWayOfAskingIsTheirs() {
        Dns.Call theirs = new Silent();
        List<String> asked = new ArrayList<>();
        Dns modern = new Dns() {
            @Override
            public List<InetAddress> lookup(String name) {
                throw new IllegalStateException(name);
            }

            @Override
            public Dns.Call newCall(Dns.Request request) {
                asked.add(request.toString());
                return theirs;
            }
        };
        DiscoveryDns alone = new DiscoveryDns(discovery, modern);
        assertThat(alone.newCall(new Dns.Request("api.github.com", 8443))).isSameAs(theirs);
        assertThat(alone.newCall(new Dns.Request("orders.shop", 8443))).isNotSameAs(theirs);
        assertThat(asked).containsExactly("api.github.com:8443");
    }

    private static final class Silent implements Dns.Call {
        @Override
        public Dns.Request getRequest() {
            return new Dns.Request("x.example", 443);
        }

        @Override
        public void enqueue(Dns.Callback callback) {
            throw new IllegalStateException();
        }

        @Override
        public void cancel() {}

        @Override
        public boolean isCanceled() {
            return false;
        }
    }
}
