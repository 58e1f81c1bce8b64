package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.scenario.World;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is set while calls run: none of them fails, and when all is as it was, nothing is left of what was between. */
class RandomReloadsTest {

    private static final int RELOADS = 200;

    /** A key and values it may have; all of them leave every service with endpoints that work. */
    private static Map<String, List<String>> choices(String list) {
        Map<String, List<String>> choices = new HashMap<>();
        choices.put("discovery.enabled", List.of("true", "false"));
        choices.put("discovery.default-port", List.of("80", "8080"));
        choices.put("discovery.dns.timeout", List.of("1s", "3s"));
        choices.put("discovery.cache.min-ttl", List.of("1s", "2s"));
        choices.put("discovery.cache.max-ttl", List.of("30s", "2m"));
        choices.put("discovery.cache.stale-for", List.of("1h", "0s"));
        choices.put("discovery.health.probe", List.of("tcp", "none"));
        choices.put("discovery.health.probing", List.of("off", "on-suspicion", "always"));
        choices.put("discovery.health.probe-interval", List.of("1s", "30s"));
        choices.put("discovery.health.healthy-after", List.of("1", "5"));
        choices.put("discovery.failover.dwell", List.of("0s", "5s", "1m"));
        choices.put("discovery.failover.steps", List.of("100", "1,2,3,100", "50,100"));
        choices.put("discovery.failover.step-interval", List.of("0s", "5s"));
        choices.put("discovery.topology.policy", List.of("any", "prefer-near", "ladder:topology.kubernetes.io/zone,*"));
        choices.put("discovery.topology.places", List.of("10.0.0.0/8 zone=a", "127.0.0.0/8 zone=b;10.0.0.1/32 zone=c"));
        choices.put(
                "discovery.balance.balancer",
                List.of("random", "least-request", "peak-ewma", "consistent-hash", "sticky"));
        choices.put("discovery.balance.slow-start", List.of("0s", "1m"));
        choices.put("discovery.balance.subset", List.of("1", "2"));
        choices.put("discovery.budget.percent", List.of("0", "100"));
        choices.put("discovery.services[orders.shop].static", List.of(list));
        choices.put("discovery.services[orders.shop].probe", List.of("none", "tcp"));
        choices.put("discovery.services[orders.shop].topology", List.of("any", "prefer-near"));
        choices.put("discovery.services[orders.shop].balancer", List.of("random", "sticky"));
        return choices;
    }

    private static Map<String, String> some(Map<String, List<String>> choices, Random random) {
        Map<String, String> some = new HashMap<>();
        new TreeMap<>(choices).forEach((key, values) -> {
            if (random.nextInt(4) == 0) {
                some.put(key, values.get(random.nextInt(values.size())));
            }
        });
        return some;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void inVirtualTimeNothingIsLeft(long seed) {
        Map<String, String> file = new HashMap<>();
        Supplier<Settings> settings = () -> Settings.none().withProperties(file, "a.properties");
        Map<String, List<String>> choices = choices("10.9.0.1:80");
        try (World world = new World(
                builder -> builder.settings(settings).system(name -> List.of(InetAddress.getByName("192.0.2.1"))))) {
            world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
            world.clusterset.says(World.found("10.1.0.1:80"));
            Service orders = world.orders();
            Service some = orders.selecting("some", endpoint -> !endpoint.host().equals("10.0.0.3"));
            orders.watch(snapshot -> {});
            assertThat(world.call(orders)).isEqualTo("local");
            assertThat(world.call(some)).isEqualTo("local");
            world.pass(10_000);
            int timers = world.time.pending();
            Random random = new Random(seed);
            Set<String> served = new TreeSet<>();
            for (int i = 0; i < RELOADS; i++) {
                file.clear();
                file.putAll(some(choices, random));
                if (random.nextBoolean()) {
                    world.discovery.reload();
                }
                for (int call = 0; call < 5; call++) {
                    served.add(world.call(orders));
                    served.add(world.call(some));
                    assertThat(orders.next(Affinity.of("a")).endpoint().port()).isPositive();
                    world.pass(random.nextInt(300));
                }
            }
            assertThat(served)
                    .isSubsetOf("local", "clusterset", "static", "system")
                    .contains("local", "static", "system");
            file.clear();
            world.pass(900_000); // what was learned meanwhile is forgotten; nobody rests, for calls go on
            for (int i = 0; i < 20; i++) {
                assertThat(world.call(orders)).isEqualTo("local");
                assertThat(world.call(some)).isEqualTo("local");
                world.pass(1_000);
            }
            assertThat(world.local.watches()).isEqualTo(1);
            assertThat(world.clusterset.watches()).isEqualTo(1);
            assertThat(world.time.pending()).isLessThanOrEqualTo(timers);
            assertThat(orders.explain().decision().tiers().get(0).candidates()).hasSize(3);
        }
    }

    @Test
    void underLoadOverSocketsNoCallFails() throws Exception {
        try (FakeEndpoint one = FakeEndpoint.start("one");
                FakeEndpoint two = FakeEndpoint.start("two")) {
            Map<String, String> file = new ConcurrentHashMap<>();
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger calls = new AtomicInteger();
            Queue<Throwable> failed = new ConcurrentLinkedQueue<>();
            Map<String, List<String>> choices = choices(two.endpoint());
            choices.remove("discovery.default-port");
            Supplier<Settings> settings = () -> Settings.none().withProperties(Map.copyOf(file), "a.properties");
            List<Thread> callers = new ArrayList<>();
            Set<String> before = threads();
            try (Discovery discovery = Discovery.builder()
                    .settings(settings)
                    .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                    .tier(Tier.of("local", "cluster.local"), StaticSource.of(List.of(Endpoint.parse(one.endpoint()))))
                    .tier(
                            Tier.of("clusterset", "clusterset.local"),
                            StaticSource.of(List.of(Endpoint.parse(two.endpoint()))))
                    .defaultPort(one.port())
                    .system(name -> List.of(one.address().getAddress()))
                    .build()) {
                Service orders = discovery.service("orders");
                for (int i = 0; i < 4; i++) {
                    Thread caller = new Thread(() -> {
                        while (!over.get()) {
                            try {
                                orders.<Boolean, IOException>call(Call.idempotent(), RandomReloadsTest::connects);
                            } catch (IOException | RuntimeException thrown) {
                                failed.add(thrown);
                            }
                            calls.incrementAndGet();
                        }
                    });
                    caller.start();
                    callers.add(caller);
                }
                Random random = new Random(1);
                for (int i = 0; i < RELOADS; i++) {
                    int until = calls.get() + 5;
                    file.clear();
                    file.putAll(some(choices, random));
                    discovery.reload();
                    while (calls.get() < until && failed.isEmpty()) {
                        Thread.onSpinWait();
                    }
                }
                over.set(true);
                for (Thread caller : callers) {
                    caller.join();
                }
                assertThat(failed).isEmpty();
                assertThat(calls.get()).isGreaterThanOrEqualTo(5 * RELOADS);
                Set<String> ours = threads();
                ours.removeAll(before);
                assertThat(ours).hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    private static boolean connects(Endpoint endpoint) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(endpoint.socketAddress(), 10_000);
            return true;
        }
    }

    private static Set<String> threads() {
        Stream<String> names = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("discovery-"));
        return names.collect(Collectors.toCollection(TreeSet::new));
    }
}
