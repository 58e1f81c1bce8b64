package io.clusterset.discovery.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.Question;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Callers that ask for what no server should ever see, all at once, or for a million names there are not. All of them by
 *
 * <pre>mvn -B test -pl discovery-testkit,discovery-core -Dtest=ThroughTheFrontDoorTest -Dhostile.full
 * -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class ThroughTheFrontDoorTest {

    private static final boolean FULL = System.getProperty("hostile.full") != null;
    private static final long MOST_RETAINED = 16 * 1024 * 1024;
    private static final String LOCAL = "orders.shop.svc.cluster.local";
    private static final String REMOTE = "orders.shop.svc.clusterset.local";

    private final FakeDnsServer dns = FakeDnsServer.start();
    private Discovery discovery = builder().build();

    private Discovery.Builder builder() {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .dns(d -> d.nameservers(List.of(dns.address())));
    }

    /** Whose time stands still: ten thousand threads may slow this machine down, but nobody asks twice for that. */
    private void stopTime() {
        discovery.close();
        ManualTime still = new ManualTime();
        discovery = builder().time(still, still).build();
    }

    @AfterEach
    void close() {
        discovery.close();
        dns.close();
    }

    static List<String> injections() {
        return List.of(
                "",
                ".",
                "..",
                "orders..shop",
                ".orders.shop",
                "orders.shop..",
                "orders\0.shop",
                "orders.shop\0.svc.cluster.local",
                "orders\r\nHost: evil.shop",
                "orders.shop\n",
                "\u00f6rders.shop",
                "xn--rders-jua.shop.evil.com",
                "orders.\uff53hop",
                "orders\u3002shop",
                "ORDER\u0130.shop",
                "a".repeat(64) + ".shop",
                "orders." + "a".repeat(64),
                "a".repeat(300),
                ("a".repeat(60) + ".").repeat(5) + "svc.cluster.local",
                "evil.com.",
                "www.evil.com",
                "orders.shop.svc.cluster.local.evil.com",
                "orders.shop.svc.cluster.local.evil.com.",
                "orders.shop.svc.evilcluster.local",
                "-orders.shop",
                "orders-.shop",
                "or_ders.shop",
                "*.shop",
                "orders.shop:",
                "orders.shop:0",
                "orders.shop:65536",
                "orders.shop:http:80",
                "orders.shop:_http",
                "orders shop",
                "[::1]",
                "http://orders.shop/",
                "user@orders.shop",
                "orders.shop?x",
                "orders.shop#x",
                "orders\\.evil.shop",
                "orders\\046.shop",
                "10.0.0.1",
                "_http._tcp.evil.com.",
                "_http._sctp.orders.shop",
                "_._tcp.orders.shop");
    }

    /** F27: refused by its form, before anything is sent. */
    @ParameterizedTest
    @MethodSource("injections")
    void aNameThatIsNoneOfOursIsRefusedAndNobodyIsAsked(String name) throws Exception {
        assertThatThrownBy(() -> discovery.service(name))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(refused -> assertThat(String.valueOf(refused.getMessage())
                                .chars()
                                .allMatch(c -> (c >= ' ' && c < 127) || c == '…'))
                        .as(refused.getMessage())
                        .isTrue());
        dns.service(LOCAL, "10.0.0.1");
        discovery.service("orders.shop").ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(dns.questions()).extracting(Question::name).isSubsetOf(LOCAL, REMOTE);
    }

    /** F31: 10,000 threads in full, 2,000 here. */
    @Test
    void thousandsOfThreadsOfAColdNameAskOnceATierAndLeaveNoThread() throws Exception {
        dns.service(LOCAL, "10.0.0.1");
        dns.service(REMOTE, "10.9.0.1");
        dns.delayAll(Duration.ofMillis(500));
        stopTime();
        int threads = FULL ? 10_000 : 2_000;
        Set<String> before = threads();
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger served = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        Service orders = discovery.service("orders.shop");
        for (int i = 0; i < threads; i++) {
            Thread caller = new Thread(
                    null,
                    () -> {
                        try {
                            start.await();
                            try (Attempt attempt = orders.next()) {
                                served.addAndGet(attempt.endpoint().tier().equals("local") ? 1 : 0);
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "caller-" + i,
                    64 * 1024);
            callers.add(caller);
            caller.start();
        }
        start.countDown();
        for (Thread caller : callers) {
            caller.join(20_000);
        }
        assertThat(served).hasValue(threads);
        assertThat(dns.questions(LOCAL)).hasSize(2);
        assertThat(dns.questions(REMOTE)).hasSizeLessThanOrEqualTo(2);
        Set<String> left = threads();
        left.removeAll(before);
        assertThat(left).isSubsetOf("discovery-main", "discovery-io", "discovery-callbacks", "fake-dns-delays");
    }

    @Test
    void tenThousandCallersThatDoNotWaitAskOnceATierToo() throws Exception {
        dns.service(LOCAL, "10.0.0.1");
        dns.service(REMOTE, "10.9.0.1");
        dns.delayAll(Duration.ofMillis(100));
        stopTime();
        List<CompletableFuture<?>> ready = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ready.add(discovery.service("orders.shop").ready().toCompletableFuture());
        }
        CompletableFuture.allOf(ready.toArray(CompletableFuture<?>[]::new)).get(20, TimeUnit.SECONDS);
        assertThat(dns.questions(LOCAL)).hasSize(2);
        assertThat(dns.questions(REMOTE)).hasSizeLessThanOrEqualTo(2);
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    /** F32, on a server that says there is no such name. */
    @Test
    @Timeout(900)
    void namesThatDoNotExistCostNoHeap() throws Exception {
        unknownNamesCostNoHeap();
    }

    /** F32, on one that says nothing. */
    @Test
    @Timeout(900)
    void namesNobodyAnswersForCostNoHeap() throws Exception {
        dns.silence();
        unknownNamesCostNoHeap();
    }

    private void unknownNamesCostNoHeap() throws Exception {
        int names = FULL ? 1_000_000 : 10_000;
        ask(0, 20); // classes, threads, the first buffers
        long before = heap();
        int refused = ask(20, names);
        long grown = settled(before);
        System.out.println(
                names + " unknown names: " + grown / 1024 + " KiB more on the heap, " + refused + " refused");
        assertThat(grown).as("bytes for %d names, %d refused", names, refused).isLessThanOrEqualTo(MOST_RETAINED);
        assertThat(discovery.tiers()).hasSize(2);
    }

    /** Without waiting, as a proxy does whose clients make names up; how many were refused because there are too many. */
    private int ask(int from, int to) {
        int refused = 0;
        for (int i = from; i < to; i++) {
            try {
                discovery.service("nobody-" + i + ".shop");
            } catch (DiscoveryException tooMany) {
                refused++;
            }
        }
        return refused;
    }

    /** How much more than before, once the library has caught up with its callers, which takes it as long as it gets no time. */
    private long settled(long before) throws Exception {
        long grown = heap() - before;
        for (int rounds = 0; grown > MOST_RETAINED && rounds < 30; rounds++) {
            CompletableFuture<?> decided = behindThemAll(rounds);
            // Collecting garbage all the while would keep the library from working.
            decided.handle((ready, failed) -> "decided").get(20, TimeUnit.SECONDS);
            grown = heap() - before;
        }
        return grown;
    }

    /** Decided, one way or the other, after all that was asked for before; refused while there are too many. */
    private CompletableFuture<?> behindThemAll(int round) {
        try {
            return discovery
                    .service("behind-them-all-" + round + ".shop")
                    .ready()
                    .toCompletableFuture();
        } catch (DiscoveryException tooMany) {
            return CompletableFuture.completedFuture("refused");
        }
    }

    /** What is retained; the least of several, for what the library is just working on is none of it. */
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
