package io.clusterset.discovery;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * How callers wait while there is nothing to read in {@link Current} yet: on their thread, or with none. Whatever comes first
 * ends the wait: an answer, good or bad, the time they have, or the end of the discovery. Thread-safe.
 */
final class FirstAnswer {

    private static final Duration PATIENCE = Duration.ofMillis(2_500); // a decision is made after 2 s

    private final ServiceName name;
    private final Current current;
    private final Promises promises;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Executor callbacks;
    private final Runnable use;

    /**
     * Of one service.
     *
     * @param callbacks where callers' code runs
     * @param use has the service ask, if it has come to rest
     */
    FirstAnswer(
            ServiceName name,
            Current current,
            Promises promises,
            Ticker ticker,
            Scheduler scheduler,
            Executor callbacks,
            Runnable use) {
        this.name = name;
        this.current = current;
        this.promises = promises;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.callbacks = callbacks;
        this.use = use;
    }

    /**
     * Blocks.
     *
     * @throws DiscoveryException if the discovery was closed, the thread was interrupted, or nothing came
     */
    Picker await() {
        CompletableFuture<Picker> first = current.first();
        use.run(); // once more, as in ready()
        try {
            return first.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(name + ": interrupted while waiting for the first answer", interrupted);
        } catch (ExecutionException failed) {
            throw Current.closedException(name);
        } catch (TimeoutException late) {
            throw new DiscoveryException(
                    name + ": no decision in " + PATIENCE
                            + " (is the discovery's executor blocked, or are too many new names looked up at once?)",
                    late);
        }
    }

    /** Completes with this when there is one; fails only if the discovery is closed before. */
    <T> CompletionStage<T> ready(T answered) {
        CompletableFuture<T> ready = promises.open();
        CompletionStage<Picker> first = current.first();
        use.run(); // only now: the one to wait for, or it comes to rest in between and nobody wakes it
        // the user's continuation must not run on the thread that everything else needs
        first.whenCompleteAsync(
                (picker, closed) -> {
                    if (closed == null) {
                        ready.complete(answered);
                    } else {
                        ready.completeExceptionally(Current.closedException(name));
                    }
                },
                callbacks);
        return ready;
    }

    /**
     * What comes of a call that waits for it; its deadline holds for the wait, too.
     *
     * @param begin makes the call with what time is left
     */
    <T> CompletableFuture<T> before(Call call, Function<Call, CompletableFuture<T>> begin) {
        CompletableFuture<T> result = new CompletableFuture<>();
        long began = ticker.nanos();
        Scheduler.Pending tooLate = scheduler.schedule(
                call.deadline(), () -> callbacks.execute(() -> result.completeExceptionally(none(call.deadline()))));
        ready(call).whenComplete((waited, closed) -> {
            tooLate.cancel();
            Duration left = call.deadline().minusNanos(ticker.nanos() - began);
            if (closed != null) {
                result.completeExceptionally(Current.closedException(name));
            } else if (!result.isDone() && !left.isNegative() && !left.isZero()) {
                Promises.follow(begin.apply(waited.deadline(left)), result);
            } else {
                result.completeExceptionally(none(call.deadline()));
            }
        });
        return result;
    }

    private DiscoveryException none(Duration within) {
        return new DiscoveryException(name + ": no first answer within " + within);
    }
}
