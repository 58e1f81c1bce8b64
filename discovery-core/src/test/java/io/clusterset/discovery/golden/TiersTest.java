package io.clusterset.discovery.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.scenario.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tier, which of its endpoints, and what is kept when nobody can tell. */
class TiersTest {

    private static final String[] LOCAL = {"10.244.1.7:80", "10.244.2.9:80", "10.244.3.4:80"};
    private static final String[] REMOTE = {"10.245.1.3:80", "10.245.2.8:80"};

    private static void calls(World world, Service orders, int count, long millisApart) {
        for (int i = 0; i < count; i++) {
            world.call(orders);
            world.pass(millisApart);
        }
    }

    @Test
    void dnsHasBeenSilentForTwelveMinutes() {
        try (World world = new World()) {
            world.local.says(Answers.LOCAL.found(LOCAL));
            world.clusterset.says(Answers.CLUSTERSET.found(REMOTE));
            Service orders = world.orders();
            calls(world, orders, 10, 100);
            world.local.says(Answers.LOCAL.silence());
            world.clusterset.says(Answers.CLUSTERSET.silence());
            calls(world, orders, 12 * 60, 1_000);
            Golden.of("stale", orders.explain())
                    .cause("no answer from 10.96.0.10, stale endpoints kept")
                    .evidence("found 12 min ago")
                    .next("asked again within");
        }
    }

    @Test
    void goneEverywhereAndStillAnswering() {
        try (World world = new World()) {
            world.local.says(Answers.LOCAL.found(LOCAL));
            world.clusterset.says(Answers.CLUSTERSET.found(REMOTE));
            Service orders = world.orders();
            calls(world, orders, 10, 100);
            world.local.says(Answers.LOCAL.noSuchName());
            world.clusterset.says(Answers.CLUSTERSET.noSuchName());
            calls(world, orders, 60, 1_000);
            Golden.of("last-known", orders.explain())
                    .cause("those known last are used while they succeed")
                    .evidence("answer    no such name (NXDOMAIN) from 10.96.0.10")
                    .next("endpoints known last are given up in", "unless they succeed");
        }
    }

    @Test
    void aSingleClustersetVip() {
        try (World world = new World()) {
            world.local.says(Answers.LOCAL.found("10.96.12.7:80"));
            world.clusterset.says(Answers.CLUSTERSET.found("10.112.3.9:80"));
            Service orders = world.orders();
            calls(world, orders, 10, 100);
            Golden.of("single-vip", orders.explain())
                    .cause("clusterset has a single address", "may lead to home's endpoints too")
                    .evidence("endpoint  10.112.3.9:80")
                    .next("asked again within");
        }
    }

    @Test
    void moreEndpointsThanAreKept() {
        List<Endpoint> many = IntStream.range(0, 10_100)
                .mapToObj(i -> Endpoint.parse("10.244." + i / 250 + "." + (i % 250 + 1) + ":80"))
                .toList();
        try (World world = new World()) {
            world.local.says(Answers.LOCAL.found(many));
            world.clusterset.says(Answers.CLUSTERSET.found(REMOTE));
            Service orders = world.orders();
            calls(world, orders, 10, 100);
            Golden.of("clipped", orders.explain())
                    .cause("more than 10000 endpoints")
                    .evidence("left out  … and 95 more: more than 10000 endpoints")
                    .next("asked again within");
        }
    }

    private static Endpoint in(String zone, String endpoint) {
        return Endpoint.parse(endpoint).withLocality(new Locality("eu", zone, ""));
    }

    @Test
    void ownZoneFirstAndSpilled() {
        try (World world =
                new World(builder -> builder.topology(t -> t.zone("eu-a").region("eu")))) {
            world.local.says(Answers.LOCAL.found(List.of(
                    in("eu-a", LOCAL[0]),
                    in("eu-a", "10.244.1.8:80"),
                    in("eu-b", LOCAL[1]),
                    in("eu-b", "10.244.2.10:80"))));
            world.clusterset.says(Answers.CLUSTERSET.found(REMOTE));
            Service orders = world.orders();
            calls(world, orders, 10, 100);
            world.kill(LOCAL[0]);
            calls(world, orders, 20, 100);
            Golden.of("zone-spill", orders.explain())
                    .cause("local: 30 % of its calls leave zone eu-a, where 1 of 2 are healthy")
                    .evidence("10.244.1.7:80", "unhealthy: connection refused, zone eu-a")
                    .next("probe of 10.244.1.7:80 in");
        }
    }

    @Test
    void switchedOff() {
        Map<String, String> file = new HashMap<>(Map.of("discovery.services[orders.shop].static", LOCAL[0]));
        Supplier<Settings> settings = () -> Settings.none().withProperties(file, "/etc/discovery/discovery.properties");
        try (World world = new World(builder -> builder.settings(settings))) {
            Service orders = world.orders();
            world.call(orders);
            file.put("discovery.enabled", "false");
            world.pass(60_000);
            Golden.of("switched-off", orders.explain())
                    .cause("system       100 %  discovery.enabled=false")
                    .evidence("discovery.enabled=false (/etc/discovery/discovery.properties)")
                    .next("again once discovery.enabled is true");
        }
    }

    @Test
    void homeIsSlowToAnswerAtTheStart() {
        try (World world = new World()) {
            world.clusterset.says(Answers.CLUSTERSET.found(REMOTE));
            Service orders = world.orders();
            world.pass(400);
            assertThat(world.call(orders)).isEqualTo("clusterset");
            world.pass(100);
            Golden.of("slow-home", orders.explain())
                    .cause("local", "0 %", "no endpoint (not answered yet")
                    .evidence("asked     orders.shop.svc.cluster.local")
                    .next("what it says is used as soon as it comes");
        }
    }
}
