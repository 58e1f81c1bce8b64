package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalanceStoryTest {

    private final World world = new World(builder -> builder.balance(b -> b.slowStart(Duration.ZERO)));

    private static Map<String, Long> met(Service service, int calls) {
        return IntStream.range(0, calls)
                .mapToObj(i -> service.next().endpoint().authority())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** With one counter for both, each would see every other turn, and always the same endpoint. */
    @Test
    void servicesCalledInTurnDoNotTakeEachOthersTurns() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(World.noSuchName());
        Service orders = world.orders();
        Service users = world.discovery.service("users.shop");
        int first = 0;
        for (int i = 0; i < 100; i++) {
            first += orders.next().endpoint().authority().equals("10.0.0.1:80") ? 1 : 0;
            users.next();
        }
        assertThat(first).isEqualTo(50);
    }

    @Test
    void aRebuildDoesNotBeginAnew() {
        world.clusterset.says(World.noSuchName());
        Service orders = world.orders();
        int first = 0;
        for (int i = 0; i < 100; i++) {
            world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80", "10.0.0." + (3 + i % 2) + ":80"));
            world.pass(200);
            try (Attempt attempt = orders.next()) {
                attempt.succeeded();
                first += attempt.endpoint().authority().equals("10.0.0.1:80") ? 1 : 0;
            }
        }
        assertThat(first).isBetween(33, 34);
    }

    @Test
    void weightsCountWithinATierAndNotAcrossTiers() {
        world.local.says(weighted("10.0.0.1:80 1", "10.0.0.2:80 3", "10.0.0.3:80 0"));
        world.clusterset.says(weighted("10.1.0.1:80 1000000"));
        Service orders = world.orders();
        assertThat(met(orders, 400))
                .containsOnlyKeys("10.0.0.1:80", "10.0.0.2:80")
                .hasEntrySatisfying("10.0.0.2:80", count -> assertThat(count).isBetween(298L, 302L));
        assertThat(orders.explain().toString()).containsPattern("10\\.0\\.0\\.2:80 +75\\.0 %");
    }

    @Test
    void explainSaysWhyANewEndpointHasLess() {
        World slow = new World();
        slow.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        slow.clusterset.says(World.noSuchName());
        Service orders = slow.orders();
        assertThat(orders.explain().toString()).doesNotContain("slow start");
        slow.local.says(World.found("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
        slow.pass(200);
        assertThat(orders.explain().toString())
                .contains("local: slow start: 1 new")
                .containsPattern("10\\.0\\.0\\.3:80 +4\\.8 %");
        slow.pass(11_000);
        assertThat(orders.explain().toString()).doesNotContain("slow start").contains("33.3 %");
    }

    @Test
    void aSickEndpointIsNoReasonToSpeakOfTopology() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(World.noSuchName());
        world.kill("10.0.0.1:80");
        Service orders = world.orders();
        world.call(orders);
        world.call(orders);
        assertThat(orders.explain().toString()).contains("connection refused").doesNotContain("by topology");
    }

    @Test
    void explainSaysByWhichPolicySharesDiffer() {
        World near = new World(builder -> builder.topology(t -> t.region("eu").zone("a")));
        near.local.says(new Resolution.Found(
                List.of(
                        Endpoint.parse("10.0.0.1:80").withLocality(new Locality("eu", "a", "")),
                        Endpoint.parse("10.0.0.2:80").withLocality(new Locality("eu", "b", ""))),
                Duration.ofSeconds(5),
                Evidence.NONE));
        near.clusterset.says(World.noSuchName());
        assertThat(near.orders().explain().toString())
                .contains(
                        "local: by topology prefer-near unless the service's owner prefers otherwise, seen from region eu,"
                                + " zone a");
    }

    private static Resolution weighted(String... endpointsAndWeights) {
        List<Endpoint> endpoints = List.of(endpointsAndWeights).stream()
                .map(text -> text.split(" "))
                .map(parts -> Endpoint.parse(parts[0]).withWeight(Integer.parseInt(parts[1])))
                .toList();
        return new Resolution.Found(endpoints, Duration.ofSeconds(5), Evidence.NONE);
    }
}
