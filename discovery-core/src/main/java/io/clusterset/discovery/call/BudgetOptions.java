package io.clusterset.discovery.call;

/** How many retries a service's calls may cost. Immutable. */
public final class BudgetOptions {

    private static final BudgetOptions DEFAULTS = new Builder().build();

    private final int percent;
    private final int perSecond;

    private BudgetOptions(Builder builder) {
        percent = builder.percent;
        perSecond = builder.perSecond;
    }

    /** 20 % of the calls plus 10 a second. */
    public static BudgetOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder().percent(percent).perSecond(perSecond);
    }

    /** Retries per hundred calls. */
    public int percent() {
        return percent;
    }

    /** Retries a second, whatever the calls. */
    public int perSecond() {
        return perSecond;
    }

    /** Builds {@link BudgetOptions}. Not thread-safe. */
    public static final class Builder {
        private int percent = 20;
        private int perSecond = 10;

        private Builder() {}

        /**
         * Retries per hundred calls of the last ten seconds. Default 20; from 0 to 100. Attempts after a connect failure
         * cost nothing: nothing was sent.
         */
        public Builder percent(int ofCalls) {
            percent = ofCalls;
            return this;
        }

        /** Retries a second that are allowed besides, so that rare calls may be retried too. Default 10; from 0 to 1000. */
        public Builder perSecond(int retries) {
            perSecond = retries;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of range; the text names it and what was expected
         */
        public BudgetOptions build() {
            check("percent", percent, 100);
            check("perSecond", perSecond, 1_000);
            return new BudgetOptions(this);
        }

        private static void check(String name, int value, int most) {
            if (value < 0 || value > most) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + most + ")");
            }
        }
    }
}
