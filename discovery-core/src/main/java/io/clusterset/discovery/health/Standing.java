package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Verdict;
import org.jspecify.annotations.Nullable;

/** How an endpoint stands: nothing more than a verdict while it is well, a {@link Case} while it is not. */
sealed interface Standing permits Standing.Well, Case {

    Verdict verdict();

    /** How many attempts failed so far, hard or softly. */
    int failed();

    /** What is expected of an attempt that is open, in nanoseconds: longer where one that took longer succeeded after all. */
    long patience();

    /** Where its counters are written besides; null while threads hardly ever meet there. */
    @Nullable
    Stripes stripes();

    /** The same, counting there. */
    Standing striped(Stripes stripes);

    /**
     * Nothing is wrong and nothing under way. All of which there is nothing else to remember share one of two.
     *
     * @param verdict healthy or unknown
     * @param failed see above
     * @param patience see above
     * @param stripes see above
     */
    record Well(
            Verdict verdict,
            int failed,
            long patience,
            @Nullable Stripes stripes) implements Standing {

        static final Well UNKNOWN = new Well(Verdict.UNKNOWN, 0, OpenAttempts.PATIENCE, null);
        private static final Well HEALTHY = new Well(Verdict.HEALTHY, 0, OpenAttempts.PATIENCE, null);

        /** The other with its verdict replaced. */
        static Well of(Verdict verdict, Standing other) {
            boolean plain = other.failed() == 0 && other.patience() == OpenAttempts.PATIENCE && other.stripes() == null;
            if (plain && verdict.equals(Verdict.HEALTHY)) {
                return HEALTHY;
            }
            return plain && verdict.equals(Verdict.UNKNOWN)
                    ? UNKNOWN
                    : new Well(verdict, other.failed(), other.patience(), other.stripes());
        }

        @Override
        public Standing striped(Stripes counters) {
            return new Well(verdict, failed, patience, counters);
        }
    }
}
