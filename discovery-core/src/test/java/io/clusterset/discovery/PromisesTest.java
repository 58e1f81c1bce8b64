package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.ServiceName;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PromisesTest {

    private static final ServiceName ORDERS = ServiceName.of("orders", "shop");

    private final Current current = new Current(ORDERS);
    private final Promises promises = new Promises(ORDERS, current);
    private final Queue<Runnable> queued = new ArrayDeque<>();

    private void close() {
        current.close();
        promises.close();
    }

    private static String failure(CompletableFuture<?> answer) {
        try {
            return "completed: " + answer.getNow(null);
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause();
            return cause instanceof DiscoveryException ? String.valueOf(cause.getMessage()) : failed.toString();
        }
    }

    @Test
    void whatIsOpenFailsWhenTheServiceIsClosed() {
        CompletableFuture<String> kept = promises.open();
        CompletableFuture<String> open = promises.open();
        CompletableFuture<String> queuedForEver = promises.on(queued::add, CompletableFuture::new);
        kept.complete("here");
        close();
        assertThat(kept).isCompletedWithValue("here");
        assertThat(failure(open)).isEqualTo("orders.shop: the discovery was closed");
        assertThat(failure(queuedForEver)).isEqualTo("orders.shop: the discovery was closed");
    }

    @Test
    void whoComesAfterwardsIsToldAtOnce() {
        close();
        assertThat(failure(promises.open())).isEqualTo("orders.shop: the discovery was closed");
    }

    @Test
    void whatRunsElsewhereIsHandedOnGoodOrBad() {
        CompletableFuture<String> good = promises.on(queued::add, () -> CompletableFuture.completedFuture("good"));
        CompletableFuture<String> bad =
                promises.on(queued::add, () -> CompletableFuture.failedFuture(new DiscoveryException("bad")));
        assertThat(good).isNotDone();
        queued.forEach(Runnable::run);
        assertThat(good).isCompletedWithValue("good");
        assertThat(failure(bad)).isEqualTo("bad");
    }

    @Test
    void whatWasGivenUpBeforeItsTurnIsNotBegun() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<String> result = promises.on(queued::add, () -> {
            begun.complete("begun");
            return begun;
        });
        result.cancel(true);
        queued.remove().run();
        assertThat(begun).isNotDone();
    }

    @Test
    void whoGoesAwayEndsWhatRuns() {
        CompletableFuture<String> running = new CompletableFuture<>();
        CompletableFuture<String> result = promises.on(Runnable::run, () -> running);
        result.cancel(true);
        assertThat(running).isCancelled();
    }
}
