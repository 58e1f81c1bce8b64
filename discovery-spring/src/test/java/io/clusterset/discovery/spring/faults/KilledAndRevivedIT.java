package io.clusterset.discovery.spring.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.spring.DiscoveryBuilderCustomizer;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/** A Spring application makes 200 calls a second, by clients of five kinds; home dies, and comes back by steps. */
@SpringBootTest(
        classes = KilledAndRevivedIT.Shop.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "discovery.allow-addresses=127.0.0.0/8",
            "discovery.services[orders.shop].port=18680",
            "discovery.failover.dwell=4s",
            "discovery.failover.step-interval=2s",
            "spring.http.clients.read-timeout=2s"
        })
class KilledAndRevivedIT {

    private static final int PORT = 18_680;
    private static final Duration APART = Duration.ofMillis(5);

    private static final FakeDnsServer DNS = FakeDnsServer.start();
    private static final List<FakeEndpoint> HOME = started("home", "127.1.3.11", "127.1.3.12", "127.1.3.13");
    private static final List<FakeEndpoint> AWAY = started("away", "127.1.3.21", "127.1.3.22", "127.1.3.23");

    private final Ticker ticker = Ticker.system();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> served = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final CountDownLatch enough = new CountDownLatch(1);

    @Autowired
    private Kinds kinds;

    @Autowired
    private Loads loads;

    @DynamicPropertySource
    static void clusters(DynamicPropertyRegistry registry) {
        DNS.service("orders.shop.svc.cluster.local", addresses(HOME));
        DNS.service("orders.shop.svc.clusterset.local", addresses(AWAY));
        registry.add("discovery.dns.servers", DNS::endpoint);
    }

    @AfterAll
    static void close() {
        HOME.forEach(FakeEndpoint::close);
        AWAY.forEach(FakeEndpoint::close);
        DNS.close();
    }

    private static List<FakeEndpoint> started(String name, String... addresses) {
        return Stream.of(addresses)
                .map(address -> FakeEndpoint.start(name, address, PORT))
                .toList();
    }

    private static String[] addresses(List<FakeEndpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> endpoint.address().getHostString())
                .toArray(String[]::new);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void noCallFailsAndTrafficComesBackBySteps() throws InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(100);
        Thread pace = new Thread(() -> pace(callers), "pace");
        pace.start();
        go(Duration.ofSeconds(4), () -> false);
        HOME.forEach(FakeEndpoint::refuse); // a server that is stopped politely says 503, which is Spring's to repeat
        go(Duration.ofSeconds(5), () -> false);
        HOME.forEach(FakeEndpoint::restore);
        loads.forget();
        go(Duration.ofSeconds(60), () -> loads.ofHome().contains(100));
        go(Duration.ofSeconds(1), () -> false);
        enough.countDown();
        pace.join();
        go(Duration.ofSeconds(20), () -> ended.get() == begun.get());
        callers.shutdownNow();

        assertThat(ended.get()).as("calls that ended").isEqualTo(begun.get());
        assertThat(failures).as("failures of " + begun.get() + " calls").isEmpty();
        assertThat(loads.ofHome()).as("loads once home is back").containsExactly(5, 25, 50, 100);
        assertThat(served.keySet()).as("who served whom").hasSize(10);
        System.out.println("spring, home killed and revived: " + begun + " calls, 0 failed, served " + served);
    }

    private void pace(ExecutorService callers) {
        List<Map.Entry<String, Supplier<String>>> all = List.copyOf(kinds.all().entrySet());
        try {
            long due = ticker.nanos();
            while (!enough.await(due - ticker.nanos(), TimeUnit.NANOSECONDS)) {
                Map.Entry<String, Supplier<String>> kind = all.get(begun.getAndIncrement() % all.size());
                callers.execute(() -> once(kind.getKey(), kind.getValue()));
                due += APART.toNanos();
            }
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private void once(String kind, Supplier<String> call) {
        try {
            served.computeIfAbsent(kind + " by " + call.get(), who -> new AtomicInteger())
                    .incrementAndGet();
        } catch (RuntimeException failed) {
            failures.add(kind + ": " + failed);
        } finally {
            ended.incrementAndGet();
        }
    }

    /** Lets calls go on for a while, or until something holds. */
    private void go(Duration most, BooleanSupplier until) throws InterruptedException {
        long end = ticker.nanos() + most.toNanos();
        while (ticker.nanos() - end < 0 && !until.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5); // calls take their time
        }
    }

    /** What of all traffic went home, in percent, one after the other. */
    static final class Loads {
        private final Queue<Integer> percents = new ConcurrentLinkedQueue<>();

        void heard(Event event) {
            if (event instanceof Event.LoadChanged change) {
                percents.add(change.loads().stream()
                        .filter(load -> load.tier().equals("local"))
                        .mapToInt(TierLoad::percent)
                        .sum());
            }
        }

        void forget() {
            percents.clear();
        }

        List<Integer> ofHome() {
            return List.copyOf(percents);
        }
    }

    /** One call by each kind of client. */
    record Kinds(Map<String, Supplier<String>> all) {}

    @HttpExchange
    interface Orders {
        @GetExchange("/list")
        String list();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ImportHttpServices(group = "orders.shop", types = Orders.class)
    static class Shop {

        @Bean
        Loads loads() {
            return new Loads();
        }

        @Bean
        DiscoveryBuilderCustomizer listening(Loads loads) {
            return builder -> builder.listener(loads::heard);
        }

        @Bean
        @LoadBalanced
        RestClient.Builder balancedRestClient(RestClientBuilderConfigurer boot) {
            return boot.configure(RestClient.builder());
        }

        @Bean
        @LoadBalanced
        WebClient.Builder balancedWebClient() {
            return WebClient.builder();
        }

        @Bean
        @Primary
        RestClient.Builder plainRestClient(RestClientBuilderConfigurer boot) {
            return boot.configure(RestClient.builder());
        }

        @Bean
        Kinds kinds(
                RestClient.Builder plain,
                @LoadBalanced RestClient.Builder rest,
                @LoadBalanced WebClient.Builder reactive,
                ClientHttpConnector connector,
                Orders orders) {
            String url = "http://orders.shop:" + PORT + "/list";
            RestClient plainRest = plain.build();
            RestClient balancedRest = rest.build();
            WebClient balancedWeb = reactive.build();
            WebClient plainWeb = WebClient.builder().clientConnector(connector).build();
            return new Kinds(Map.of(
                    "RestClient", () -> body(plainRest.get().uri(url).retrieve().body(String.class)),
                    "balanced RestClient",
                            () -> body(balancedRest.get().uri(url).retrieve().body(String.class)),
                    "WebClient",
                            () -> body(plainWeb.get()
                                    .uri(url)
                                    .retrieve()
                                    .bodyToMono(String.class)
                                    .block()),
                    "balanced WebClient",
                            () -> body(balancedWeb
                                    .get()
                                    .uri(url)
                                    .retrieve()
                                    .bodyToMono(String.class)
                                    .block()),
                    "HTTP interface", orders::list));
        }

        private static String body(@Nullable String body) {
            return body == null ? "nobody" : body;
        }
    }
}
