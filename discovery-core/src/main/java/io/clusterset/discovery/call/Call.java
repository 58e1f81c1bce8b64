package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Affinity;
import java.time.Duration;
import java.util.Optional;

/** What a call allows. Immutable. */
public final class Call {

    private static final Call IDEMPOTENT =
            new Call(true, 3, Duration.ofSeconds(10), Optional.empty(), Optional.empty());
    private static final Call ONCE = new Call(false, 3, Duration.ofSeconds(10), Optional.empty(), Optional.empty());

    private final boolean repeatable;
    private final int attempts;
    private final Duration deadline;
    private final Optional<Duration> attemptTimeout;
    private final Optional<Affinity> affinity;

    private Call(
            boolean repeatable,
            int attempts,
            Duration deadline,
            Optional<Duration> attemptTimeout,
            Optional<Affinity> affinity) {
        this.repeatable = repeatable;
        this.attempts = attempts;
        this.deadline = deadline;
        this.attemptTimeout = attemptTimeout;
        this.affinity = affinity;
    }

    /** Doing it twice does no harm: any failure may be tried again elsewhere. At most 3 attempts in 10 s. */
    public static Call idempotent() {
        return IDEMPOTENT;
    }

    /**
     * Doing it twice may do harm: it is tried again elsewhere only if nothing can have been sent (see {@link Failure}). At
     * most 3 attempts in 10 s.
     */
    public static Call once() {
        return ONCE;
    }

    /**
     * The same call with another number of attempts.
     *
     * @throws IllegalArgumentException unless 1 ≤ {@code most} ≤ 10
     */
    public Call attempts(int most) {
        if (most < 1 || most > 10) {
            throw new IllegalArgumentException("attempts: " + most + " (expected: 1 to 10)");
        }
        return new Call(repeatable, most, deadline, attemptTimeout, affinity);
    }

    /**
     * The same call with another time for all attempts together; no attempt begins after it.
     *
     * @throws IllegalArgumentException unless more than zero
     */
    public Call deadline(Duration total) {
        return new Call(repeatable, attempts, positive("deadline", total), attemptTimeout, affinity);
    }

    /**
     * The same call with a time for each attempt: enforced by {@code callAsync}, handed to the function by {@code call}.
     * Default: what is left of the deadline.
     *
     * @throws IllegalArgumentException unless more than zero
     */
    public Call attemptTimeout(Duration each) {
        return new Call(repeatable, attempts, deadline, Optional.of(positive("attemptTimeout", each)), affinity);
    }

    /** The same call, whose first attempt goes to the endpoint of this key. */
    public Call affinity(Affinity wish) {
        return new Call(repeatable, attempts, deadline, attemptTimeout, Optional.of(wish));
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
        return value;
    }
}
