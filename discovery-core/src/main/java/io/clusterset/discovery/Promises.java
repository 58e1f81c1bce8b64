package io.clusterset.discovery;

import io.clusterset.discovery.model.ServiceName;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Answers that somebody waits for without a thread. Nobody completes what is queued on an executor that is closed: close does.
 * Thread-safe.
 */
final class Promises {

    private final ServiceName name;
    private final Current current;
    private volatile List<CompletableFuture<?>> open = List.of(); // replaced, never edited; guarded by this for writing

    /**
     * None yet.
     *
     * @param name whose
     * @param current knows whether it was closed
     */
    Promises(ServiceName name, Current current) {
        this.name = name;
        this.current = current;
    }

    /** One that fails when the service is closed, or has failed already if it was. */
    <T> CompletableFuture<T> open() {
        CompletableFuture<T> answer = new CompletableFuture<>();
        replace(Stream.of(answer));
        CompletionStage<T> ended = answer;
        ended.whenComplete((value, thrown) -> replace(Stream.empty()));
        if (current.closed()) {
            answer.completeExceptionally(Current.closedException(name));
        }
        return answer;
    }

    private synchronized void replace(Stream<CompletableFuture<?>> more) {
        open = Stream.<CompletableFuture<?>>concat(open.stream().filter(other -> !other.isDone()), more)
                .toList();
    }

    /** What comes of a task that begins on an executor, unless it was given up before. */
    <T> CompletableFuture<T> on(Executor executor, Supplier<CompletableFuture<T>> task) {
        CompletableFuture<T> result = open();
        executor.execute(() -> {
            if (!result.isDone()) {
                follow(task.get(), result);
            }
        });
        return result;
    }

    /** The one who asked gets what becomes of it, and ends it by going away. */
    static <T> void follow(CompletableFuture<T> running, CompletableFuture<T> result) {
        CompletionStage<T> asked = result;
        asked.whenComplete((value, thrown) -> running.cancel(true)); // nothing to cancel unless the caller did
        CompletionStage<T> answer = running;
        answer.whenComplete((value, thrown) -> {
            if (thrown == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(thrown);
            }
        });
    }

    /** Fails all that are open; the service was closed before. */
    void close() {
        open.forEach(answer -> answer.completeExceptionally(Current.closedException(name)));
    }
}
