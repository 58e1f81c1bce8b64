package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.scenario.World;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switched off, the library is as if it were not there; switched on, it goes on where it was. */
class KillSwitchTest {

    private final Map<String, String> file = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, List<String>> hosts =
            new HashMap<>(Map.of("orders.shop.svc.cluster.local", List.of("192.0.2.1", "192.0.2.2")));

    private List<InetAddress> lookup(String name) throws UnknownHostException {
        asked.add(name);
        List<InetAddress> found = new ArrayList<>();
        for (String literal : hosts.getOrDefault(name, List.of())) {
            found.add(InetAddress.getByName(literal));
        }
        if (found.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return found;
    }

    private World world() {
        Supplier<Settings> settings = () -> Settings.none().withProperties(file, "a.properties");
        World world = new World(builder -> builder.settings(settings).system(this::lookup));
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        return world;
    }

    private static String authority(Service service) {
        try (Attempt attempt = service.next()) {
            return attempt.endpoint().authority();
        }
    }

    @Test
    void whoIsSwitchedOffAsksNoSourceForServices() {
        try (World world = world()) {
            world.local.names = Set.of("carts.shop");
            assertThat(world.discovery.serviceNames()).containsExactly("carts.shop");
            world.discovery.enabled(false);
            assertThat(world.discovery.serviceNames()).isEmpty();
            assertThat(world.local.askedForNames).isOne();
            world.discovery.enabled(true);
            assertThat(world.discovery.serviceNames()).containsExactly("carts.shop");
        }
    }

    @Test
    void offByASettingWithinASecondAndBack() {
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
            file.put("discovery.enabled", "false");
            world.pass(500);
            assertThat(world.discovery.enabled()).isFalse();
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            assertThat(asked).containsExactly("orders.shop.svc.cluster.local");
            assertThat(world.local.watches() + world.clusterset.watches()).isZero();
            assertThat(authority(world.discovery.service("orders.shop:8080"))).isEqualTo("192.0.2.1:8080");
            file.clear();
            world.pass(500);
            assertThat(world.discovery.enabled()).isTrue();
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
        }
    }

    @Test
    void offAtOnceByTheApplication() {
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(world.call(orders)).isEqualTo("local");
            world.discovery.enabled(false);
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            world.discovery.enabled(true);
            assertThat(world.call(orders)).isEqualTo("local");
        }
    }

    @Test
    void whoeverSaysNoHasHisWay() {
        file.put("discovery.enabled", "false");
        try (World world = world()) {
            world.discovery.enabled(true);
            assertThat(world.discovery.enabled()).isFalse();
            file.clear();
            world.pass(500);
            assertThat(world.discovery.enabled()).isTrue();
            world.discovery.enabled(false);
            file.put("discovery.enabled", "true");
            world.pass(500);
            assertThat(world.discovery.enabled()).isFalse();
        }
    }

    @Test
    void whoCallsWithoutWaitingDoesNotWaitForTheSystemsResolver() {
        List<Thread> askedOn = new CopyOnWriteArrayList<>();
        try (Discovery off = Discovery.builder()
                .settings(Settings.none())
                .enabled(false)
                .system(name -> {
                    askedOn.add(Thread.currentThread());
                    return lookup(name);
                })
                .build()) {
            String served = off.service("orders.shop")
                    .callAsync(Call.once(), endpoint -> CompletableFuture.completedFuture(endpoint.authority()))
                    .join();
            assertThat(served).isEqualTo("192.0.2.1:80");
            assertThat(askedOn).isNotEmpty().doesNotContain(Thread.currentThread());
        }
    }

    @Test
    void offFromTheStartNobodyIsAsked() {
        file.put("discovery.enabled", "FALSE");
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            assertThat(orders.ready().toCompletableFuture()).isCompleted();
            world.pass(3_600_000); // swept like any service that nobody uses
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            assertThat(world.local.asked + world.clusterset.asked).isZero();
            file.clear();
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
        }
    }

    @Test
    void calledByTheListTheResolverGives() throws Exception {
        try (World world = world()) {
            Service orders = world.orders();
            world.discovery.enabled(false);
            List<String> tried = new ArrayList<>();
            String served = orders.<String, IOException>call(Call.idempotent(), endpoint -> {
                tried.add(endpoint.authority());
                if (tried.size() == 1) {
                    throw new ConnectException("Connection refused");
                }
                return endpoint.tier();
            });
            assertThat(served).isEqualTo("system");
            assertThat(tried).containsExactly("192.0.2.1:80", "192.0.2.2:80");
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80"); // nothing is learned
            assertThat(orders.endpoints()).extracting(Endpoint::authority).isEqualTo(tried);
            assertThat(orders.callAsync(
                            Call.once(), endpoint -> CompletableFuture.completedFuture(endpoint.authority())))
                    .isCompletedWithValue("192.0.2.1:80");
            String mine = orders.next(Affinity.of("me")).endpoint().authority();
            assertThat(orders.next(Affinity.of("me")).endpoint().authority()).isEqualTo(mine);
        }
    }

    @Test
    void itSaysThatTheApplicationDidItAndThatAListIsTakenAsItIs() {
        file.put("discovery.services[orders.shop].static", "192.0.2.7:80");
        try (World world = world()) {
            Service orders = world.orders();
            world.discovery.enabled(false);
            assertThat(orders.explain().toString())
                    .contains("discovery.enabled=false: the list is taken as it is")
                    .contains("discovery.enabled=false (Discovery.enabled(false))")
                    .doesNotContain("asked", "resolver");
        }
    }

    @Test
    void itSaysSo() {
        try (World world = world()) {
            Service orders = world.orders();
            file.put("discovery.enabled", "false");
            world.pass(500);
            assertThat(orders.explain().toString())
                    .startsWith("orders.shop: system 100 %\n")
                    .contains("discovery.enabled=false: the system's resolver answers")
                    .contains("discovery.enabled=false (a.properties)");
            assertThat(orders.snapshot().tiers()).hasSize(1);
            assertThat(orders.examine(true).toCompletableFuture().join().toString())
                    .contains("192.0.2.2:80");
            hosts.clear();
            assertThatThrownBy(orders::next)
                    .isInstanceOf(ResolutionException.class)
                    .hasMessage(
                            "orders.shop: could not be resolved (discovery.enabled=false: the system's resolver answers:"
                                    + " unknown host orders.shop.svc.cluster.local)");
            assertThat(orders.explain().toString()).startsWith("orders.shop: no endpoint in any tier\n");
            assertThat(world.events).last().asString().contains("settings: discovery.enabled=false (a.properties)");
        }
    }

    @Test
    void aListStaysAList() {
        file.put("discovery.services[orders.shop].static", "127.0.0.1:8080,127.0.0.1:8081");
        try (World world = world()) {
            world.discovery.enabled(false);
            assertThat(authority(world.orders())).isEqualTo("127.0.0.1:8080");
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void watchersAndSelectionsAreThereAgain() {
        try (World world = world()) {
            Service orders = world.orders();
            Service some = orders.selecting("some", endpoint -> true);
            List<Snapshot> before = new ArrayList<>();
            List<Snapshot> meanwhile = new ArrayList<>();
            orders.watch(before::add);
            assertThat(authority(some)).isEqualTo("10.0.0.1:80");
            world.discovery.enabled(false);
            assertThat(authority(some)).isEqualTo("192.0.2.1:80");
            orders.watch(meanwhile::add);
            Service.Watching ended = orders.watch(snapshot -> {
                throw new AssertionError("ended");
            });
            ended.close();
            world.pass(1_500_000);
            assertThat(meanwhile).isEmpty();
            world.local.says(World.found("10.0.0.9:80"));
            world.discovery.enabled(true);
            assertThat(before).hasSizeGreaterThan(1);
            assertThat(meanwhile).isNotEmpty();
            assertThat(authority(some)).isEqualTo("10.0.0.9:80");
            assertThat(world.events).noneMatch(event -> event.contains("AssertionError"));
        }
    }

    @Test
    void aFileThatIsEmptyForAMomentSwitchesNothingOn() {
        file.put("discovery.enabled", "false");
        try (World world = world()) {
            for (int i = 0; i < 4; i++) { // whenever the look comes
                file.clear();
                world.pass(200);
                file.put("discovery.enabled", "false");
                world.pass(330);
                assertThat(world.discovery.enabled()).isFalse();
            }
            assertThat(world.local.asked).isZero();
        }
    }

    @Test
    void switchedOnWhileNobodyCanTellTheResolverGoesOn() {
        file.put("discovery.enabled", "false");
        try (World world = world()) {
            Service orders = world.orders();
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            world.local.says(World.servfail());
            world.clusterset.says(World.servfail());
            file.clear();
            world.pass(5_000);
            assertThat(world.discovery.enabled()).isTrue();
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            assertThat(orders.explain().toString()).contains("switched on again, and no tier could be resolved yet");
            world.local.says(World.found("10.0.0.1:80"));
            world.pass(200);
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
        }
    }

    @Test
    void aNamedPortIsWhatItWas() {
        try (World world = world()) {
            world.local.says(World.found("10.0.0.1:8080", "10.0.0.2:8080"));
            world.clusterset.says(World.noSuchName());
            Service known = world.discovery.service("orders.shop:http");
            assertThat(authority(known)).isEqualTo("10.0.0.1:8080");
            world.discovery.enabled(false);
            assertThat(authority(known)).isEqualTo("192.0.2.1:8080");
            assertThat(known.explain().toString()).contains("the port named http: 8080 is taken, as before");
            Service fresh = world.discovery.service("orders.shop:grpc");
            assertThat(authority(fresh)).isEqualTo("192.0.2.1:80");
            assertThat(fresh.explain().toString())
                    .contains("the port named grpc: 80 is taken (discovery.default-port)");
        }
    }

    @Test
    void switchingCallsNothingOfTheApplications() {
        List<String> called = new ArrayList<>();
        World world = new World(builder -> builder.system(this::lookup).budget(options -> {
            called.add("budget");
            return options;
        }));
        try (world) {
            called.clear();
            world.discovery.enabled(false);
            world.discovery.enabled(true);
            assertThat(called).isEmpty();
        }
    }

    @Test
    void theSameKeyMeetsTheSameEndpointHoweverTheResolverShuffles() {
        try (World world = world()) {
            Service orders = world.orders();
            world.discovery.enabled(false);
            String mine = orders.next(Affinity.of("me")).endpoint().authority();
            hosts.put("orders.shop.svc.cluster.local", List.of("192.0.2.2", "192.0.2.1"));
            assertThat(orders.next(Affinity.of("me")).endpoint().authority()).isEqualTo(mine);
        }
    }

    @Test
    void offHoweverWrongTheRestOfTheFileIs() {
        try (World world = world()) {
            Service orders = world.orders();
            file.put("discovery.enabled", "false");
            file.put("discovery.failover.dwell", "5x");
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            assertThat(orders.explain().toString()).contains("discovery.enabled=false (a.properties)");
            file.put("discovery.enabled", "true"); // yes is believed where all is right
            world.pass(500);
            assertThat(world.discovery.enabled()).isFalse();
            file.clear();
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
        }
    }

    @Test
    void offByAFileOfWhichAKeyIsUnknownAndEachLossOfItIsTold(@TempDir Path folder) throws Exception {
        Path conf = Files.writeString(folder.resolve("a.properties"), "");
        Supplier<Settings> settings = Settings.process(conf);
        try (World world = new World(builder -> builder.settings(settings).system(this::lookup))) {
            world.local.says(World.found("10.0.0.1:80"));
            world.clusterset.says(World.noSuchName());
            Service orders = world.orders();
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
            Files.writeString(conf, "discovery.enabled=false\nno.such.key=1\n");
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("192.0.2.1:80");
            Files.writeString(conf, "");
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
            Files.delete(conf);
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
            Files.writeString(conf, "");
            world.pass(500);
            assertThat(authority(orders)).isEqualTo("10.0.0.1:80");
            Files.delete(conf);
            world.pass(500);
            assertThat(world.events)
                    .filteredOn(event -> event.contains("there is none"))
                    .hasSize(2); // each time
        }
    }

    @Test
    void whoStartsSwitchedOffIsTold() {
        file.put("discovery.enabled", "false");
        try (World world = world()) {
            assertThat(world.events)
                    .first()
                    .asString()
                    .endsWith("switched off, calls go past the library: discovery.enabled=false (a.properties)");
            world.discovery.enabled(true);
            assertThat(world.events)
                    .last()
                    .asString()
                    .endsWith("enabled(true): kept off by discovery.enabled=false (a.properties)");
        }
    }

    @Test
    void closedIsClosed() {
        World world = world();
        Service orders = world.orders();
        world.discovery.enabled(false);
        world.close();
        world.discovery.enabled(true);
        assertThatThrownBy(orders::next).hasMessage("orders.shop: the discovery was closed");
        assertThat(world.time.pending()).isZero();
    }
}
