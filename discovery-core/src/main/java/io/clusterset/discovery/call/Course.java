package io.clusterset.discovery.call;

import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.Backoff;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One call on its way through its attempts; used by one thread after the other. */
final class Course {

    /** To most clients no time at all means endless, and many are told milliseconds. */
    private static final long LEAST = Duration.ofMillis(1).toNanos();

    /** Some clients throw one exception again and again: it must not gather everything that ever happened. */
    private static final int MOST_SUPPRESSED = 20;

    /** Who wishes to be left alone for longer is not asked again: a caller waits for an answer. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final long NEVER = Long.MAX_VALUE; // past every deadline

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(50), LONGEST_PAUSE, 0.5);

    private final Surroundings around;
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
    private Map<InetSocketAddress, Long> notBefore = Map.of(); // of those who wish it, in nanoseconds after it began
    private List<Throwable> failures = List.of();
    private List<String> words = List.of();

    /** Ends the attempt under way, if one is and it is asynchronous. */
    volatile Runnable stop = () -> {};

    Course(Surroundings around, Call call) {
        this.around = around;
        this.call = call;
        this.began = around.ticker().nanos();
    }

    void first() {
        around.budget().called();
        Picker current = around.picker().get();
        if (total().isZero()) {
            throw new DiscoveryException(
                    around.who() + ": the first answer took longer than the call's deadline of " + call.deadline());
        }
        begin(call.affinity().map(current::pick).orElseGet(current::pick));
    }

    private void begin(Candidate next) {
        attempts++;
        candidate = next;
        mark = next.outcomes().began();
        around.counts().began(next.endpoint());
        if (attempts > 1) {
            around.budget().retried();
        }
    }

    private void ended(Outcome outcome) {
        candidate().outcomes().ended(mark, outcome);
        around.counts().ended(endpoint(), outcome);
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
        return began + call.deadline().toNanos() - around.ticker().nanos();
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
        boolean waited = outcome instanceof Outcome.FailedHard how && how.timedOut();
        refused += failure.isRefusal() ? 1 : 0;
        leaving = last || waited ? Optional.of(endpoint().tier()) : Optional.empty();
        if (outcome instanceof Outcome.Abandoned || thrown instanceof Error) {
            return false;
        }
        boolean allowed = call.isIdempotent() || !failure.sent();
        return allowed
                && (attempts < call.attempts() || mayMeetOthers())
                && !isOver()
                && (!failure.sent() || around.budget().retry());
    }

    /** Whether the number of attempts is reached, but not by what was sent. Who asks for one attempt gets one. */
    private boolean mayMeetOthers() {
        return call.attempts() > 1 && attempts - refused < call.attempts() && attempts < Call.MOST_ATTEMPTS;
    }

    private void heed(Duration wish) {
        if (wish.isZero()) {
            return;
        }
        if (notBefore.isEmpty()) {
            notBefore = new HashMap<>();
        }
        boolean never = wish.compareTo(LONGEST_PAUSE) > 0;
        notBefore.put(
                endpoint().socketAddress(), never ? NEVER : around.ticker().nanos() - began + wish.toNanos());
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
        Optional<Candidate> next = elsewhere(around.picker().get())
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
        long now = around.ticker().nanos() - began;
        long soonest = tried.stream()
                .mapToLong(at -> notBefore.getOrDefault(at, now))
                .min()
                .orElse(now);
        long until =
                Math.max(soonest, now + PAUSES.after(rounds, around.random()).toNanos());
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
            long millis = (around.ticker().nanos() - began) / 1_000_000;
            thrown.addSuppressed(new DiscoveryException(around.who() + ": " + failures.size() + " attempts failed in "
                    + millis + " ms (" + String.join("; ", words) + ")"));
        }
        return thrown;
    }

    /**
     * What the calls of one service have in common.
     *
     * @param who the service, for messages
     * @param picker where the current picker is read
     * @param budget of retries
     * @param counts told of every attempt
     * @param ticker time
     * @param random the jitter of pauses
     */
    record Surroundings(
            String who,
            Supplier<Picker> picker,
            RetryBudget budget,
            AttemptSink counts,
            Ticker ticker,
            RandomGenerator random) {}
}
