package io.clusterset.discovery.call;

import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks, calls, reports, and on failure goes elsewhere: at most so many attempts, not counting those that were refused while
 * there are endpoints that the call has not met; the next tier after a connect timeout and always for the last attempt; the same
 * endpoint again only when everything has been tried, and then after a pause.
 * Thread-safe.
 */
public final class AttemptLoop {

    private final Course.Surroundings around;
    private final Supplier<? extends CompletableFuture<?>> settled;
    private final Scheduler scheduler;
    private final Sleeper sleeper;
    private final Executor callbacks;

    /** Answers that are still awaited: a future's dependents would pile up on one that completes at the very end only. */
    private volatile @Nullable Map<Course, CompletableFuture<?>> awaited; // null before the first: most loops have none

    /**
     * With where the current picker is read.
     *
     * @param who the service, for messages
     * @param settled gives what is done when every tier has answered once or had its time: a call that has nowhere else to go
     *     waits for it, since a tier that is still being asked for the first time may well have an endpoint
     * @param counts told of every attempt
     * @param callbacks where the caller's function runs when it was a timer or an answer that called for it
     * @param random the jitter of pauses
     */
    public AttemptLoop(
            String who,
            Supplier<Picker> picker,
            Supplier<? extends CompletableFuture<?>> settled,
            RetryBudget budget,
            AttemptSink counts,
            Ticker ticker,
            Scheduler scheduler,
            Sleeper sleeper,
            Executor callbacks,
            RandomGenerator random) {
        this.around = new Course.Surroundings(who, picker, budget, counts, ticker, random);
        this.settled = settled;
        this.scheduler = scheduler;
        this.sleeper = sleeper;
        this.callbacks = callbacks;
    }

    /**
     * Calls until an attempt succeeds or no other is allowed. The last failure is thrown; suppressed in it are the earlier
     * ones and, if there were any, one {@link DiscoveryException} that says in a sentence what was tried.
     *
     * @throws DiscoveryException if there is no endpoint to begin with
     */
    public <T, E extends Exception> T run(Call call, TimedCall<T, E> function) throws E {
        Course course = new Course(around, call);
        course.first();
        while (true) {
            try {
                T result = function.on(course.endpoint(), course.left());
                course.succeeded();
                return result;
            } catch (Throwable thrown) {
                if (!course.mayGoOn(thrown) || !goOn(course)) {
                    course.conclude(thrown);
                    throw thrown; // precise: Error, RuntimeException or E
                }
            }
        }
    }

    /** Whether there is somewhere else to go; waits for a tier that has not answered yet, or out the pause of a new round. */
    private boolean goOn(Course course) {
        boolean allKnown = settled.get().isDone(); // read before the picker, or a tier found meanwhile is missed
        if (course.next(allKnown) || (!allKnown && await(course.total()) && course.next(true))) {
            return true;
        }
        Optional<Duration> pause = course.newRound();
        return pause.isPresent() && pause(pause.get()) && course.next(true);
    }

    /** Waits until every tier has answered once; false if it took too long or the discovery was closed. */
    private boolean await(Duration most) {
        try {
            settled.get().get(most.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException none) {
            return false;
        }
    }

    private boolean pause(Duration time) {
        try {
            sleeper.sleep(time);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * As {@link #run}, without a waiting thread; the time of each attempt is enforced. An attempt whose answer nobody waits
     * for any more, because the future was cancelled or completed by somebody else, is cancelled and says nothing.
     */
    public <T> CompletableFuture<T> runAsync(Call call, Function<Endpoint, ? extends CompletionStage<T>> function) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Course course = new Course(around, call);
        Map<Course, CompletableFuture<?>> open = awaited();
        open.put(course, result);
        CompletionStage<T> watched = result;
        watched.whenComplete((value, thrown) -> {
            open.remove(course);
            course.stop.run();
        });
        try {
            course.first();
            attempt(course, function, result);
        } catch (RuntimeException nothingToPick) {
            result.completeExceptionally(nothingToPick);
        }
        return result;
    }

    /** Nothing will happen any more, timers included: whoever awaits an answer is told. */
    public void close() {
        awaited()
                .values()
                .forEach(result -> result.completeExceptionally(
                        new DiscoveryException(around.who() + ": the discovery was closed")));
    }

    private Map<Course, CompletableFuture<?>> awaited() {
        Map<Course, CompletableFuture<?>> open = awaited;
        if (open == null) {
            synchronized (this) {
                open = awaited;
                if (open == null) {
                    open = new ConcurrentHashMap<>();
                    awaited = open;
                }
            }
        }
        return open;
    }

    private <T> void attempt(
            Course course, Function<Endpoint, ? extends CompletionStage<T>> function, CompletableFuture<T> result) {
        CompletionStage<T> answer;
        try {
            CompletionStage<T> said = function.apply(course.endpoint());
            answer = said != null
                    ? said
                    : CompletableFuture.failedFuture(
                            new NullPointerException("the function returned null (expected: a CompletionStage)"));
        } catch (Throwable thrown) {
            answer = CompletableFuture.failedFuture(thrown);
        }
        CompletionStage<T> asked = answer;
        AtomicBoolean over = new AtomicBoolean();
        Duration left = course.left();
        Scheduler.Pending timeout = scheduler.schedule(left, () -> {
            if (over.compareAndSet(false, true)) {
                TimeoutException late = new TimeoutException("no answer within " + left.toMillis() + " ms");
                callbacks.execute(() -> {
                    failed(course, late, function, result);
                    asked.toCompletableFuture().cancel(true);
                });
            }
        });
        course.stop = () -> {
            if (over.compareAndSet(false, true)) {
                timeout.cancel();
                course.abandoned();
                asked.toCompletableFuture().cancel(true);
            }
        };
        answer.whenComplete((value, thrown) -> {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            timeout.cancel();
            if (thrown == null) {
                course.succeeded();
                result.complete(value);
            } else {
                failed(course, unwrapped(thrown), function, result);
            }
        });
        if (result.isDone()) { // while this attempt was being made
            course.stop.run();
        }
    }

    private <T> void failed(
            Course course,
            Throwable thrown,
            Function<Endpoint, ? extends CompletionStage<T>> function,
            CompletableFuture<T> result) {
        if (result.isDone()) { // cancelled: says nothing of the endpoint
            course.abandoned();
            return;
        }
        if (!course.mayGoOn(thrown)) {
            result.completeExceptionally(course.conclude(thrown));
            return;
        }
        boolean allKnown = settled.get().isDone(); // as in goOn
        if (course.next(allKnown)) {
            attempt(course, function, result);
        } else if (allKnown) {
            newRound(course, thrown, function, result);
        } else {
            AtomicBoolean over = new AtomicBoolean();
            Scheduler.Pending tooLate = scheduler.schedule(course.total(), () -> {
                if (over.compareAndSet(false, true)) {
                    callbacks.execute(() -> result.completeExceptionally(course.conclude(thrown)));
                }
            });
            CompletionStage<?> everyTier = settled.get();
            everyTier.whenCompleteAsync(
                    (done, none) -> {
                        if (!over.compareAndSet(false, true)) {
                            return;
                        }
                        tooLate.cancel();
                        if (result.isDone()) {
                            return;
                        }
                        if (course.next(true)) {
                            attempt(course, function, result);
                        } else {
                            newRound(course, thrown, function, result);
                        }
                    },
                    callbacks);
        }
    }

    private <T> void newRound(
            Course course,
            Throwable thrown,
            Function<Endpoint, ? extends CompletionStage<T>> function,
            CompletableFuture<T> result) {
        Optional<Duration> pause = course.newRound();
        if (pause.isEmpty()) {
            result.completeExceptionally(course.conclude(thrown));
            return;
        }
        Scheduler.Pending round = scheduler.schedule(
                pause.get(),
                () -> callbacks.execute(() -> {
                    if (!result.isDone() && course.next(true)) {
                        attempt(course, function, result);
                    } else {
                        result.completeExceptionally(course.conclude(thrown));
                    }
                }));
        course.stop = round::cancel;
        if (result.isDone()) { // meanwhile
            round.cancel();
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }
}
