package io.clusterset.discovery.health;

import io.clusterset.discovery.time.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * How often one endpoint failed in the last ten seconds: a circuit breaker of resilience4j on our clock. Made at the first
 * soft failure and let go when all is calm; in no registry. It only measures: who is left out, and for how long, is decided
 * by {@link Case} and {@link Exclusion}. Thread-safe.
 */
final class SoftFailures {

    static final int TRIAL_ATTEMPTS = 5;

    private static final int WINDOW_SECONDS = 10;
    private static final int FEWEST_CALLS = 20;
    private static final float MOST_FAILURES_PERCENT = 50;

    private final CircuitBreaker breaker;
    private final Exception failed = new Failed();

    /**
     * Begins to measure.
     *
     * @param ticker time
     * @param succeeded what is known to have gone well just before
     */
    SoftFailures(Ticker ticker, int succeeded) {
        breaker = CircuitBreaker.of(
                "endpoint",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.TIME_BASED)
                        .slidingWindowSize(WINDOW_SECONDS)
                        .minimumNumberOfCalls(FEWEST_CALLS)
                        .failureRateThreshold(MOST_FAILURES_PERCENT)
                        .permittedNumberOfCallsInHalfOpenState(TRIAL_ATTEMPTS)
                        .waitDurationInOpenState(Duration.ofDays(1)) // never by itself: see beginTrial
                        .clock(new TickerClock(ticker))
                        .build());
        for (int i = 0; i < succeeded; i++) {
            succeeded();
        }
    }

    void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed() {
        breaker.onError(0, TimeUnit.NANOSECONDS, failed);
    }

    /** Whether half of at least twenty attempts failed; or half of a trial's. */
    boolean tooMany() {
        return breaker.getState() == State.OPEN;
    }

    /** Neither too many nor on trial. */
    boolean few() {
        return breaker.getState() == State.CLOSED;
    }

    /** Whether nothing failed in the window. */
    boolean calm() {
        return few() && breaker.getMetrics().getNumberOfFailedCalls() == 0;
    }

    /** {@code 60 % of 25 calls failed in 10 s}. */
    String words() {
        CircuitBreaker.Metrics seen = breaker.getMetrics();
        int calls = seen.getNumberOfBufferedCalls();
        return calls == 0
                ? "calls failed"
                : Math.round(100f * seen.getNumberOfFailedCalls() / calls) + " % of " + calls + " calls failed in "
                        + WINDOW_SECONDS + " s";
    }

    /** It is left out: nothing is measured until the trial. */
    void leaveOut() {
        breaker.transitionToOpenState();
    }

    /** From now on five attempts decide. */
    void beginTrial() {
        if (breaker.getState() == State.HALF_OPEN) {
            breaker.transitionToOpenState(); // permits of attempts that never ended are given anew
        }
        breaker.transitionToHalfOpenState();
    }

    /** Takes one of the trial's permits. */
    boolean admits() {
        return breaker.getState() == State.HALF_OPEN && breaker.tryAcquirePermission();
    }

    /** Stands for all failures: the breaker counts them and looks at none. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed() {
            super("failed", null, false, false);
        }
    }

    /** A wall clock that is none: it starts at the epoch and goes as the ticker goes. */
    private static final class TickerClock extends Clock {
        private final Ticker ticker;
        private final long start;

        TickerClock(Ticker ticker) {
            this.ticker = ticker;
            this.start = ticker.nanos();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(ticker.nanos() - start);
        }
    }
}
