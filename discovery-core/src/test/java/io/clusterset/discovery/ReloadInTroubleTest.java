package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.scenario.World;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Reloads, the kill switch and everything else at the same time. */
class ReloadInTroubleTest {
    private final Map<String, String> file = new HashMap<>();

    private World world(UnaryOperator<Discovery.Builder> more) {
        Supplier<Settings> settings = () -> Settings.none().withProperties(file, "a.properties");
        World world = new World(builder ->
                more.apply(builder.settings(settings).system(name -> List.of(InetAddress.getByName("192.0.2.1")))));
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        return world;
    }

    private World world() {
        return world(b -> b);
    }

    private static String authority(Service service) {
        try (Attempt attempt = service.next()) {
            return attempt.endpoint().authority();
        }
    }

    private static List<String> shares(Service service) {
        return service.explain().decision().tiers().stream()
                .map(tier -> tier.load().tier() + " " + tier.load().percent())
                .toList();
    }

    @Test
    void offAndAListThatGoesInTheSameFile() {
        file.put("discovery.services[orders.shop].static", "127.0.0.1:8080");
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(authority(orders)).isEqualTo("127.0.0.1:8080");
            file.clear();
            file.put("discovery.enabled", "false");
            world.pass(600);
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
        }
    }

    @Test
    void aChangeBehindWhatIsShownIsAChange() {
        String start = "10.244.100.1:8080,10.244.100.2:8080,10.244.100.3:8080,10.244.100.4:8080,10.244.100.5:8080,"
                + "10.244.100.6:8080,10.244.100.7:8080,10.244.100.8:8080,10.244.100.9:8080,10.244.100.10:8080,"
                + "10.244.100.11:8080,10.244.100.12:8080,10.244.100.13:8080,10.244.100.14:8080,";
        file.put("discovery.services[orders.shop].static", start + "10.244.100.15:8080");
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(orders.endpoints()).hasSize(15);
            file.put("discovery.services[orders.shop].static", start + "10.244.100.16:8080");
            world.pass(600);
            assertThat(orders.endpoints()).extracting(Endpoint::authority).contains("10.244.100.16:8080");
        }
    }

    @Test
    void whoBeganToWatchWhileItWasOffIsToldHoweverMany() {
        file.put("discovery.enabled", "false");
        try (World world = world()) {
            List<String> told = new ArrayList<>();
            for (int i = 0; i < 1_200; i++) {
                String name = "s" + i;
                world.discovery.service(name + ".shop").watch(snapshot -> told.add(name));
            }
            file.clear();
            world.pass(600);
            world.pass(10_000);
            assertThat(told.stream().distinct().count()).isEqualTo(1_200);
        }
    }

    @Test
    void offANewServiceDoesNotWaitForTheExecutor() throws Exception {
        ExecutorService lent = Executors.newSingleThreadExecutor();
        CountDownLatch block = new CountDownLatch(1);
        try (Discovery discovery = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), StaticSource.of(List.of(Endpoint.parse("10.0.0.1:80"))))
                .executor(lent)
                .system(name -> List.of(InetAddress.getByName("192.0.2.1")))
                .build()) {
            Service before = discovery.service("before");
            before.next().close();
            lent.execute(() -> {
                try {
                    block.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            discovery.enabled(false);
            assertThat(authority(before)).isEqualTo("192.0.2.1:80");
            try {
                assertThat(authority(discovery.service("after"))).isEqualTo("192.0.2.1:80");
            } finally {
                block.countDown();
            }
        } finally {
            lent.shutdownNow();
        }
    }

    @Test
    void anExaminationThatIsUnderWayWhenItIsSwitchedOffEndsWell() {
        try (World world = world()) {
            world.local.fallsSilent();
            CompletableFuture<?> examined = world.orders().examine(true).toCompletableFuture();
            world.discovery.enabled(false);
            assertThat(examined)
                    .isCompletedWithValueMatching(
                            explained -> String.valueOf(explained).contains("system 100 %"));
        }
    }

    @Test
    void anExaminationThatIsUnderWayWhenTiersChangeIsOfTheNewOnes() {
        try (World world = world()) {
            world.local.fallsSilent();
            CompletableFuture<?> examined = world.orders().examine(true).toCompletableFuture();
            file.put("discovery.services[orders.shop].static", "127.0.0.1:8080");
            world.discovery.reload();
            assertThat(examined)
                    .isCompletedWithValueMatching(
                            explained -> String.valueOf(explained).contains("static 100 %"));
        }
    }

    @Test
    void aListIsAListFromTheMomentItIsPlanned() {
        Discovery[] discovery = new Discovery[1];
        List<String> picked = new ArrayList<>();
        try (World world = world(b -> b.listener(event -> {
            if (event instanceof Event.Reloaded) {
                try {
                    picked.add(authority(discovery[0].service("fresh.shop")));
                } catch (RuntimeException e) {
                    picked.add(e.toString());
                }
            }
        }))) {
            discovery[0] = world.discovery;
            file.put("discovery.services[fresh.shop].static", "127.0.0.1:8080");
            world.discovery.reload();
            world.pass(30_000);
            assertThat(world.discovery.service("fresh.shop").endpoints())
                    .extracting(Endpoint::authority)
                    .containsExactly("127.0.0.1:8080");
            assertThat(picked).containsExactly("127.0.0.1:8080");
        }
    }

    @Test
    void anErrorOfTheSupplierDoesNotEndTheLooking() {
        AtomicBoolean bad = new AtomicBoolean();
        try (World world = new World(b -> b.settings(() -> {
            if (bad.get()) {
                throw new StackOverflowError();
            }
            return Settings.none().withProperties(file, "a.properties");
        }))) {
            world.local.says(World.found("10.0.0.1:80"));
            bad.set(true);
            world.pass(1_000);
            bad.set(false);
            file.put("discovery.enabled", "false");
            world.pass(5_000);
            assertThat(world.discovery.enabled()).isFalse();
        }
    }

    @Test
    void aListenerThatReloadsHearsOfARefusalOnce() {
        Discovery[] discovery = new Discovery[1];
        AtomicInteger told = new AtomicInteger();
        try (World world = world(b -> b.listener(event -> {
            if (event instanceof Event.Reloaded && told.incrementAndGet() < 1_000) {
                discovery[0].reload();
            }
        }))) {
            discovery[0] = world.discovery;
            file.put("discovery.namespace", "other");
            world.pass(600);
            assertThat(told.get()).isLessThan(3);
        }
    }

    @Test
    void otherTiersInTheMiddleOfAnOutage() {
        World.Script third = new World.Script();
        try (World world = world(b -> b.tier(Tier.of("third", "third.local"), third))) {
            file.put("discovery.services[orders.shop].tiers", "local;clusterset");
            world.discovery.reload();
            Service orders = world.orders();
            assertThat(world.call(orders)).isEqualTo("local");
            world.kill("10.0.0.1:80");
            for (int i = 0; i < 20; i++) {
                assertThat(world.call(orders)).isEqualTo("clusterset");
                world.pass(100);
            }
            file.put("discovery.services[orders.shop].tiers", "local;third");
            world.pass(600);
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                served.add(world.call(orders));
                world.pass(10);
            }
            third.says(World.found("10.2.0.1:80"));
            served.add(world.call(orders));
            assertThat(served).noneMatch(one -> one.startsWith("failed"));
        }
    }

    @Test
    void anotherProbeInTheMiddleOfAnOutage() {
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(world.call(orders)).isEqualTo("local");
            world.kill("10.0.0.1:80");
            for (int i = 0; i < 20; i++) {
                world.call(orders);
                world.pass(100);
            }
            assertThat(shares(orders)).containsExactly("local 0", "clusterset 100");
            file.put("discovery.services[orders.shop].probe", "tcp");
            world.pass(600);
            assertThat(shares(orders)).containsExactly("local 0", "clusterset 100");
        }
    }

    @Test
    void oneTierMoreInTheMiddleOfAReturn() {
        World.Script third = new World.Script();
        try (World world = world(b -> b.tier(Tier.of("third", "third.local"), third))) {
            third.says(World.found("10.2.0.1:80"));
            file.put("discovery.services[orders.shop].tiers", "local;clusterset");
            world.discovery.reload();
            Service orders = world.orders();
            assertThat(world.call(orders)).isEqualTo("local");
            world.kill("10.0.0.1:80");
            for (int i = 0; i < 20; i++) {
                world.call(orders);
                world.pass(100);
            }
            world.down.clear();
            world.pass(12_000);
            assertThat(shares(orders)).containsExactly("local 0", "clusterset 100");
            file.clear();
            world.pass(600);
            assertThat(shares(orders)).containsExactly("local 0", "clusterset 100", "third 0");
        }
    }
}
