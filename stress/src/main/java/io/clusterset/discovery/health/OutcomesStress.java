package io.clusterset.discovery.health;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** No outcome is lost, whatever the serial executor does meanwhile. */
public final class OutcomesStress {

    private OutcomesStress() {}

    /** What began is what succeeded, failed or said nothing. */
    @JCStressTest
    @Outcome(id = "3, 4, 0", expect = Expect.ACCEPTABLE, desc = "all counted, none open")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an outcome was lost or counted twice")
    @State
    public static class EachIsCountedOnce {
        private final Bedside bedside = new Bedside();

        @Actor
        public void one() {
            bedside.succeeds();
            bedside.failsHard();
            bedside.failsSoftly();
            bedside.succeeds();
        }

        @Actor
        public void other() {
            bedside.failsSoftly();
            bedside.looksAround();
            bedside.isAbandoned();
            bedside.succeeds();
            bedside.failsHard();
        }

        @Arbiter
        public void atTheEnd(III_Result result) {
            result.r1 = bedside.endpoint.succeeded();
            result.r2 = bedside.endpoint.failed();
            bedside.looksAround(); // so that the next look sees nothing new, but for what is open
            result.r3 = bedside.endpoint.beat(0) ? 1 : 0;
        }
    }

    /**
     * A failure comes while the breaker of an earlier one is let go as calm. It takes twenty failures to be left out: at the
     * end it is seen how many.
     */
    @JCStressTest
    @Outcome(id = "20", expect = Expect.ACCEPTABLE, desc = "the failure counts")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the failure was lost, or counted twice")
    @State
    public static class FailureMeetsCalm {
        private static final int MORE_THAN_ENOUGH = 30;

        private final Bedside bedside = new Bedside();

        public FailureMeetsCalm() {
            bedside.failsSoftly();
            bedside.pass(20 * Bedside.SECOND);
        }

        @Actor
        public void fails() {
            bedside.failsSoftly();
        }

        @Actor
        public void letsGo() {
            bedside.looksAround();
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            int failures = 1;
            while (isIn() && failures < MORE_THAN_ENOUGH) {
                bedside.failsSoftly();
                failures++;
            }
            result.r1 = failures;
        }

        private boolean isIn() {
            return bedside.endpoint.ill().map(Case::exclusion).stream().allMatch(Exclusion::isIn);
        }
    }
}
