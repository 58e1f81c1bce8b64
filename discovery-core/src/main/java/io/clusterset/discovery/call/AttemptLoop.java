package io.clusterset.discovery.call;

import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Picks, calls, reports, and on failure goes elsewhere: at most so many attempts, not counting those that were refused while
 * there are endpoints that the call has not met; the next tier after a connect timeout and always for the last attempt; the same
 * endpoint again only when everything has been tried, and then after a pause.
 * Thread-safe.
 */
public final class AttemptLoop {

    /** To most clients no time at all means endless, and many are told milliseconds. */
    private static final long LEAST = Duration.ofMillis(1).toNanos();

    /** Some clients throw one exception again and again: it must not gather everything that ever happened. */
    private static final int MOST_SUPPRESSED = 20;

    /** With those that sent nothing, which the caller's number does not count. */
    private static final int MOST_ATTEMPTS = 10;

    /** Who wishes to be left alone for longer is not asked again: a caller waits for an answer. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final long NEVER = Long.MAX_VALUE; // past every deadline

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(50), LONGEST_PAUSE, 0.5);

    private final String who;
    private final Supplier<Picker> picker;
    private final Supplier<? extends CompletableFuture<?>> settled;
    private final RetryBudget budget;
    private final AttemptSink counts;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Sleeper sleeper;
    private final Executor callbacks;
    private final RandomGenerator random;

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
        this.who = who;
        this.picker = picker;
        this.settled = settled;
        this.budget = budget;
        this.counts = counts;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.sleeper = sleeper;
        this.callbacks = callbacks;
        this.random = random;
    }

    /**
     * Calls until an attempt succeeds or no other is allowed. The last failure is thrown; suppressed in it are the earlier
     * ones and, if there were any, one {@link DiscoveryException} that says in a sentence what was tried.
     *
     * @throws DiscoveryException if there is no endpoint to begin with
     */
    public <T, E extends Exception> T run(Call call, TimedCall<T, E> function) throws E {
        Course course = new Course(call);
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
        Course course = new Course(call);
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
                .forEach(result ->
                        result.completeExceptionally(new DiscoveryException(who + ": the discovery was closed")));
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

    /** One call on its way through its attempts; used by one thread after the other. */
    private final class Course {
        private final Call call;
        private final long began;
        private int attempts;
        private int refused; // of them; nobody was met, nothing sent, no time lost
        private int rounds;
        private @Nullable Candidate candidate;
        private long mark;
        private Set<InetSocketAddress> tried = Set.of(); // in this round
        private Set<InetSocketAddress> met = Set.of(); // in rounds before
        private Optional<String> leaving = Optional.empty();
        private Map<InetSocketAddress, Long> notBefore =
                Map.of(); // of those who wish it, in nanoseconds after it began
        private List<Throwable> failures = List.of();
        private List<String> words = List.of();

        /** Ends the attempt under way, if one is and it is asynchronous. */
        private volatile Runnable stop = () -> {};

        Course(Call call) {
            this.call = call;
            this.began = ticker.nanos();
        }

        void first() {
            budget.called();
            Picker current = picker.get();
            if (total().isZero()) {
                throw new DiscoveryException(
                        who + ": the first answer took longer than the call's deadline of " + call.deadline());
            }
            begin(call.affinity().map(current::pick).orElseGet(current::pick));
        }

        private void begin(Candidate next) {
            attempts++;
            candidate = next;
            mark = next.outcomes().began();
            counts.began(next.endpoint());
            if (attempts > 1) {
                budget.retried();
            }
        }

        private void ended(Outcome outcome) {
            candidate().outcomes().ended(mark, outcome);
            counts.ended(endpoint(), outcome);
        }

        private Candidate candidate() {
            return Objects.requireNonNull(candidate, "no attempt has begun");
        }

        Endpoint endpoint() {
            return candidate().endpoint();
        }

        void succeeded() {
            ended(new Outcome.Succeeded());
        }

        void abandoned() {
            ended(new Outcome.Abandoned());
        }

        /** What is left for all attempts. */
        Duration total() {
            return Duration.ofNanos(Math.max(0, totalNanos()));
        }

        private long totalNanos() {
            return began + call.deadline().toNanos() - ticker.nanos();
        }

        /**
         * How long the attempt may take: half of what is left while it may be done again, so that there is time to. In numbers,
         * since every call asks, and dividing a Duration takes a BigDecimal.
         */
        Duration left() {
            long total = totalNanos();
            long mine = call.isIdempotent() && mayBeFollowed() ? total / 2 : total;
            long wished = call.attemptTimeout().map(Duration::toNanos).orElse(mine);
            return Duration.ofNanos(Math.max(LEAST, Math.min(wished, total)));
        }

        /** Whether another attempt may come after this one, for all that is known: in a further round everybody has been met. */
        private boolean mayBeFollowed() {
            return attempts < call.attempts() || (rounds == 0 && mayMeetOthers());
        }

        /** Whether there is no time for another attempt. */
        private boolean isOver() {
            return totalNanos() < LEAST;
        }

        /** Reports the failure; whether another attempt is allowed. */
        boolean mayGoOn(Throwable thrown) {
            Failure failure = call.read(thrown);
            Outcome outcome = failure.outcome();
            ended(outcome);
            remember(thrown, outcome);
            heed(failure.notBefore());
            boolean last = attempts + 1 >= call.attempts(); // and those beyond go to the tiers by turns
            boolean hard = outcome instanceof Outcome.FailedHard;
            boolean waited = outcome instanceof Outcome.FailedHard how && how.timedOut();
            refused += hard && !waited && !failure.sent() ? 1 : 0;
            leaving = last || waited ? Optional.of(endpoint().tier()) : Optional.empty();
            if (outcome instanceof Outcome.Abandoned || thrown instanceof Error) {
                return false;
            }
            boolean allowed = call.isIdempotent() || !failure.sent();
            return allowed
                    && (attempts < call.attempts() || mayMeetOthers())
                    && !isOver()
                    && (!failure.sent() || budget.retry());
        }

        /** Whether the number of attempts is reached, but not by what was sent. Who asks for one attempt gets one. */
        private boolean mayMeetOthers() {
            return call.attempts() > 1 && attempts - refused < call.attempts() && attempts < MOST_ATTEMPTS;
        }

        private void heed(Duration wish) {
            if (wish.isZero()) {
                return;
            }
            if (notBefore.isEmpty()) {
                notBefore = new HashMap<>();
            }
            boolean never = wish.compareTo(LONGEST_PAUSE) > 0;
            notBefore.put(endpoint().socketAddress(), never ? NEVER : ticker.nanos() - began + wish.toNanos());
        }

        private void remember(Throwable thrown, Outcome outcome) {
            if (tried.isEmpty() && failures.isEmpty()) { // most calls need none of this
                tried = new HashSet<>();
                failures = new ArrayList<>();
                words = new ArrayList<>();
            }
            tried.add(endpoint().socketAddress());
            failures.add(thrown);
            words.add(endpoint() + ": " + words(outcome));
        }

        private static String words(Outcome outcome) {
            if (outcome instanceof Outcome.FailedHard hard) {
                return hard.reason();
            } else if (outcome instanceof Outcome.FailedSoft softly) {
                return softly.reason();
            }
            return outcome instanceof Outcome.FailedOtherwise otherwise ? otherwise.reason() : "abandoned";
        }

        /**
         * Goes where to try next, if anywhere.
         *
         * @param allKnown whether every tier has answered; if not, an attempt that should leave its tier had better wait
         */
        boolean next(boolean allKnown) {
            if (isOver()) { // pausing or waiting took longer than it should
                return false;
            }
            Optional<Candidate> next = elsewhere(picker.get())
                    .filter(candidate -> allKnown
                            || !leaving.equals(Optional.of(candidate.endpoint().tier())));
            next.ifPresent(this::begin);
            return next.isPresent();
        }

        /** Whoever became known during a pause goes before those that have failed already. */
        private Optional<Candidate> elsewhere(Picker now) {
            if (met.isEmpty()) {
                return now.another(tried, leaving);
            }
            Set<InetSocketAddress> ever = new HashSet<>(met);
            ever.addAll(tried);
            Optional<Candidate> stranger = now.another(ever, leaving);
            return stranger.isPresent() || attempts >= call.attempts() ? stranger : now.another(tried, leaving);
        }

        /**
         * Everything has been tried: how long to wait before all of it may be tried again, but for those who wish to be left alone
         * for longer; empty if that makes no sense.
         */
        Optional<Duration> newRound() {
            if (attempts >= call.attempts()) {
                return Optional.empty();
            }
            leaving = Optional.empty();
            rounds++;
            long now = ticker.nanos() - began;
            long soonest = tried.stream()
                    .mapToLong(at -> notBefore.getOrDefault(at, now))
                    .min()
                    .orElse(now);
            long until = Math.max(soonest, now + PAUSES.after(rounds, random).toNanos());
            met = new HashSet<>(met);
            met.addAll(tried);
            tried = tried.stream()
                    .filter(at -> notBefore.getOrDefault(at, now) > until)
                    .collect(Collectors.toCollection(HashSet::new));
            Duration pause = Duration.ofNanos(until - now);
            // whether anybody is left is asked once it is over: asking is taking, where a guard counts
            return pause.compareTo(total()) < 0 ? Optional.of(pause) : Optional.empty();
        }

        /** Tells the last failure of those before it; returns it. */
        Throwable conclude(Throwable thrown) {
            if (failures.size() > 1 && thrown.getSuppressed().length < MOST_SUPPRESSED) {
                failures.stream().distinct().filter(before -> before != thrown).forEach(thrown::addSuppressed);
                long millis = (ticker.nanos() - began) / 1_000_000;
                thrown.addSuppressed(new DiscoveryException(who + ": " + failures.size() + " attempts failed in "
                        + millis + " ms (" + String.join("; ", words) + ")"));
            }
            return thrown;
        }
    }
}
