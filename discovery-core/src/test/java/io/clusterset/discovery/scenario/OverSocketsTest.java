package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.testkit.Question;
import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The main job with nothing simulated: a DNS server, HTTP endpoints, sockets, threads, the system's clock. */
class OverSocketsTest {

    private static final String LOCAL = "orders.shop.svc.cluster.local";
    private static final String REMOTE = "orders.shop.svc.clusterset.local";

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final FakeEndpoint local = FakeEndpoint.start("local");
    private final FakeEndpoint remote = FakeEndpoint.start("remote");
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Discovery discovery = builder().build();

    private Discovery.Builder builder() {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local").withPort(local.port()))
                .tier(Tier.of("clusterset", "clusterset.local").withPort(remote.port()))
                .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                .health(h -> h.probeInterval(Duration.ofMillis(200)).probeTimeout(Duration.ofSeconds(10)))
                .failover(f -> f.dwell(Duration.ofMillis(300)).stepInterval(Duration.ofMillis(100)))
                .listener(events::add);
    }

    private void bothServe() {
        dns.service(LOCAL, Duration.ofSeconds(5), "127.0.0.1");
        dns.service(REMOTE, Duration.ofSeconds(5), "127.0.0.1");
    }

    /** All tiers have been heard of: who calls sooner is served by the next one if home's answer takes 400 ms. */
    private Service known() throws Exception {
        Service orders = discovery.service("orders.shop");
        orders.examine(false).toCompletableFuture().get(10, TimeUnit.SECONDS);
        return orders;
    }

    /** On a busy machine, answers become stale meanwhile, or are asked for twice, or come too late. */
    private void stopTime() {
        discovery.close();
        ManualTime still = new ManualTime();
        discovery = builder().time(still, still).build();
    }

    @AfterEach
    void leavesNoThread() throws InterruptedException {
        discovery.close();
        local.close();
        remote.close();
        dns.close();
        for (Thread ending : threads()) { // told to; a busy machine may take its time
            ending.join(10_000);
        }
        assertThat(ownThreads()).isEmpty();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("discovery-"))
                .toList();
    }

    private static Set<String> ownThreads() {
        return threads().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    private static String get(Endpoint endpoint) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + endpoint.authority() + "/").toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            connection.disconnect();
        }
    }

    private Event awaitLoad(int home) throws InterruptedException {
        while (true) {
            Event event = events.poll(10, TimeUnit.SECONDS);
            assertThat(event).as("load %d at home", home).isNotNull();
            if (event instanceof Event.LoadChanged load && load.loads().get(0).percent() == home) {
                return event;
            }
        }
    }

    @Test
    void aVipThatRefusesEveryConnectionCostsNoCallAndTrafficReturns() throws Exception {
        bothServe();
        Service orders = known();
        assertThat(orders.<String, IOException>call(Call.idempotent(), OverSocketsTest::get))
                .isEqualTo("local");
        local.refuse();
        AtomicInteger remotely = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<?>> calls = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            calls.add(callers.submit(() -> {
                for (int i = 0; i < 250; i++) {
                    assertThat(orders.<String, IOException>call(Call.idempotent(), OverSocketsTest::get))
                            .isEqualTo("remote");
                    remotely.incrementAndGet();
                }
                return "done";
            }));
        }
        for (Future<?> call : calls) {
            call.get(60, TimeUnit.SECONDS);
        }
        callers.shutdown();
        assertThat(remotely).hasValue(2_000);
        awaitLoad(0);
        local.restore();
        awaitLoad(100);
        assertThat(orders.<String, IOException>call(Call.once(), OverSocketsTest::get))
                .isEqualTo("local");
        assertThat(orders.explain().toString()).contains("unhealthy -> healthy");
    }

    @Test
    void onlyAbsoluteNamesAreAskedAsOftenAsTheLawAllowsAndNoneWhileFresh() throws Exception {
        stopTime();
        bothServe();
        Service orders = known();
        for (int i = 0; i < 10_000; i++) {
            orders.next().close();
            discovery.service("orders").endpoints();
            discovery.service("orders.shop:" + (1 + i % 100)).name();
        }
        List<String> asked =
                dns.questions().stream().map(q -> q.name() + " " + q.type()).toList();
        assertThat(asked).containsExactlyInAnyOrder(LOCAL + " A", LOCAL + " AAAA", REMOTE + " A", REMOTE + " AAAA");
    }

    @Test
    void tenThousandCallersOfAColdNameAskOnce() throws Exception {
        stopTime();
        bothServe();
        dns.delayAll(Duration.ofMillis(20));
        Service orders = discovery.service("orders.shop");
        ExecutorService callers = Executors.newFixedThreadPool(64);
        List<Future<Endpoint>> picks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            picks.add(callers.submit(() -> {
                try (Attempt attempt = orders.next()) {
                    return attempt.endpoint();
                }
            }));
        }
        for (Future<Endpoint> pick : picks) {
            assertThat(pick.get(60, TimeUnit.SECONDS).tier()).isEqualTo("local");
        }
        callers.shutdown();
        assertThat(dns.questions(LOCAL)).hasSize(2);
    }

    @Test
    void anExaminationFindsTheRefusingVipBeforeAnyCall() throws Exception {
        bothServe();
        local.refuse();
        Service orders = discovery.service("orders.shop");
        var decision = orders.examine(true)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .decision();
        assertThat(decision.tiers().get(0).load().percent()).isZero();
        assertThat(decision.tiers().get(0).candidates().get(0).verdict().state())
                .isEqualTo(State.UNHEALTHY);
        assertThat(decision.tiers().get(1).load().percent()).isEqualTo(100);
        assertThat(local.requests()).isZero();
    }

    @Test
    void anHttpProbeSeesWhatAConnectDoesNot() throws Exception {
        discovery.close();
        discovery = builder().health(h -> h.probe(Probe.http("/ready"))).build();
        bothServe();
        local.fail(503);
        Service orders = discovery.service("orders.shop");
        var decision = orders.examine(true)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .decision();
        assertThat(decision.tiers().get(0).candidates().get(0).verdict().reason())
                .isEqualTo("probe answered 503");
        assertThat(decision.tiers().get(1).candidates().get(0).verdict().state())
                .isEqualTo(State.HEALTHY);
        assertThat(remote.requestsFor("/ready")).isEqualTo(1);
    }

    @Test
    void byHandAFailureIsReportedAndTheNextPickGoesElsewhere() throws Exception {
        bothServe();
        Service orders = known();
        local.refuse();
        for (int i = 0; i < 3; i++) {
            try (Attempt attempt = orders.next()) {
                try {
                    attempt.succeeded(get(attempt.endpoint()));
                } catch (IOException e) {
                    attempt.failed(e);
                }
            }
        }
        awaitLoad(0);
        try (Attempt attempt = orders.next()) {
            assertThat(attempt.succeeded(get(attempt.endpoint()))).isEqualTo("remote");
        }
    }

    @Test
    void asynchronousCallsFailOverToo() throws Exception {
        bothServe();
        local.refuse();
        ExecutorService workers = Executors.newFixedThreadPool(2);
        Service orders = discovery.service("orders.shop");
        String body = orders.callAsync(
                        Call.idempotent(),
                        endpoint -> CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return get(endpoint);
                                    } catch (IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                },
                                workers))
                .get(10, TimeUnit.SECONDS);
        workers.shutdown();
        assertThat(body).isEqualTo("remote");
    }

    @Test
    void aColdCallerIsServedByTheNextTierWhenHomesDnsIsSilent() throws Exception {
        dns.on(LOCAL).drop();
        dns.service(REMOTE, "127.0.0.1");
        Service orders = discovery.service("orders.shop");
        assertThat(orders.<String, IOException>call(Call.idempotent(), OverSocketsTest::get))
                .isEqualTo("remote");
    }

    @Test
    void withoutAnyDnsTheErrorNamesEveryTierAndServer() throws Exception {
        dns.stop();
        Service orders = known(); // a busy machine may not get to the second tier in the 2 s that a caller waits
        assertThatThrownBy(orders::next)
                .isInstanceOf(ResolutionException.class)
                .hasMessageContaining("local and clusterset: no answer from " + dns.endpoint());
    }

    @Test
    void allDnsDyingChangesNothingForAWarmService() throws Exception {
        dns.service(LOCAL, Duration.ofSeconds(1), "127.0.0.1");
        dns.service(REMOTE, Duration.ofSeconds(1), "127.0.0.1");
        Service orders = known();
        assertThat(orders.<String, IOException>call(Call.idempotent(), OverSocketsTest::get))
                .isEqualTo("local");
        dns.stop();
        while (true) { // the refresh of the one-second answer fails
            Event event = events.poll(10, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            if (event instanceof Event.Answered answered
                    && answered.resolution().stale()) {
                break;
            }
        }
        assertThat(orders.<String, IOException>call(Call.idempotent(), OverSocketsTest::get))
                .isEqualTo("local");
        assertThat(orders.decision().tiers().get(0).load().percent()).isEqualTo(100);
    }

    @Test
    void buildingAsksNobodyAndStartsNoThread() {
        assertThat(ownThreads()).isEmpty();
        assertThat(dns.questions()).isEmpty();
        assertThat(discovery.tiers()).hasSize(2);
    }

    @Test
    void atMostThreeThreadsRunAllOfThemDaemons() throws Exception {
        bothServe();
        for (int i = 0; i < 100; i++) {
            discovery.service("s" + i + ".shop").ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        assertThat(ownThreads()).isSubsetOf("discovery-main", "discovery-io", "discovery-callbacks");
    }

    @Test
    void questionsAreRecordedByTheKitForUsersToo() throws Exception {
        bothServe();
        discovery.service("orders.shop").ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
        List<Question> first = dns.awaitQuestions(2, Duration.ofSeconds(30));
        assertThat(first).allMatch(question -> !question.name().isEmpty());
    }

    @Test
    void closingClosesEverySourceAndEndsEveryService() throws Exception {
        for (int i = 0; i < 100; i++) {
            boolean[] closed = {false};
            StaticSource fixed = StaticSource.of(List.of(Endpoint.parse("10.0.0.1:80")));
            EndpointSource source = new EndpointSource() {
                @Override
                public Watch watch(io.clusterset.discovery.source.Question question, Listener listener) {
                    return fixed.watch(question, listener);
                }

                @Override
                public void refresh(io.clusterset.discovery.source.Question question, Effort effort) {
                    fixed.refresh(question, effort);
                }

                @Override
                public void close() {
                    closed[0] = true;
                }
            };
            Discovery other = Discovery.builder()
                    .settings(Settings.none())
                    .tier(Tier.of("local", "cluster.local"), source)
                    .build();
            Service orders = other.service("orders.shop");
            orders.next().close();
            other.close();
            assertThat(closed[0]).isTrue();
            assertThatThrownBy(orders::next).hasMessageContaining("the discovery was closed");
        }
    }

    @Test
    void aUsersFunctionNeverRunsOnTheThreadThatEverythingElseNeeds() throws Exception {
        bothServe();
        dns.delayAll(Duration.ofMillis(50));
        Service orders = discovery.service("orders.shop");
        String thread = orders.callAsync(
                        Call.idempotent(),
                        endpoint -> CompletableFuture.completedFuture(
                                Thread.currentThread().getName()))
                .get(10, TimeUnit.SECONDS);
        assertThat(thread).isNotEqualTo("discovery-main").isNotEqualTo("discovery-io");
        dns.service("carts.shop.svc.cluster.local", "127.0.0.1");
        Service cold = discovery.service("carts.shop");
        Endpoint endpoint = discovery
                .service("other.shop")
                .ready()
                .thenApply(ready -> cold.next().endpoint())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(endpoint.tier()).isEqualTo("local");
    }
}
