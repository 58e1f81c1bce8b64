package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.scenario.World;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResidentsTest {

    private static final Duration A_REST = Duration.ofMinutes(31); // two sweeps at least, and one that forgets

    @Test
    void aSelectionThatIsUsedAloneIsNotTakenForItsService() {
        try (World world = new World()) {
            world.local.says(World.found("10.0.0.1:80"));
            world.clusterset.says(World.found("10.1.0.1:80"));
            Service orders = world.orders();
            Service some = orders.selecting("some", endpoint -> true);
            world.time.advance(A_REST);
            assertThat(world.discovery.figures().services()).isEmpty();
            some.next().close();
            assertThat(world.discovery.figures().services()).isEmpty();
            assertThat(world.orders()).isSameAs(orders);
        }
    }

    @Test
    void whoIsIdleMakesRoomAndWhoFindsNoneAgainIsToldAgain() {
        Deque<Runnable> later = new ArrayDeque<>();
        try (World world = new World(builder -> builder.executor(later::add))) {
            world.local.says(World.found("10.0.0.1:80"));
            world.clusterset.says(World.found("10.1.0.1:80"));
            for (int round = 1; round <= 2; round++) {
                int named = round;
                IntStream.range(0, 10_000).forEach(i -> world.discovery.service("s" + i + ".round-" + named));
                assertThatExceptionOfType(DiscoveryException.class)
                        .isThrownBy(world::orders)
                        .withMessage("orders.shop: 10000 services in use (expected: at most 10000)");
                assertThat(world.discovery.service("s1.round-" + named)).isNotNull();
                assertThat(world.discovery.authority("orders.shop.svc", 80, 80)).isEmpty();
                runAll(later);
                for (int sweep = 0; sweep < 3; sweep++) {
                    world.pass(Duration.ofMinutes(10).toMillis());
                    runAll(later);
                }
                assertThat(world.discovery.figures().services()).isEmpty();
                assertThat(world.events)
                        .filteredOn(event -> event.contains("goes to the system's resolver"))
                        .hasSize(round);
            }
            assertThat(world.orders()).isNotNull();
        }
    }

    /** Both have no endpoint yet, and there are many other names like that. */
    @Test
    void aSelectionThatMakesRoomIsNotTakenForItsService() {
        try (World world = new World()) {
            world.local.says(World.noSuchName());
            world.clusterset.says(World.noSuchName());
            Service orders = world.orders();
            Service some = orders.selecting("some", endpoint -> true);
            IntStream.range(0, 1_001).forEach(i -> world.discovery.service("s" + i + ".shop"));
            assertThat(world.discovery.sight("orders.shop")).isEmpty();
            assertThat(world.orders()).isSameAs(orders).isNotSameAs(some);
        }
    }

    private static void runAll(Deque<Runnable> later) {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    /** What else is to be done, such as a drill that begins while services are asking anew, has its turn in between. */
    @Test
    void manyServicesFollowAnotherPlanAFewAtATime() {
        Asked asked = new Asked();
        AtomicInteger whenItsTurnCame = new AtomicInteger();
        try (World world = new World(builder -> builder.tier(Tier.of("third", "third.local"), asked)
                .listener(event -> {
                    if (event instanceof Event.Drill) {
                        whenItsTurnCame.compareAndSet(0, asked.questions.get());
                    }
                }))) {
            world.local.says(World.found("10.0.0.1:80"));
            world.clusterset.says(World.found("10.1.0.1:80"));
            IntStream.range(0, 100).forEach(i -> world.discovery.service("s" + i + ".shop"));
            world.discovery.enabled(false);
            asked.questions.set(0);
            asked.first = () -> world.discovery.drill("third", 0, Duration.ofMinutes(1));
            world.discovery.enabled(true);
            assertThat(asked.questions).hasValue(100);
            assertThat(whenItsTurnCame.get()).isBetween(1, 50);
        }
    }

    /** It would ask, and nobody would ever have it rest. */
    @Test
    void whoCameToRestMeanwhileDoesNotFollow() {
        Asked asked = new Asked();
        try (World world = new World(builder -> builder.tier(Tier.of("third", "third.local"), asked))) {
            world.local.says(World.found("10.0.0.1:80"));
            world.clusterset.says(World.found("10.1.0.1:80"));
            IntStream.range(0, 199).forEach(i -> world.discovery.service("s" + i + ".shop"));
            Service last = world.discovery.service("last.shop");
            world.discovery.enabled(false);
            asked.questions.set(0);
            asked.first =
                    () -> world.time.advance(Duration.ofMinutes(10)); // a sweep between the first few and the next
            world.discovery.enabled(true);
            int followed = asked.questions.get();
            assertThat(followed).isBetween(1, 150);
            assertThat(world.discovery.figures().services()).hasSize(followed);
            assertThat(world.discovery.service("last.shop")).isSameAs(last);
            assertThat(asked.questions).as("it comes back when it is used").hasValue(followed + 1);
        }
    }

    /** A source that is silent, and does something when it is first asked. */
    private static final class Asked implements EndpointSource {
        private final AtomicInteger questions = new AtomicInteger();
        private Runnable first = () -> {};

        @Override
        public Watch watch(Question question, Listener listener) {
            if (questions.incrementAndGet() == 1) {
                first.run();
            }
            return () -> {};
        }

        @Override
        public void refresh(Question question, Effort effort) {}

        @Override
        public void close() {}
    }
}
