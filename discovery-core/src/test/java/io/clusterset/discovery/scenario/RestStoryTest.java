package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A service that nobody uses rests; what it knew must help who wakes it, and must not mislead. */
class RestStoryTest {

    private static final Duration A_REST = Duration.ofMinutes(25);
    private static final Duration FORGOTTEN = Duration.ofHours(25);

    private final World world = new World();

    private CompletableFuture<String> callAsync(Service service) {
        return service.callAsync(
                Call.idempotent(),
                endpoint -> world.down.contains(endpoint.socketAddress())
                        ? CompletableFuture.failedFuture(new ConnectException("Connection refused"))
                        : CompletableFuture.completedFuture(endpoint.tier()));
    }

    @Test
    void aCallThatWakesItGoesOnToATierThatHasNotAnsweredYet() {
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        assertThat(world.call(orders)).isEqualTo("local");
        world.time.advance(FORGOTTEN);
        world.kill("10.0.0.1:80");
        world.clusterset.fallsSilent();
        CompletableFuture<String> call = callAsync(orders);
        assertThat(call).isNotDone();
        world.pass(200);
        world.clusterset.says(World.found("10.1.0.1:80"));
        assertThat(call).isCompletedWithValue("clusterset");
    }

    @Test
    void nothingHereIsNotBelievedForHours() {
        world.local.says(World.noSuchName());
        world.clusterset.says(World.noSuchName());
        Service orders = world.orders();
        assertThat(callAsync(orders)).isCompletedExceptionally();
        world.time.advance(A_REST);
        world.local.fallsSilent();
        world.clusterset.fallsSilent();
        CompletableFuture<String> call = callAsync(orders);
        world.pass(20);
        assertThat(call).isNotDone();
        world.local.says(World.found("10.0.0.1:80"));
        assertThat(call).isCompletedWithValue("local");
    }

    @Test
    void nothingAtHomeDoesNotKeepWhoWakesItFromTheNextTier() {
        world.local.says(World.noSuchName());
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        assertThat(world.call(orders)).isEqualTo("clusterset");
        world.time.advance(A_REST);
        world.local.fallsSilent();
        world.clusterset.fallsSilent();
        assertThat(world.call(orders)).isEqualTo("clusterset");
    }

    @Test
    void aSelectionIsToldOfTheEndThoughItsServiceRests() {
        world.local.says(World.found("10.0.0.1:80"));
        world.clusterset.says(World.noSuchName());
        Service some = world.orders().selecting("some", endpoint -> true);
        for (int minute = 0; minute < 30; minute++) {
            some.next().close();
            world.pass(60_000);
        }
        CompletableFuture<String> call =
                some.callAsync(Call.idempotent().deadline(Duration.ofHours(1)), endpoint -> new CompletableFuture<>());
        assertThat(call).isNotDone();
        world.close();
        assertThat(call).isCompletedExceptionally();
    }
}
