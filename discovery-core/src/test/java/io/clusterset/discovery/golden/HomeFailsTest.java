package io.clusterset.discovery.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.scenario.World;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Endpoints that refuse, hang or answer 503, and how traffic leaves and comes back. */
class HomeFailsTest {

    private static final String[] LOCAL = {"10.244.1.7:80", "10.244.2.9:80", "10.244.3.4:80"};
    private static final String[] REMOTE = {"10.245.1.3:80", "10.245.2.8:80"};

    private static Service warm(World world, String... local) {
        world.local.says(Answers.LOCAL.found(local));
        world.clusterset.says(Answers.CLUSTERSET.found(REMOTE));
        Service orders = world.orders();
        for (int i = 0; i < 30; i++) {
            assertThat(world.call(orders)).isEqualTo("local");
            world.pass(100);
        }
        return orders;
    }

    private static void calls(World world, Service orders, int count, long millisApart) {
        for (int i = 0; i < count; i++) {
            world.call(orders);
            world.pass(millisApart);
        }
    }

    /** A call of which those to some endpoints are answered 503. */
    private static void call(Service orders, Set<String> sick) {
        try {
            orders.<String, IOException>call(Call.once(), endpoint -> {
                if (sick.contains(endpoint.authority())) {
                    throw new IOException("HTTP 503");
                }
                return endpoint.tier();
            });
        } catch (IOException expected) {
            assertThat(expected).hasMessage("HTTP 503");
        }
    }

    @Test
    void aVipWithNoPodBehindIt() {
        try (World world = new World()) {
            Service orders = warm(world, "10.96.12.7:80");
            world.kill("10.96.12.7:80");
            assertThat(world.call(orders)).isEqualTo("clusterset"); // the call that met it was served
            calls(world, orders, 19, 100);
            Golden.of("vip-refused", orders.explain())
                    .cause("local", "0 %", "0 of 1 healthy (connection refused)")
                    .evidence("endpoint  10.96.12.7:80", "unhealthy: connection refused")
                    .next("probe of 10.96.12.7:80 in", " s");
        }
    }

    @Test
    void anOutageOfTheNightAskedForInTheMorning() {
        try (World world = new World()) {
            Service orders = warm(world, LOCAL);
            calls(world, orders, 10, 60_000);
            world.kill(LOCAL);
            calls(world, orders, 20, 100);
            calls(world, orders, 10, 60_000);
            world.down.clear();
            calls(world, orders, 30, 60_000);
            Golden.of("why-then", orders.explainPast(Duration.ofMinutes(35)))
                    .cause("local", "0 %", "0 of 3 healthy (connection refused)")
                    .evidence("35 min ago, as it was from 40 min to")
                    .next("asked again within 5 s");
        }
    }

    @Test
    void everythingIsDead() {
        try (World world = new World()) {
            Service orders = warm(world, LOCAL);
            world.kill(LOCAL);
            world.kill(REMOTE);
            calls(world, orders, 20, 100);
            Golden.of("panic", orders.explain())
                    .cause("panic", "tiers together can't carry the load")
                    .evidence("0 of 3 healthy (connection refused)")
                    .next("probe of 10.244.", ":80 in", " s");
        }
    }

    @Test
    void wellAgainAndWaiting() {
        try (World world = new World()) {
            Service orders = warm(world, LOCAL);
            world.kill(LOCAL);
            calls(world, orders, 20, 100);
            world.down.clear();
            calls(world, orders, 200, 100);
            Golden.of("dwell", orders.explain())
                    .cause("well again", "before its traffic comes back")
                    .evidence("unhealthy -> healthy: 2 probes passed")
                    .next("local: next step of the return in at most", " s");
        }
    }

    @Test
    void aStepThatFailed() {
        try (World world = new World()) {
            Service orders = warm(world, LOCAL);
            world.kill(LOCAL);
            calls(world, orders, 20, 100);
            world.down.clear();
            for (int i = 0; i < 1_000 && !orders.explain().toString().contains("returning: step 5 %"); i++) {
                calls(world, orders, 1, 100);
            }
            for (int i = 0; i < 220; i++) { // at home all is answered, and one in three with 503
                int third = i % 3;
                call(orders, Set.of(LOCAL[third]));
                world.pass(100);
            }
            Golden.of("step-failed", orders.explain())
                    .cause("the last return failed: at step 5 %")
                    .evidence("attempts failed (expected:")
                    .next("local: next step of the return in at most", " s");
        }
    }

    @Test
    void attemptsThatNeverEnd() {
        Prober hangs = (address, timeout, done) ->
                done.accept(address.getHostString().equals("10.96.12.7") ? new Prober.TimedOut() : new Prober.Passed());
        try (World world = new World(builder -> builder.prober(hangs))) {
            Service orders = warm(world, "10.96.12.7:80");
            Attempt hung = orders.next();
            world.pass(1_500);
            calls(world, orders, 5, 100);
            Golden.of("black-hole", orders.explain())
                    .cause("local", "0 of 1 healthy (probe timed out")
                    .evidence("an attempt has been open for 1 s, none succeeded since")
                    .next("probe of 10.96.12.7:80 in", " s");
            hung.close();
        }
    }

    @Test
    void answering503AndLeftOut() {
        String[] six = IntStream.rangeClosed(1, 6)
                .mapToObj(i -> "10.244.1." + i + ":80")
                .toArray(String[]::new);
        try (World world = new World()) {
            Service orders = warm(world, six);
            for (int i = 0; i < 200; i++) {
                call(orders, Set.of(six[0], six[1], six[2]));
                world.pass(20);
            }
            Golden.of("ejected", orders.explain())
                    .cause("3 of 6 healthy", "calls failed in 10 s, the last: HTTP 503")
                    .evidence("still called: at most 30 % of a tier are left out")
                    .next("trial, by 5 calls, of 10.244.1.3:80 in", " s");
        }
    }

    @Test
    void moreRetriesThanTheBudgetAllows() {
        try (World world = new World(builder -> builder.budget(b -> b.perSecond(1)))) {
            Service orders = warm(world, LOCAL);
            int failed = 0;
            for (int i = 0; i < 60; i++) {
                try {
                    orders.<String, IOException>call(Call.idempotent(), endpoint -> {
                        throw new SocketTimeoutException("Read timed out");
                    });
                } catch (IOException expected) {
                    failed++;
                }
                world.pass(20);
            }
            assertThat(failed).isEqualTo(60);
            Golden.of("budget-exhausted", orders.explain())
                    .cause("retries were not made for want of budget, the last")
                    .evidence("90 calls, ", "20 % of the calls of 10 s and 1 a second")
                    .next("retry budget: the next retry may be made in", " ms");
        }
    }

    @Test
    void theCapacityGuardSheds() {
        try (World world = new World(
                Tier.of("local", "cluster.local"),
                Tier.of("clusterset", "clusterset.local").withMaxLoad(30))) {
            Service orders = warm(world, LOCAL);
            world.kill(LOCAL);
            calls(world, orders, 100, 100);
            Golden.of("max-load", orders.explain())
                    .cause("70 % of the calls fail at once", "max-load")
                    .evidence("full: max-load 30 %")
                    .next("probe of 10.244.1.7:80 in", " s");
        }
    }

    @Test
    void drainedByADrill() {
        try (World world = new World()) {
            Service orders = warm(world, LOCAL);
            world.discovery.drill("local", 0, Duration.ofMinutes(1));
            calls(world, orders, 200, 100);
            Golden.of("drill", orders.explain())
                    .cause("local", "drill: forced to 0 %")
                    .evidence("drill of local: forced to 0 % for 1 min")
                    .next("local: its drill ends in 4", " s");
        }
    }
}
