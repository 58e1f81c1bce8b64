package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.scenario.World;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A discovery that works, and how each figure of it moves. */
final class MetricsStoryTest {

    private static final String[] LOCAL = {"10.0.0.1:80", "10.0.0.2:80"};
    private static final String[] CLUSTERSET = {"10.1.0.1:80", "10.1.0.2:80"};

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @Test
    void atHome() {
        try (World world = bound(new World())) {
            live(world);
            calls(world, 10);

            assertThat(ofService("discovery.calls")).isEqualTo(10);
            assertThat(ofTier("discovery.picks", "local")).isEqualTo(10);
            assertThat(ofTier("discovery.attempts", "local", "outcome", "succeeded"))
                    .isEqualTo(10);
            assertThat(ofTier("discovery.load", "local")).isEqualTo(100);
            assertThat(ofTier("discovery.load", "clusterset")).isZero();
            assertThat(ofTier("discovery.endpoints", "local", "state", "known")).isEqualTo(2);
            assertThat(ofTier("discovery.endpoints", "local", "state", "healthy"))
                    .isEqualTo(2);
            assertThat(ofService("discovery.failovers")).isZero();
            assertThat(ofService("discovery.away")).isZero();
            assertThat(ofService("discovery.retry.budget")).isGreaterThan(1);
            assertThat(value("discovery.services", "shown", "apart")).isEqualTo(1);
            assertThat(value("discovery.cache.names")).isEqualTo(2);
            assertThat(value("discovery.cache.requests", "result", "miss")).isGreaterThanOrEqualTo(2);
            assertThat(value("discovery.events", "kind", "load")).isEqualTo(1);

            world.discovery.service("orders.shop:8080").endpoints();
            assertThat(value("discovery.cache.requests", "result", "hit")).isEqualTo(2);
        }
    }

    @Test
    void awayAndInPanic() {
        try (World world = bound(new World())) {
            live(world);
            calls(world, 1);
            world.kill(LOCAL);
            calls(world, 10);
            world.pass(10_000);

            assertThat(ofService("discovery.failovers")).isEqualTo(1);
            assertThat(ofService("discovery.away")).isEqualTo(11, within(1.0));
            assertThat(ofTier("discovery.attempts", "local", "outcome", "failed-hard"))
                    .isEqualTo(2);
            assertThat(ofService("discovery.retries", "result", "allowed")).isEqualTo(2);
            assertThat(ofTier("discovery.load", "clusterset")).isEqualTo(100);
            assertThat(ofTier("discovery.endpoints", "local", "state", "healthy"))
                    .isZero();
            assertThat(ofTier("discovery.endpoints", "local", "state", "ejected"))
                    .isEqualTo(2);
            assertThat(ofTier("discovery.panic", "local")).isZero();

            world.kill(CLUSTERSET);
            calls(world, 10);
            assertThat(ofTier("discovery.panic", "local")).isEqualTo(1);
            assertThat(value("discovery.events", "kind", "panic")).isEqualTo(1);
            assertThat(ofTier("discovery.picks", "clusterset")).isGreaterThan(10);
        }
    }

    @Test
    void aSourceThatCannotTell() {
        try (World world = bound(new World())) {
            live(world);
            calls(world, 1);
            assertThat(ofTier("discovery.stale.age", "local")).isZero();
            assertThat(lookups("local", "found", "NOERROR")).isEqualTo(1);
            assertThat(took("local")).isEqualTo(0.003, within(1e-9));

            world.local.says(World.servfail());
            world.pass(20_000);
            calls(world, 1);

            assertThat(ofTier("discovery.stale.age", "local")).isGreaterThan(19);
            assertThat(ofTier("discovery.stale.age", "clusterset")).isZero();
            assertThat(lookups("local", "unknown", "SERVFAIL")).isGreaterThanOrEqualTo(1);
            assertThat(ofTier("discovery.endpoints", "local", "state", "known")).isEqualTo(2);
        }
    }

    @Test
    void retriesThatAreDenied() {
        try (World world = bound(new World())) {
            live(world);
            for (int i = 0; i < 150; i++) {
                assertThatThrownBy(() -> world.orders().call(Call.idempotent(), endpoint -> {
                            throw new SocketTimeoutException("Read timed out");
                        }))
                        .isInstanceOf(SocketTimeoutException.class);
            }

            assertThat(ofService("discovery.retries", "result", "denied")).isPositive();
            assertThat(ofService("discovery.retry.budget")).isLessThan(1);
            assertThat(ofTier("discovery.attempts", "local", "outcome", "failed-soft"))
                    .isPositive();
        }
    }

    @Test
    void attemptsByHand() {
        try (World world = bound(new World())) {
            live(world);
            world.orders().next().failed(new IllegalStateException("no such order"));
            world.orders().next().close();
            try (Attempt open = world.orders().next()) {
                assertThat(ofTier("discovery.picks", "local")).isEqualTo(3);
                assertThat(attemptsThatEnded()).isEqualTo(2);
                assertThat(open.endpoint()).isNotNull();
            }
            assertThat(ofTier("discovery.attempts", "local", "outcome", "failed-otherwise"))
                    .isEqualTo(1);
            assertThat(ofTier("discovery.attempts", "local", "outcome", "abandoned"))
                    .isEqualTo(2);
            assertThat(ofService("discovery.calls")).isZero();
        }
    }

    @Test
    void callsThatAreShed() {
        try (World world = bound(new World(
                Tier.of("local", "cluster.local"),
                Tier.of("clusterset", "clusterset.local").withMaxLoad(30)))) {
            live(world);
            calls(world, 20);
            world.kill(LOCAL);
            calls(world, 200);

            assertThat(ofService("discovery.shed")).isBetween(1.0, 99.0);
            assertThat(ofService("discovery.shed") + ofTier("discovery.load", "clusterset"))
                    .isEqualTo(100);
        }
    }

    @Test
    void theKillSwitch() {
        try (World world = bound(new World())) {
            live(world);
            calls(world, 3);

            world.discovery.enabled(false);

            assertThat(value("discovery.enabled")).isZero();
            assertThat(ofTier("discovery.picks", "local")).isEqualTo(3);
        }
    }

    @Test
    void aServiceThatNobodyUsesIsForgotten() {
        try (World world = bound(new World())) {
            live(world);
            calls(world, 3);
            assertThat(ofService("discovery.calls")).isEqualTo(3);

            world.pass(Duration.ofMinutes(45).toMillis());
            look();

            assertThat(registry.find("discovery.calls").meter()).isNull();
            assertThat(value("discovery.services", "shown", "apart")).isZero();
        }
    }

    @Test
    void afterTheDiscoveryIsClosedTheLastReadingIsShown() {
        World world = bound(new World());
        live(world);
        calls(world, 3);
        world.close();

        assertThat(ofTier("discovery.picks", "local")).isEqualTo(3);
        assertThat(value("discovery.metrics.failures")).isZero();
    }

    @Test
    void overSockets() throws IOException {
        try (FakeDnsServer dns = FakeDnsServer.start();
                FakeEndpoint local = FakeEndpoint.start("local")) {
            dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
            try (Discovery discovery = Discovery.builder()
                    .tier(Tier.of("local", "cluster.local").withPort(local.port()))
                    .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                    .build()) {
                new DiscoveryMetrics(discovery).bindTo(registry);
                String served = discovery.service("orders.shop").call(Call.idempotent(), Endpoint::tier);

                assertThat(served).isEqualTo("local");
                assertThat(ofTier("discovery.attempts", "local", "outcome", "succeeded"))
                        .isEqualTo(1);
                assertThat(lookups("local", "found", "NOERROR")).isEqualTo(1);
                assertThat(took("local")).isPositive();
                assertThat(value("discovery.metrics.failures")).isZero();
            }
        }
    }

    private World bound(World world) {
        new DiscoveryMetrics(world.discovery).bindTo(registry);
        return world;
    }

    private static void live(World world) {
        world.local.says(found(LOCAL));
        world.clusterset.says(found(CLUSTERSET));
        world.orders().endpoints();
    }

    private static Resolution found(String... endpoints) {
        Evidence evidence = new Evidence(List.of(), "10.96.0.10", "NOERROR", "", List.of(), Duration.ofMillis(3));
        return new Resolution.Found(
                Stream.of(endpoints).map(Endpoint::parse).toList(), Duration.ofMinutes(5), evidence);
    }

    private static void calls(World world, int count) {
        for (int i = 0; i < count; i++) {
            world.call(world.orders());
            world.pass(100);
        }
    }

    private double lookups(String tier, String outcome, String rcode) {
        return ofTier("discovery.lookups", tier, "outcome", outcome, "rcode", rcode);
    }

    private double took(String tier) {
        look();
        return registry.get("discovery.lookups").tags("tier", tier, "outcome", "found").functionTimers().stream()
                .mapToDouble(timer -> timer.totalTime(TimeUnit.SECONDS))
                .sum();
    }

    private double attemptsThatEnded() {
        look();
        return Search.in(registry).name("discovery.attempts").functionCounters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private double ofTier(String name, String tier, String... tags) {
        look();
        return first(registry.get(name)
                .tags("name", "orders.shop", "tier", tier)
                .tags(tags)
                .meter());
    }

    private double ofService(String name, String... tags) {
        look();
        return first(registry.get(name).tags("name", "orders.shop").tags(tags).meter());
    }

    private double value(String name, String... tags) {
        look();
        return first(registry.get(name).tags(tags).meter());
    }

    /** Takes a new reading: what it brings is registered, and all meters show it. */
    private void look() {
        clock.add(Duration.ofSeconds(1));
        assertThat(registry.get("discovery.enabled").gauge().value()).isNotNaN();
    }

    private static double first(Meter meter) {
        return StreamSupport.stream(meter.measure().spliterator(), false)
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
