package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.Sight;
import io.clusterset.discovery.model.Returning;
import io.clusterset.discovery.observe.EventLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who only looks sees what callers go by, and changes nothing by looking. */
class SightTest {

    private final World world = new World();

    SightTest() {
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
    }

    private Sight sight() {
        return world.discovery.sight("orders.shop").orElseThrow();
    }

    private void outage(Service orders) {
        world.kill("10.0.0.1:80");
        for (int i = 0; i < 20; i++) {
            world.call(orders);
            world.pass(100);
        }
        world.down.clear();
    }

    @Test
    void nothingIsSeenOfAServiceThatNobodyUsesAndLookingUsesNone() {
        try (world) {
            assertThat(world.discovery.sight("orders.shop")).isEmpty();

            world.pass(1_000);
            assertThat(world.discovery.figures().services()).isEmpty();
            assertThat(world.local.asked).isZero();
        }
    }

    @Test
    void aNameThatIsNoneIsRefusedAsIfItWereUsed() {
        try (world) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> world.discovery.sight("or ders.shop"))
                    .withMessageContaining("expected");
        }
    }

    /** Of a selection, too, which no name finds. */
    @Test
    void whoHoldsAServiceSeesItWithoutItsName() {
        try (world) {
            Service orders = world.orders();
            Service nobody = orders.selecting("nobody", endpoint -> false);
            assertThat(orders.sight().orElseThrow().decision()).isSameAs(orders.decision());
            assertThat(nobody.sight().orElseThrow().decision())
                    .isSameAs(nobody.decision())
                    .isNotSameAs(orders.decision());
            world.discovery.enabled(false);
            assertThat(orders.sight()).isEmpty();
            world.discovery.enabled(true);
            world.pass(1_000);
            assertThat(orders.sight()).isPresent();
            world.pass(21 * 60_000);
            assertThat(orders.sight()).isEmpty();
        }
    }

    /** A service rests after 10 to 20 minutes without use, however often somebody looks. */
    @Test
    void lookingKeepsNoServiceInUse() {
        try (world) {
            Service orders = world.orders();
            orders.next().close();
            assertThat(sight().decision()).isSameAs(orders.decision());
            for (int minute = 0; minute < 21; minute++) {
                world.discovery.sight("orders.shop").ifPresent(Sight::explain);
                world.pass(60_000);
            }

            assertThat(world.discovery.sight("orders.shop")).isEmpty();
            assertThat(world.discovery.figures().services()).isEmpty();
        }
    }

    @Test
    void itExplainsAsTheServiceDoes() {
        try (world) {
            Service orders = world.orders();
            orders.next().close();
            world.pass(200);
            Duration ago = Duration.ofMillis(190);
            Sight seen = sight();

            assertThat(seen.explain().toString()).isEqualTo(orders.explain().toString());
            assertThat(seen.explainPast(ago).toString())
                    .isEqualTo(orders.explainPast(ago).toString());
            assertThatIllegalArgumentException().isThrownBy(() -> seen.explainPast(Duration.ofMillis(-1)));
            assertThat(seen.now()).isEqualTo(world.time.nanos());
        }
    }

    /** Sixteen events are a story, a timeline has what there is. */
    @Test
    void itHasMoreEventsThanTheStoryTells() {
        try (world) {
            Service orders = world.orders();
            for (int i = 0; i < 10; i++) {
                outage(orders);
                world.pass(60_000);
                orders.next().close();
            }

            assertThat(sight().explain().events())
                    .hasSizeGreaterThan(40)
                    .isSortedAccordingTo((one, other) -> Long.compare(one.at(), other.at()))
                    .extracting(EventLog.Timed::kind)
                    .contains("load", "return", "verdict");
            assertThat(sight().explain().recent()).hasSize(16);
        }
    }

    @Test
    void theClockOfAReturnThatIsUnderWayIsSeen() {
        try (world) {
            Service orders = world.orders();
            outage(orders);
            for (int i = 0; i < 300 && sight().decision().returning().isEmpty(); i++) {
                world.pass(100);
            }
            Returning dwell = sight().decision().returning().get(0);

            assertThat(dwell.dwells()).isTrue();
            assertThat(dwell.tier()).isEqualTo("local");
            assertThat(dwell.left(world.time.nanos())).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(36));
        }
    }
}
