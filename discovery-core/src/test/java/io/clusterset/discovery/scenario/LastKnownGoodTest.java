package io.clusterset.discovery.scenario;

import static io.clusterset.discovery.scenario.World.empty;
import static io.clusterset.discovery.scenario.World.found;
import static io.clusterset.discovery.scenario.World.noSuchName;
import static io.clusterset.discovery.scenario.World.servfail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Law 7: what is known is not lost to an answer that tells less. */
class LastKnownGoodTest {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private Service warm() {
        world.local.says(found("10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(found("10.1.0.1:80"));
        Service orders = world.orders();
        assertThat(world.call(orders)).isEqualTo("local");
        return orders;
    }

    private List<String> failuresWhileCalling(Service orders, Duration time, Duration apart) {
        List<String> failures = new ArrayList<>();
        for (long i = 0; i < time.dividedBy(apart); i++) {
            world.pass(apart.toMillis());
            String outcome = world.call(orders);
            if (outcome.startsWith("failed")) {
                failures.add(outcome);
            }
        }
        return failures;
    }

    @Test
    void noCallFailsAndNoTrafficMovesWhileAllDnsIsDownForTenMinutes() {
        Service orders = warm();
        world.local.says(servfail());
        world.clusterset.says(servfail());
        int asked = world.local.asked;
        assertThat(failuresWhileCalling(orders, Duration.ofMinutes(10), Duration.ofMillis(50)))
                .isEmpty();
        assertThat(world.events).noneMatch(event -> event.contains("clusterset 100 %"));
        assertThat(world.local.asked - asked).isLessThan(40); // a healthy 5 s TTL would have cost 130
    }

    @Test
    void anEmptyAnswerInEveryTierIsNotTheEndWhileTheEndpointsAnswer() {
        Service orders = warm();
        world.local.says(noSuchName());
        world.clusterset.says(noSuchName());
        assertThat(failuresWhileCalling(orders, Duration.ofHours(3), Duration.ofSeconds(1)))
                .isEmpty();
        assertThat(orders.explain().toString()).contains("those known last are used while they succeed");
        assertThat(world.events.stream().filter(event -> event.contains("known last")))
                .hasSize(1);
        world.local.says(found("10.0.0.9:80"));
        world.pass(10_000);
        assertThat(world.call(orders)).isEqualTo("local");
        assertThat(orders.decision().notes()).noneMatch(note -> note.contains("known last"));
    }

    @Test
    void fiveMinutesWithoutASuccessAreTheEnd() {
        Service orders = warm();
        world.local.says(empty());
        world.clusterset.says(noSuchName());
        world.kill("10.0.0.1:80", "10.0.0.2:80", "10.1.0.1:80");
        world.pass(Duration.ofMinutes(4).toMillis());
        assertThat(world.call(orders)).startsWith("failed: Connection refused");
        world.pass(Duration.ofSeconds(70).toMillis());
        assertThatThrownBy(orders::next).isInstanceOf(NoEndpointException.class);
        world.down.clear(); // another service's pods have these addresses now
        world.pass(Duration.ofHours(1).toMillis());
        assertThatThrownBy(orders::next).isInstanceOf(NoEndpointException.class);
    }

    @Test
    void aServiceThatNobodyCallsIsGoneFiveMinutesAfterItsNames() {
        Service orders = warm();
        world.local.says(noSuchName());
        world.clusterset.says(noSuchName());
        world.pass(Duration.ofMinutes(6).toMillis());
        assertThatThrownBy(orders::next).isInstanceOf(NoSuchServiceException.class);
    }

    /** A ClusterIP name exists with no pod behind it: so it does when the other tier's name goes. */
    @Test
    void whatWasKnownLastComesBeforeADeadHome() {
        world.local.says(found("10.96.0.1:80"));
        world.clusterset.says(found("10.1.0.1:80"));
        Service orders = world.orders();
        world.kill("10.96.0.1:80");
        for (int i = 0; i < 20; i++) {
            assertThat(world.call(orders)).isEqualTo("clusterset");
            world.pass(50);
        }
        world.clusterset.says(noSuchName());
        assertThat(failuresWhileCalling(orders, Duration.ofMinutes(20), Duration.ofSeconds(1)))
                .isEmpty();
        assertThat(orders.explain().toString()).contains("those known last are used while they succeed");
        world.down.clear();
        world.pass(30_000); // home is probed, and works
        assertThat(world.call(orders)).isEqualTo("local");
    }

    @Test
    void theOtherTierComesBeforeWhatWasKnownLast() {
        Service orders = warm();
        world.local.says(noSuchName());
        world.pass(10_000);
        assertThat(world.call(orders)).isEqualTo("clusterset");
        assertThat(orders.decision().notes()).noneMatch(note -> note.contains("known last"));
    }

    @Test
    void whenAllEndpointsRefuseTheSourceIsAskedBeforeTheAnswerEnds() {
        world.local.says(new Resolution.Found(
                List.of(Endpoint.parse("10.0.0.1:80"), Endpoint.parse("10.0.0.2:80")),
                Duration.ofSeconds(60),
                Evidence.NONE));
        world.clusterset.says(found("10.1.0.1:80"));
        Service orders = world.orders();
        world.call(orders);
        int asked = world.local.asked;
        world.kill("10.0.0.1:80", "10.0.0.2:80");
        world.local.says(found("10.0.0.1:80", "10.0.0.2:80")); // DNS does not know yet
        int afterwards = world.local.asked;
        assertThat(afterwards).isEqualTo(asked);
        for (int i = 0; i < 20; i++) {
            assertThat(world.call(orders)).isEqualTo("clusterset");
            world.pass(50);
        }
        assertThat(world.local.asked - asked).isEqualTo(1);
    }

    @Test
    void invalidatingAsksAnewAndLosesNothingMeanwhile() {
        Service orders = warm();
        world.local.says(servfail());
        world.clusterset.says(servfail());
        world.pass(1_000);
        int asked = world.local.asked;
        orders.invalidate();
        assertThat(world.local.asked).isEqualTo(asked + 1);
        assertThat(world.call(orders)).isEqualTo("local");
        assertThat(world.events).anyMatch(event -> event.contains("the application asks anew"));
    }

    @Test
    void whileTheSourceCannotTellForLongEndpointsThatWorkComeFirst() {
        Service orders = warm();
        world.local.says(servfail());
        world.pass(Duration.ofMinutes(20).toMillis());
        Endpoint worked;
        try (var attempt = orders.next()) {
            attempt.succeeded("");
            worked = attempt.endpoint();
        }
        world.pass(60_000);
        Endpoint only = worked;
        assertThat(IntStream.range(0, 20).mapToObj(i -> {
                    try (var attempt = orders.next()) {
                        return attempt.endpoint();
                    }
                }))
                .containsOnly(only);
    }

    @Test
    void ofSrvPrioritiesTheLowestThatWorksIsUsed() {
        Endpoint first = Endpoint.parse("10.0.0.1:80").withPriority(10);
        Endpoint second = Endpoint.parse("10.0.0.2:80").withPriority(20);
        world.local.says(new Resolution.Found(List.of(second, first), Duration.ofSeconds(5), Evidence.NONE));
        world.clusterset.says(noSuchName());
        Service orders = world.orders();
        assertThat(IntStream.range(0, 10).mapToObj(i -> orders.next().endpoint().authority()))
                .containsOnly("10.0.0.1:80");
        assertThat(orders.explain().toString()).contains("10.0.0.2:80: waits: SRV priority 20, and 10 works");
        world.kill("10.0.0.1:80");
        for (int i = 0; i < 5; i++) {
            assertThat(world.call(orders)).isEqualTo("local"); // within the very call that met the dead one
            world.pass(1_000);
        }
        assertThat(orders.next().endpoint().authority()).isEqualTo("10.0.0.2:80");
    }
}
