package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Affinity;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a call allows. Immutable. */
public final class Call {

    /** No call has more attempts than this, however many of them were refused. */
    public static final int MOST_ATTEMPTS = 10;

    /** "For ever" is more nanoseconds than a long holds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Set<String> IDEMPOTENT_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private static final Call IDEMPOTENT =
            new Call(true, 3, Duration.ofSeconds(10), Optional.empty(), Optional.empty(), Failure::of);
    private static final Call ONCE =
            new Call(false, 3, Duration.ofSeconds(10), Optional.empty(), Optional.empty(), Failure::of);

    private final boolean repeatable;
    private final int attempts;
    private final Duration deadline;
    private final Optional<Duration> attemptTimeout;
    private final Optional<Affinity> affinity;
    private final Function<Throwable, Failure> classifier;

    private Call(
            boolean repeatable,
            int attempts,
            Duration deadline,
            Optional<Duration> attemptTimeout,
            Optional<Affinity> affinity,
            Function<Throwable, Failure> classifier) {
        this.repeatable = repeatable;
        this.attempts = attempts;
        this.deadline = deadline;
        this.attemptTimeout = attemptTimeout;
        this.affinity = affinity;
        this.classifier = classifier;
    }

    /** Doing it twice does no harm: any failure may be tried again elsewhere. At most 3 {@link #attempts} in 10 s. */
    public static Call idempotent() {
        return IDEMPOTENT;
    }

    /**
     * Doing it twice may do harm: it is tried again elsewhere only if nothing can have been sent (see {@link Failure}). At
     * most 3 {@link #attempts} in 10 s.
     */
    public static Call once() {
        return ONCE;
    }

    /**
     * By an HTTP method: {@link #idempotent} for those that are (RFC 9110 section 9.2.2), {@link #once} for all others.
     *
     * @param method in capitals, as HTTP has it: {@code GET}
     */
    public static Call ofMethod(String method) {
        return IDEMPOTENT_METHODS.contains(method) ? IDEMPOTENT : ONCE;
    }

    /**
     * The same call with another number of attempts. If it is more than one, an attempt that was refused (nobody listens, no way
     * there: nothing was sent, and no time lost) uses up none of them while there is an endpoint that the call has not met; 10 in
     * all.
     *
     * @throws IllegalArgumentException unless 1 ≤ {@code most} ≤ 10
     */
    public Call attempts(int most) {
        if (most < 1 || most > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts: " + most + " (expected: 1 to " + MOST_ATTEMPTS + ")");
        }
        return new Call(repeatable, most, deadline, attemptTimeout, affinity, classifier);
    }

    /**
     * The same call with another time for all attempts together; no attempt begins after it.
     *
     * @throws IllegalArgumentException unless more than zero
     */
    public Call deadline(Duration total) {
        return new Call(repeatable, attempts, positive("deadline", total), attemptTimeout, affinity, classifier);
    }

    /**
     * The same call with a time for each attempt: enforced by {@code callAsync}, handed to the function by {@code call}.
     * Default: what is left of the deadline; half of that for an idempotent call that may be tried again, so that an
     * endpoint that never answers leaves time to ask another.
     *
     * @throws IllegalArgumentException unless more than zero
     */
    public Call attemptTimeout(Duration each) {
        Optional<Duration> own = Optional.of(positive("attemptTimeout", each));
        return new Call(repeatable, attempts, deadline, own, affinity, classifier);
    }

    /** The same call, whose first attempt goes to the endpoint of this key. */
    public Call affinity(Affinity wish) {
        return new Call(repeatable, attempts, deadline, attemptTimeout, Optional.of(wish), classifier);
    }

    /**
     * The same call, whose exceptions are read by this rule: which of them are the endpoint's failures (5xx, 429), and which
     * the application's own. What the rule throws is contained. Default {@link Failure#of}.
     *
     * <pre>{@code
     * Call.idempotent().classify(e -> e instanceof ServerError error ? Failure.soft("HTTP " + error.status()) : Failure.of(e))
     * }</pre>
     */
    public Call classify(Function<Throwable, Failure> rule) {
        return new Call(repeatable, attempts, deadline, attemptTimeout, affinity, rule);
    }

    /** What an exception says, by the call's rule. */
    Failure read(Throwable thrown) {
        try {
            return Objects.requireNonNull(classifier.apply(thrown), "the rule returned null");
        } catch (Throwable broken) { // an Error too: the attempt must be ended, and a future completed
            return Failure.of(thrown);
        }
    }

    /** Whether it may be done twice. */
    public boolean isIdempotent() {
        return repeatable;
    }

    /** How many attempts at most. */
    public int attempts() {
        return attempts;
    }

    /** The time for all attempts together. */
    public Duration deadline() {
        return deadline;
    }

    /** The time for each attempt, if set. */
    public Optional<Duration> attemptTimeout() {
        return attemptTimeout;
    }

    /** The key its endpoint is chosen by, if any. */
    public Optional<Affinity> affinity() {
        return affinity;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value.compareTo(LONGEST) < 0 ? value : LONGEST;
    }
}
