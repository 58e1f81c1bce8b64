package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.ExternalNameException;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5: why a service has no endpoint decides whether the system's resolver is the one to ask. */
class ExternalNameStoryTest {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static Resolution alias(String target) {
        String detail = "an alias (ExternalName) of " + target;
        return new Resolution.Empty(Duration.ofSeconds(5), Evidence.of(detail), Optional.of(target));
    }

    private static Resolution answer(String word) {
        return switch (word) {
            case "alias" -> alias("db.example.com");
            case "other alias" -> alias("db.example.org");
            case "empty" -> World.empty();
            case "no such name" -> World.noSuchName();
            case "unknown" -> World.servfail();
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static DiscoveryException reason(Service service) {
        return catchThrowableOfType(DiscoveryException.class, service::next);
    }

    /** Home's answer, the cluster set's, what is thrown, and whether it is elsewhere: a name that may be, one that is ours. */
    @ParameterizedTest
    @CsvSource({
        "alias, no such name, ExternalNameException, true, true",
        "alias, empty, ExternalNameException, true, true",
        "alias, unknown, ExternalNameException, true, true",
        "alias, other alias, ExternalNameException, true, true",
        "no such name, alias, ExternalNameException, true, true",
        "empty, alias, NoEndpointException, false, false",
        "unknown, alias, ResolutionException, true, false",
        "no such name, no such name, NoSuchServiceException, true, false",
        "no such name, empty, NoEndpointException, false, false",
        "no such name, unknown, ResolutionException, true, false",
        "empty, empty, NoEndpointException, false, false",
        "empty, no such name, NoEndpointException, false, false",
        "empty, unknown, ResolutionException, true, false",
        "unknown, no such name, ResolutionException, true, false",
        "unknown, unknown, ResolutionException, true, false"
    })
    void whyThereIsNone(String home, String next, String why, boolean perhaps, boolean certain) {
        world.local.says(answer(home));
        world.clusterset.says(answer(next));
        Authority doubtful = world.discovery.authority("orders.shop", 80, 80).orElseThrow();
        Authority ours = world.discovery.authority("orders.shop.svc", 80, 80).orElseThrow();
        DiscoveryException reason = reason(doubtful.service());
        assertThat(reason.getClass().getSimpleName()).isEqualTo(why);
        assertThat(doubtful.isElsewhere(reason)).isEqualTo(perhaps);
        assertThat(ours.isElsewhere(reason)).isEqualTo(certain);
        if (reason instanceof ExternalNameException external) {
            assertThat(external.target()).isEqualTo("db.example.com");
            assertThat(external).hasMessageContaining("db.example.com");
        }
    }

    @Test
    void whoCouldNotBeAskedIsElsewhereUnlessItIsOursAndWhoWasInterruptedIsNowhere() {
        Authority doubtful = world.discovery.authority("orders.shop", 80, 80).orElseThrow();
        Authority ours = world.discovery.authority("orders.shop.svc", 80, 80).orElseThrow();
        DiscoveryException crowded = new DiscoveryException("orders.shop: no decision in PT2.5S");
        assertThat(doubtful.isElsewhere(crowded)).isTrue();
        assertThat(ours.isElsewhere(crowded)).isFalse();
        assertThat(doubtful.isElsewhere(new DiscoveryException("interrupted", new InterruptedException())))
                .isFalse();
        Thread.currentThread().interrupt();
        DiscoveryException interrupted = reason(doubtful.service()); // while it waited for the first answer
        assertThat(Thread.interrupted()).isTrue();
        assertThat(doubtful.isElsewhere(interrupted)).isFalse();
    }

    @Test
    void anEndpointAnywhereComesFirst() {
        world.local.says(alias("db.example.com"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        assertThat(world.call(world.orders())).isEqualTo("clusterset");
    }

    static List<Balancer> balancers() {
        return List.of(
                Balancer.weightedRoundRobin(),
                Balancer.leastRequest(),
                Balancer.consistentHash(),
                Balancer.sticky(),
                Balancer.random());
    }

    @ParameterizedTest
    @MethodSource("balancers")
    void everyBalancerSaysSo(Balancer balancer) {
        try (World other = new World(builder -> builder.balance(b -> b.balancer(balancer)))) {
            other.local.says(alias("db.example.com"));
            other.clusterset.says(World.noSuchName());
            assertThatThrownBy(other.orders()::next)
                    .isInstanceOf(ExternalNameException.class)
                    .hasMessage("orders.shop: no endpoint (local: empty, an alias (ExternalName) of db.example.com;"
                            + " clusterset: no such name)");
        }
    }

    @Test
    void itIsAskedAgainAndExplainedAndMayChange() {
        world.local.says(alias("db.example.com"));
        world.clusterset.says(World.noSuchName());
        Service orders = world.orders();
        assertThat(reason(orders)).isInstanceOf(ExternalNameException.class);
        int asked = world.local.asked;
        world.pass(60_000);
        assertThat(world.local.asked).isGreaterThan(asked);
        assertThat(reason(orders)).isInstanceOf(ExternalNameException.class);
        assertThat(orders.explain().toString()).contains("no endpoint (an alias (ExternalName) of db.example.com)");
        world.time.advance(Duration.ofMinutes(25)); // it rests, and what is remembered wakes with it
        assertThat(world.local.watches()).isZero();
        assertThat(reason(orders)).isInstanceOf(ExternalNameException.class);
        world.local.says(alias("db.example.org"));
        world.pass(200);
        assertThat(reason(orders))
                .isInstanceOfSatisfying(
                        ExternalNameException.class,
                        other -> assertThat(other.target()).isEqualTo("db.example.org"));
        world.local.says(World.empty());
        world.pass(200);
        assertThat(reason(orders)).isInstanceOf(NoEndpointException.class);
        world.local.says(World.found("10.0.0.1:80"));
        world.pass(200);
        assertThat(world.call(orders)).isEqualTo("local");
    }

    @Test
    void aServiceThatBecomesAnAliasIsOneWhenItsEndpointsAreGivenUp() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
        world.clusterset.says(World.noSuchName());
        Service orders = world.orders();
        assertThat(world.call(orders)).isEqualTo("local");
        world.local.says(alias("db.example.com")); // and when asked to confirm it
        world.pass(200);
        assertThat(world.call(orders)).isEqualTo("local"); // law 7: those known last still answer
        world.time.advance(Duration.ofMinutes(6));
        assertThat(List.of(reason(orders))).hasOnlyElementsOfType(ExternalNameException.class);
    }
}
