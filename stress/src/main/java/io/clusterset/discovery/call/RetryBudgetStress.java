package io.clusterset.discovery.call;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** One retry for two calls: whoever asks when, eight calls are worth four retries and no more. */
public final class RetryBudgetStress {

    private static final BudgetOptions HALF =
            BudgetOptions.builder().percent(50).perSecond(0).build();

    private RetryBudgetStress() {}

    /** Two threads call and retry. */
    @JCStressTest
    @Outcome(id = "4", expect = Expect.ACCEPTABLE, desc = "four retries for eight calls")
    @Outcome(expect = Expect.FORBIDDEN, desc = "more retries than were earned, or a call that earned none")
    @State
    public static class NoMoreThanEarned {
        private final RetryBudget budget = new RetryBudget(() -> HALF, () -> 0);
        private int one;
        private int other;

        @Actor
        public void one() {
            one = fourCalls();
        }

        @Actor
        public void other() {
            other = fourCalls();
        }

        private int fourCalls() {
            int retries = 0;
            for (int i = 0; i < 4; i++) {
                budget.called();
                retries += budget.retry() ? 1 : 0;
            }
            return retries;
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            int left = 0;
            while (budget.retry()) {
                left++;
            }
            result.r1 = one + other + left;
        }
    }
}
