package io.clusterset.discovery.failover;

import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.util.List;

/** How traffic leaves a tier and comes back. Immutable. */
public final class FailoverOptions {

    private static final FailoverOptions DEFAULTS = new Builder().build();

    private final Duration dwell;
    private final List<Integer> steps;
    private final Duration stepInterval;

    private FailoverOptions(Builder builder) {
        dwell = builder.dwell;
        steps = builder.steps;
        stepInterval = builder.stepInterval;
    }

    /** Dwell 30 s, steps 5, 25, 50, 100 %, 20 s apart. */
    public static FailoverOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder().dwell(dwell).steps(steps).stepInterval(stepInterval);
    }

    /** How long a tier must be well before traffic comes back. */
    public Duration dwell() {
        return dwell;
    }

    /** The percentages of its target that come back, one after the other. */
    public List<Integer> steps() {
        return steps;
    }

    /** The time between two steps. */
    public Duration stepInterval() {
        return stepInterval;
    }

    /** Builds {@link FailoverOptions}. Not thread-safe. */
    public static final class Builder {
        private static final DurationRange RANGE = new DurationRange(Duration.ZERO, Duration.ofMinutes(5));

        private Duration dwell = Duration.ofSeconds(30);
        private List<Integer> steps = List.of(5, 25, 50, 100);
        private Duration stepInterval = Duration.ofSeconds(20);

        private Builder() {}

        /**
         * How long a tier must be well before its traffic begins to come back, ± 20 % per process. Default 30 s; from 0 to 5
         * min. Doubles after a return that failed, up to 5 min.
         */
        public Builder dwell(Duration time) {
            dwell = time;
            return this;
        }

        /** The percentages of its target that come back, rising, the last 100. Default 5, 25, 50, 100. */
        public Builder steps(List<Integer> percentages) {
            steps = List.copyOf(percentages);
            return this;
        }

        /** The time between two steps. Default 20 s; from 0 to 5 min. */
        public Builder stepInterval(Duration time) {
            stepInterval = time;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of range; the text names it and what was expected
         */
        public FailoverOptions build() {
            RANGE.check("dwell", dwell);
            RANGE.check("stepInterval", stepInterval);
            int before = 0;
            for (int step : steps) {
                if (step <= before) {
                    throw refused();
                }
                before = step;
            }
            if (before != 100) {
                throw refused();
            }
            return new FailoverOptions(this);
        }

        private IllegalArgumentException refused() {
            return new IllegalArgumentException("steps: " + steps
                    + " (expected: rising percentages from 1, the last 100, such as [5, 25, 50, 100])");
        }
    }
}
