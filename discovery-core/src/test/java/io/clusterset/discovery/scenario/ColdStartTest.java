package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.observe.Explanation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Law 4: a cold caller gets home's answer, or the next tier's soon after, or an error within two seconds. */
class ColdStartTest {

    @Test
    void anAsynchronousCallsDeadlineHoldsForTheFirstAnswerToo() {
        try (World cold = new World()) {
            Service orders = cold.orders();
            CompletableFuture<String> late = orders.callAsync(
                    Call.idempotent().deadline(Duration.ofMillis(300)),
                    endpoint -> CompletableFuture.completedFuture("too late"));
            CompletableFuture<String> inTime = orders.callAsync(
                    Call.idempotent().attempts(1).deadline(Duration.ofMillis(600)),
                    endpoint -> new CompletableFuture<>());
            cold.pass(299);
            assertThat(late).isNotDone();
            cold.pass(1);
            assertThat(late)
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("orders.shop: no first answer within PT0.3S");
            cold.clusterset.says(World.found("10.1.0.1:80"));
            cold.local.says(World.empty());
            cold.pass(200);
            assertThat(inTime).isNotDone();
            cold.pass(101);
            assertThat(inTime).isCompletedExceptionally();
        }
    }

    @Test
    void cancellingACallThatWaitsForTheFirstAnswerEndsIt() {
        try (World cold = new World()) {
            boolean[] called = {false};
            CompletableFuture<String> call = cold.orders().callAsync(Call.idempotent(), endpoint -> {
                called[0] = true;
                return CompletableFuture.completedFuture("");
            });
            assertThat(call.cancel(true)).isTrue();
            cold.local.says(World.found("10.0.0.1:80"));
            cold.pass(100);
            assertThat(called[0]).isFalse();
        }
    }

    private final World world = new World();

    @AfterEach
    void leavesNothingBehind() {
        world.close();
        assertThat(world.time.pending()).isZero();
        assertThat(world.local.watches() + world.clusterset.watches()).isZero();
    }

    private static CompletableFuture<Service> ready(Service service) {
        return service.ready().toCompletableFuture();
    }

    @Test
    void homesAnswerServesAtOnceAndTheNextTierIsAskedBehindIt() {
        world.local.says(World.found("10.0.0.1:80"));
        Service orders = world.orders();
        assertThat(ready(orders)).isDone();
        assertThat(world.call(orders)).isEqualTo("local");
        assertThat(world.clusterset.asked).isEqualTo(1);
    }

    @Test
    void theNextTierIsAskedOnceHomeIsSlowerThanFiftyMilliseconds() {
        world.orders();
        world.pass(49);
        assertThat(world.clusterset.asked).isZero();
        world.pass(1);
        assertThat(world.clusterset.asked).isEqualTo(1);
    }

    @Test
    void homeSilentForFourHundredMillisecondsGivesTheNextTiersAnswer() {
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.pass(399);
        assertThat(ready(orders)).isNotDone();
        world.pass(1);
        assertThat(ready(orders)).isDone();
        assertThat(world.call(orders)).isEqualTo("clusterset");
        world.local.says(World.found("10.0.0.1:80"));
        world.pass(100);
        assertThat(world.call(orders))
                .as("our blindness, not its illness: at once")
                .isEqualTo("local");
    }

    @Test
    void homeThatSaysNothingIsHereGivesTheNextTiersAnswerAtOnce() {
        world.local.says(World.noSuchName());
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        assertThat(world.call(orders)).isEqualTo("clusterset");
    }

    @Test
    void homeThatCannotTellGivesTheNextTiersAnswerAtOnce() {
        world.local.says(World.servfail());
        world.clusterset.says(World.found("10.1.0.1:80"));
        assertThat(world.call(world.orders())).isEqualTo("clusterset");
    }

    @Test
    void silenceEverywhereIsAnErrorWithinTwoSeconds() {
        Service orders = world.orders();
        world.pass(1_999);
        assertThat(ready(orders)).isNotDone();
        world.pass(1);
        assertThatThrownBy(orders::next)
                .isInstanceOf(ResolutionException.class)
                .hasMessage("orders.shop: could not be resolved (local and clusterset: no answer in 2 s)");
        world.clusterset.says(World.found("10.1.0.1:80"));
        world.pass(100);
        assertThat(world.call(orders)).isEqualTo("clusterset");
    }

    @Test
    void whatNoTierHasIsToldApart() {
        world.local.says(World.noSuchName());
        world.clusterset.says(World.noSuchName());
        assertThatThrownBy(() -> world.orders().next()).isInstanceOf(NoSuchServiceException.class);
        world.local.says(World.empty());
        world.pass(100);
        assertThatThrownBy(() -> world.orders().next())
                .isInstanceOf(NoEndpointException.class)
                .hasMessage("orders.shop: no endpoint (local: empty; clusterset: no such name)");
        assertThat(world.orders().endpoints()).isEmpty();
    }

    @Test
    void closingWakesWhoeverWaits() {
        Service orders = world.orders();
        CompletableFuture<Service> waiting = ready(orders);
        world.close();
        assertThat(waiting).isCompletedExceptionally();
        assertThatThrownBy(orders::next)
                .isInstanceOf(DiscoveryException.class)
                .hasMessage("orders.shop: the discovery was closed");
        assertThatThrownBy(() -> world.discovery.service("other.shop")).hasMessageContaining("closed");
    }

    @Test
    void aClosedDiscoverySaysSoToThoseWhoWereWarmAndToThoseWhoRested() {
        world.local.says(World.found("10.0.0.1:80"));
        Service warm = world.orders();
        Service resting = world.discovery.service("carts.shop");
        for (int minute = 0; minute < 30; minute++) {
            assertThat(world.call(warm)).isEqualTo("local");
            world.pass(60_000);
        }
        world.close();
        world.close();
        for (Service service : java.util.List.of(warm, resting)) {
            assertThatThrownBy(service::endpoints).hasMessageContaining("the discovery was closed");
            assertThatThrownBy(service::explain).hasMessageContaining("the discovery was closed");
            assertThat(service.examine(true).toCompletableFuture()).isCompletedExceptionally();
            assertThatThrownBy(() -> service.watch(snapshot -> {})).hasMessageContaining("the discovery was closed");
        }
    }

    @Test
    void anInterruptedCallerIsToldAndKeepsItsFlag() {
        Service orders = world.orders();
        Thread.currentThread().interrupt();
        assertThatThrownBy(orders::next).isInstanceOf(DiscoveryException.class).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** An executor that is shut down with the application drops what was queued. */
    @Test
    void whoWaitsIsToldOfTheEndThoughTheExecutorDropsEverything() {
        World dead = new World(builder -> builder.executor(dropped -> {}));
        Service orders = dead.orders();
        CompletionStage<Service> ready = orders.ready();
        CompletableFuture<String> call =
                orders.callAsync(Call.idempotent(), endpoint -> CompletableFuture.completedFuture("served"));
        CompletionStage<Explanation> examined = orders.examine(false);
        dead.close();
        assertThat(ready.toCompletableFuture()).isCompletedExceptionally();
        assertThat(call).isCompletedExceptionally();
        assertThat(examined.toCompletableFuture()).isCompletedExceptionally();
    }
}
