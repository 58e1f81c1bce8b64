package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Picks, calls, reports, and on failure goes elsewhere: at most so many attempts, never the same endpoint twice, the next
 * tier after a connect timeout and always for the last attempt. Thread-safe.
 */
public final class AttemptLoop {

    private final Supplier<Picker> picker;
    private final CompletableFuture<?> settled;
    private final RetryBudget budget;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Executor callbacks;

    /**
     * With where the current picker is read.
     *
     * @param settled done when every tier has answered once or had its time: a call that has nowhere else to go waits for it,
     *     since a tier that is still being asked for the first time may well have an endpoint
     * @param callbacks where the caller's function runs when it was a timer or an answer that called for it
     */
    public AttemptLoop(
            Supplier<Picker> picker,
            CompletableFuture<?> settled,
            RetryBudget budget,
            Ticker ticker,
            Scheduler scheduler,
            Executor callbacks) {
        this.picker = picker;
        this.settled = settled;
        this.budget = budget;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.callbacks = callbacks;
    }

    /**
     * Calls until an attempt succeeds or no other is allowed; the last failure is thrown with the earlier ones suppressed.
     *
     * @throws io.clusterset.discovery.model.DiscoveryException if there is no endpoint to begin with
     */
    public <T, E extends Exception> T run(Call call, TimedCall<T, E> function) throws E {
        Course course = new Course(call);
        Candidate candidate = course.first();
        while (true) {
            try {
                T result = function.on(candidate.endpoint(), course.left());
                candidate.outcomes().ended(new Outcome.Succeeded());
                return result;
            } catch (Throwable thrown) {
                Optional<Candidate> next = Optional.empty();
                if (course.mayGoOn(candidate, thrown)) {
                    boolean allKnown = settled.isDone(); // read before the picker, or a tier found meanwhile is missed
                    next = course.next();
                    if (next.isEmpty() && !allKnown && await(course.left())) {
                        next = course.next();
                    }
                }
                if (next.isEmpty()) {
                    throw thrown; // precise: Error, RuntimeException or E
                }
                candidate = next.get();
            }
        }
    }

    /** Waits until every tier has answered once; false if it took too long or the discovery was closed. */
    private boolean await(Duration most) {
        try {
            settled.get(most.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException none) {
            return false;
        }
    }

    /** As {@link #run}, without a waiting thread; the time of each attempt is enforced. */
    public <T> CompletableFuture<T> runAsync(Call call, Function<Endpoint, ? extends CompletionStage<T>> function) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Course course = new Course(call);
        try {
            attempt(course, course.first(), function, result);
        } catch (RuntimeException nothingToPick) {
            result.completeExceptionally(nothingToPick);
        }
        return result;
    }

    private <T> void attempt(
            Course course,
            Candidate candidate,
            Function<Endpoint, ? extends CompletionStage<T>> function,
            CompletableFuture<T> result) {
        CompletionStage<T> answer;
        try {
            CompletionStage<T> said = function.apply(candidate.endpoint());
            answer = said != null
                    ? said
                    : CompletableFuture.failedFuture(
                            new NullPointerException("the function returned null (expected: a CompletionStage)"));
        } catch (Throwable thrown) {
            answer = CompletableFuture.failedFuture(thrown);
        }
        CompletionStage<T> awaited = answer;
        AtomicBoolean over = new AtomicBoolean();
        Duration left = course.left();
        Scheduler.Pending timeout = scheduler.schedule(left, () -> {
            if (over.compareAndSet(false, true)) {
                TimeoutException late = new TimeoutException("no answer within " + left.toMillis() + " ms");
                callbacks.execute(() -> {
                    failed(course, candidate, late, function, result);
                    awaited.toCompletableFuture().cancel(true);
                });
            }
        });
        answer.whenComplete((value, thrown) -> {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            timeout.cancel();
            if (thrown == null) {
                candidate.outcomes().ended(new Outcome.Succeeded());
                result.complete(value);
            } else {
                failed(course, candidate, unwrapped(thrown), function, result);
            }
        });
    }

    private <T> void failed(
            Course course,
            Candidate candidate,
            Throwable thrown,
            Function<Endpoint, ? extends CompletionStage<T>> function,
            CompletableFuture<T> result) {
        if (result.isDone()) { // cancelled: says nothing of the endpoint
            candidate.outcomes().ended(new Outcome.Abandoned());
            return;
        }
        if (!course.mayGoOn(candidate, thrown)) {
            result.completeExceptionally(thrown);
            return;
        }
        boolean allKnown = settled.isDone(); // as in run
        Optional<Candidate> next = course.next();
        if (next.isEmpty() && !allKnown) {
            CompletionStage<?> everyTier = settled;
            everyTier.whenCompleteAsync(
                    (done, none) -> goOn(course, course.next(), thrown, function, result), callbacks);
        } else {
            goOn(course, next, thrown, function, result);
        }
    }

    private <T> void goOn(
            Course course,
            Optional<Candidate> next,
            Throwable thrown,
            Function<Endpoint, ? extends CompletionStage<T>> function,
            CompletableFuture<T> result) {
        if (next.isPresent()) {
            attempt(course, next.get(), function, result);
        } else {
            result.completeExceptionally(thrown);
        }
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    /** One call on its way through its attempts. */
    private final class Course {
        private final Call call;
        private final long ends;
        private int attempts;
        private Set<InetSocketAddress> tried = Set.of();
        private Optional<String> leaving = Optional.empty();
        private Optional<Throwable> earlier = Optional.empty();

        Course(Call call) {
            this.call = call;
            this.ends = ticker.nanos() + call.deadline().toNanos();
        }

        Candidate first() {
            budget.called();
            Picker current = picker.get();
            Candidate candidate = call.affinity().map(current::pick).orElseGet(current::pick);
            attempts = 1;
            candidate.outcomes().began();
            return candidate;
        }

        /** How long the attempt may take. */
        Duration left() {
            Duration total = Duration.ofNanos(Math.max(0, ends - ticker.nanos()));
            return call.attemptTimeout()
                    .filter(each -> each.compareTo(total) < 0)
                    .orElse(total);
        }

        /** Reports the failure; whether another attempt is allowed. */
        boolean mayGoOn(Candidate candidate, Throwable thrown) {
            Failure failure = Failure.of(thrown);
            candidate.outcomes().ended(failure.outcome());
            earlier.filter(before -> before != thrown).ifPresent(thrown::addSuppressed);
            earlier = Optional.of(thrown);
            if (tried.isEmpty()) {
                tried = new HashSet<>();
            }
            tried.add(candidate.endpoint().socketAddress());
            boolean last = attempts + 1 == call.attempts();
            boolean waited = failure.outcome() instanceof Outcome.FailedHard hard && hard.timedOut();
            leaving = last || waited ? Optional.of(candidate.endpoint().tier()) : Optional.empty();
            if (failure.outcome() instanceof Outcome.Abandoned || thrown instanceof Error) {
                return false;
            }
            boolean allowed = call.isIdempotent() || !failure.sent();
            return allowed
                    && attempts < call.attempts()
                    && ends - ticker.nanos() > 0
                    && (!failure.sent() || budget.retry());
        }

        /** Where to try next, if anywhere. */
        Optional<Candidate> next() {
            Optional<Candidate> next = picker.get().another(tried, leaving);
            next.ifPresent(candidate -> {
                attempts++;
                candidate.outcomes().began();
            });
            return next;
        }
    }
}
