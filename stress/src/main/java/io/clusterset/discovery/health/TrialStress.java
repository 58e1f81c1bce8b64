package io.clusterset.discovery.health;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A trial is five attempts, however many ask, and they decide. */
public final class TrialStress {

    private TrialStress() {}

    private static int admitted(SoftFailures measured, int asked) {
        int admitted = 0;
        for (int i = 0; i < asked; i++) {
            admitted += measured.admits() ? 1 : 0;
        }
        return admitted;
    }

    /** Eight ask at once. */
    @JCStressTest
    @Outcome(id = "5", expect = Expect.ACCEPTABLE, desc = "five of eight")
    @Outcome(expect = Expect.FORBIDDEN, desc = "more or fewer permits than a trial has")
    @State
    public static class FiveOfEight {
        private final SoftFailures measured = new SoftFailures(() -> 0, 0);
        private int one;
        private int other;

        public FiveOfEight() {
            measured.leaveOut();
            measured.beginTrial();
        }

        @Actor
        public void one() {
            one = admitted(measured, 4);
        }

        @Actor
        public void other() {
            other = admitted(measured, 4);
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            result.r1 = one + other;
        }
    }

    /** A trial whose permits are all taken is begun anew while somebody asks. */
    @JCStressTest
    @Outcome(id = "5", expect = Expect.ACCEPTABLE, desc = "five more")
    @Outcome(expect = Expect.FORBIDDEN, desc = "more or fewer permits than a trial has")
    @State
    public static class FiveMore {
        private final SoftFailures measured = new SoftFailures(() -> 0, 0);
        private int asked;

        public FiveMore() {
            measured.leaveOut();
            measured.beginTrial();
            admitted(measured, SoftFailures.TRIAL_ATTEMPTS);
        }

        @Actor
        public void begins() {
            measured.beginTrial();
        }

        @Actor
        public void asks() {
            asked = admitted(measured, 4);
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            result.r1 = asked + admitted(measured, 2 * SoftFailures.TRIAL_ATTEMPTS);
        }
    }

    /** All five succeed. */
    @JCStressTest
    @Outcome(id = "5, healthy", expect = Expect.ACCEPTABLE, desc = "it came back")
    @Outcome(expect = Expect.FORBIDDEN, desc = "five successes and no verdict, or not five")
    @State
    public static class GoesWell {
        private final Bedside bedside = new Bedside();
        private final AtomicInteger tried = new AtomicInteger();

        public GoesWell() {
            bedside.putOnTrial();
        }

        @Actor
        public void one() {
            three();
        }

        @Actor
        public void other() {
            three();
        }

        private void three() {
            for (int i = 0; i < 3; i++) {
                if (bedside.endpoint.admits()) {
                    tried.incrementAndGet();
                    bedside.succeeds();
                }
            }
        }

        @Arbiter
        public void atTheEnd(IL_Result result) {
            result.r1 = tried.get();
            result.r2 = bedside.verdict();
        }
    }

    /** All five fail. */
    @JCStressTest
    @Outcome(id = "5, unhealthy", expect = Expect.ACCEPTABLE, desc = "it is left out again")
    @Outcome(expect = Expect.FORBIDDEN, desc = "five failures and no verdict, or not five")
    @State
    public static class GoesBadly {
        private final Bedside bedside = new Bedside();
        private final AtomicInteger tried = new AtomicInteger();

        public GoesBadly() {
            bedside.putOnTrial();
        }

        @Actor
        public void one() {
            three();
        }

        @Actor
        public void other() {
            three();
        }

        private void three() {
            for (int i = 0; i < 3; i++) {
                if (bedside.endpoint.admits()) {
                    tried.incrementAndGet();
                    bedside.failsSoftly();
                }
            }
        }

        @Arbiter
        public void atTheEnd(IL_Result result) {
            result.r1 = tried.get();
            result.r2 = bedside.verdict();
        }
    }
}
