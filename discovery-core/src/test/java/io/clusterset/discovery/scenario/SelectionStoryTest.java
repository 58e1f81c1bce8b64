package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Canary routing: calls that mean some endpoints of a service only. */
class SelectionStoryTest {

    private static final Predicate<Endpoint> CANARY =
            endpoint -> "canary".equals(endpoint.labels().get("track"));

    private final World world = new World();

    private static Resolution tracks(String... endpointsAndTracks) {
        List<Endpoint> endpoints = Stream.of(endpointsAndTracks)
                .map(text -> text.split(" "))
                .map(parts -> Endpoint.parse(parts[0]).withLabels(Map.of("track", parts[1])))
                .toList();
        return new Resolution.Found(endpoints, Duration.ofSeconds(5), Evidence.NONE);
    }

    private static Set<String> met(Service service) {
        Set<String> met = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            met.add(service.next().endpoint().authority());
        }
        return met;
    }

    @Test
    void aSelectionMeetsItsEndpointsAndTheServiceAllOfThem() {
        world.local.says(tracks("10.0.0.1:80 stable", "10.0.0.2:80 canary", "10.0.0.3:80 stable"));
        world.clusterset.says(World.noSuchName());
        Service orders = world.orders();
        Service canary = orders.selecting("canary", CANARY);
        assertThat(met(canary)).containsExactly("10.0.0.2:80");
        assertThat(met(orders)).hasSize(3);
        assertThat(canary.endpoints()).extracting(Endpoint::authority).containsExactly("10.0.0.2:80");
        assertThat(canary.explain().toString())
                .contains("left out  10.0.0.1:80: not selected: canary")
                .contains("local        100 %");
    }

    @Test
    void aColdSelectionWaitsForATierThatHasSome() {
        world.local.says(tracks("10.0.0.1:80 stable"));
        Service canary = world.orders().selecting("canary", CANARY);
        CompletableFuture<Service> ready = canary.ready().toCompletableFuture();
        world.pass(100);
        assertThat(ready).isNotDone(); // home has answered, with nothing of use here
        world.clusterset.says(tracks("10.1.0.2:80 canary"));
        world.pass(1);
        assertThat(ready).isDone();
        assertThat(canary.next().endpoint().authority()).isEqualTo("10.1.0.2:80");
    }

    @Test
    void aColdSelectionIsToldInTimeThatNobodyHasAny() {
        world.local.says(tracks("10.0.0.1:80 stable"));
        Service canary = world.orders().selecting("canary", CANARY);
        CompletableFuture<Service> ready = canary.ready().toCompletableFuture();
        world.pass(1_900);
        assertThat(ready).isNotDone();
        world.pass(200);
        assertThat(ready).isDone();
        assertThatThrownBy(canary::next).isInstanceOf(DiscoveryException.class);
    }

    @Test
    void oneWordIsOneService() {
        Service orders = world.orders();
        assertThat(orders.selecting("canary", CANARY)).isSameAs(orders.selecting(" canary ", endpoint -> true));
        assertThat(orders.selecting("stable", CANARY.negate())).hasToString("orders.shop (stable)");
    }

    @Test
    void whereHomeHasNoneTheNextTierHas() {
        world.local.says(tracks("10.0.0.1:80 stable"));
        world.clusterset.says(tracks("10.1.0.1:80 stable", "10.1.0.2:80 canary"));
        assertThat(met(world.orders().selecting("canary", CANARY))).containsExactly("10.1.0.2:80");
        assertThat(met(world.orders())).containsExactly("10.0.0.1:80");
        assertThat(world.events).anyMatch(event -> event.contains("orders.shop (canary): load local 0"));
    }

    @Test
    void aSelectionOfAWellTierIsNotTooSmall() {
        World small = new World(
                Tier.parse("local={service}.{namespace}.svc.{domain}@cluster.local,min-endpoints=4"),
                Tier.of("clusterset", "clusterset.local"));
        small.local.says(
                tracks("10.0.0.1:80 stable", "10.0.0.2:80 canary", "10.0.0.3:80 stable", "10.0.0.4:80 canary"));
        small.clusterset.says(tracks("10.1.0.1:80 stable", "10.1.0.2:80 canary"));
        Service canary = small.orders().selecting("canary", CANARY);
        assertThat(canary.explain().toString())
                .contains("local        100 %  2 of 2 healthy")
                .doesNotContain("single address"); // the cluster set's other one is merely not selected
        small.local.says(tracks("10.0.0.1:80 stable", "10.0.0.2:80 canary"));
        small.pass(6_000);
        assertThat(canary.explain().toString())
                .contains("local         70 %  1 of 2 healthy (only 2 of the 4 expected found");
    }

    @Test
    void whereNobodyHasAnyTheErrorSaysSo() {
        world.local.says(tracks("10.0.0.1:80 stable", "10.0.0.2:80 stable"));
        world.clusterset.says(World.noSuchName());
        Service canary = world.orders().selecting("canary", CANARY);
        assertThatThrownBy(canary::next)
                .isInstanceOf(NoEndpointException.class)
                .hasMessage("orders.shop: no endpoint (local: 2 known, none eligible, not selected: canary;"
                        + " clusterset: no such name)");
    }

    @Test
    void verdictsAreShared() {
        world.local.says(tracks("10.0.0.1:80 stable", "10.0.0.2:80 canary"));
        world.clusterset.says(World.noSuchName());
        Service canary = world.orders().selecting("canary", CANARY);
        world.kill("10.0.0.2:80");
        world.call(canary);
        world.pass(6_000);
        assertThat(met(world.orders())).containsExactly("10.0.0.1:80");
    }

    @Test
    void aPredicateThatThrowsSelectsAllAndIsReportedOnce() {
        world.local.says(tracks("10.0.0.1:80 stable", "10.0.0.2:80 canary"));
        world.clusterset.says(World.noSuchName());
        Service broken = world.orders().selecting("broken", endpoint -> {
            throw new IllegalStateException("predicate");
        });
        assertThat(met(broken)).hasSize(2);
        world.pass(20_000);
        assertThat(world.events.stream().filter(event -> event.contains("what selects broken threw")))
                .hasSize(1);
    }

    @Test
    void itRestsAndWakesLikeAService() {
        world.local.says(tracks("10.0.0.1:80 stable", "10.0.0.2:80 canary"));
        world.clusterset.says(World.noSuchName());
        Service canary = world.orders().selecting("canary", CANARY);
        assertThat(met(canary)).hasSize(1);
        world.pass(Duration.ofMinutes(25).toMillis());
        assertThat(world.local.watches()).isZero();
        world.local.says(tracks("10.0.0.3:80 canary"));
        assertThat(met(canary)).hasSize(1); // from the last known
        world.pass(1_000);
        assertThat(met(canary)).containsExactly("10.0.0.3:80");
        assertThat(met(world.discovery.service("orders.shop"))).containsExactly("10.0.0.3:80");
    }

    @Test
    void askingForItWithEveryCallCostsTheDiscoverysThreadNothing() {
        AtomicInteger tasks = new AtomicInteger();
        World counting = new World(builder -> builder.executor(task -> {
            tasks.incrementAndGet();
            task.run();
        }));
        counting.local.says(tracks("10.0.0.1:80 canary"));
        counting.clusterset.says(World.noSuchName());
        Service orders = counting.orders();
        assertThat(met(orders.selecting("canary", CANARY))).hasSize(1);
        int before = tasks.get();
        for (int i = 0; i < 100; i++) {
            orders.selecting("canary", CANARY).next().close();
        }
        assertThat(tasks).hasValue(before);
    }

    @Test
    void badSelectionsAreRefused() {
        Service orders = world.orders();
        assertThatThrownBy(() -> orders.selecting(" ", CANARY)).hasMessageContaining("(expected: a word)");
        Service canary = orders.selecting("canary", CANARY);
        assertThatThrownBy(() -> canary.selecting("of it", CANARY)).hasMessageContaining("is a selection itself");
        for (int i = 0; i < 99; i++) {
            orders.selecting("s" + i, CANARY);
        }
        assertThatThrownBy(() -> orders.selecting("s99", CANARY)).hasMessageContaining("at most 100");
        world.close();
        assertThatThrownBy(() -> orders.selecting("canary", CANARY)).isInstanceOf(DiscoveryException.class);
        assertThatThrownBy(canary::next).isInstanceOf(DiscoveryException.class).hasMessageContaining("closed");
    }
}
