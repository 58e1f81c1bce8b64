package io.clusterset.discovery.scenario;

import static io.clusterset.discovery.scenario.World.noSuchName;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that a source lists and that take no traffic: nobody calls them, and they are no help. */
class NotReadyStoryTest {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static Resolution listed(Condition condition, String... endpoints) {
        List<Endpoint> list = Stream.of(endpoints)
                .map(Endpoint::parse)
                .map(endpoint -> endpoint.withCondition(condition))
                .toList();
        return new Resolution.Found(list, Duration.ofSeconds(5), Evidence.NONE);
    }

    /** Nothing is known against pods that are starting, but no call may go to them: what is known of the other tier may. */
    @ParameterizedTest
    @EnumSource(names = {"NOT_READY", "TERMINATING"})
    void aHomeThatIsNotReadyDoesNotKeepCallsFromWhatWasKnownLast(Condition condition) {
        world.local.says(listed(condition, "10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        assertThat(world.call(orders)).isEqualTo("clusterset");
        world.clusterset.says(noSuchName());
        world.pass(10_000);
        assertThat(world.call(orders)).isEqualTo("clusterset");
        assertThat(orders.explain().toString()).contains("those known last are used while they succeed");
    }

    /** The only one that takes traffic is asked for more before it is given up, whoever else is about to come or to go. */
    @ParameterizedTest
    @EnumSource(names = {"NOT_READY", "TERMINATING", "SERVING_TERMINATING"})
    void whoeverComesOrGoesDoesNotMakeTheOnlyOneOneOfMany(Condition condition) {
        assertThat(verdictAfterOneRefusal(Stream.of("10.0.0.2:80")
                        .map(Endpoint::parse)
                        .map(other -> other.withCondition(condition))
                        .toList()))
                .isEqualTo(Verdict.State.SUSPECT);
    }

    @Test
    void oneOfTwoThatAreReadyIsOneOfMany() {
        assertThat(verdictAfterOneRefusal(List.of(Endpoint.parse("10.0.0.2:80"))))
                .isEqualTo(Verdict.State.UNHEALTHY);
    }

    /** Of 10.0.0.1, which refuses one call and one probe. */
    private Verdict.State verdictAfterOneRefusal(List<Endpoint> others) {
        Endpoint first = Endpoint.parse("10.0.0.1:80");
        List<Endpoint> all = Stream.concat(Stream.of(first), others.stream()).toList();
        world.local.says(new Resolution.Found(all, Duration.ofSeconds(5), Evidence.NONE));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.kill("10.0.0.1:80");
        for (int i = 0; i < others.size() + 1; i++) {
            world.call(orders);
            world.pass(10);
        }
        return orders.decision().tiers().get(0).candidates().stream()
                .filter(candidate -> candidate.endpoint().sameAddress(first))
                .map(candidate -> candidate.verdict().state())
                .findFirst()
                .orElseThrow();
    }
}
