package io.clusterset.discovery.health;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Outcomes of several threads lead to the verdict that one of their orders leads to, and a sick endpoint is looked at again. */
public final class VerdictStress {

    private VerdictStress() {}

    /** Two hard failures before, so that the third makes it unhealthy; unless a success came before, or comes after. */
    @JCStressTest
    @Outcome(id = "healthy", expect = Expect.ACCEPTABLE, desc = "the success came last")
    @Outcome(id = "suspect", expect = Expect.ACCEPTABLE, desc = "the failure came last: the first in a row")
    @Outcome(expect = Expect.FORBIDDEN, desc = "three in a row, with a success between; or nobody looks again")
    @State
    public static class SuccessMeetsThirdFailure {
        private final Bedside bedside = new Bedside();

        public SuccessMeetsThirdFailure() {
            bedside.failsHard();
            bedside.failsHard();
        }

        @Actor
        public void fails() {
            bedside.failsHard();
        }

        @Actor
        public void succeeds() {
            bedside.succeeds();
        }

        @Arbiter
        public void atTheEnd(L_Result result) {
            result.r1 = bedside.verdict();
        }
    }

    /** Three hard failures, of two threads. */
    @JCStressTest
    @Outcome(id = "unhealthy", expect = Expect.ACCEPTABLE, desc = "three failures in a row")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a failure was lost, or nobody looks again")
    @State
    public static class ThreeFailuresInARow {
        private final Bedside bedside = new Bedside();

        @Actor
        public void one() {
            bedside.failsHard();
            bedside.failsHard();
        }

        @Actor
        public void other() {
            bedside.failsHard();
        }

        @Arbiter
        public void atTheEnd(L_Result result) {
            result.r1 = bedside.verdict();
        }
    }

    /** A suspect's probe is refused, and a call that fails comes after; another thread's call succeeds. */
    @JCStressTest
    @Outcome(id = "healthy", expect = Expect.ACCEPTABLE, desc = "the success came last")
    @Outcome(id = "suspect", expect = Expect.ACCEPTABLE, desc = "the success came before the last failure")
    @Outcome(id = "unhealthy", expect = Expect.FORBIDDEN, desc = "the success was lost")
    @Outcome(expect = Expect.FORBIDDEN, desc = "nobody looks again")
    @State
    public static class SuccessMeetsRefusedProbe {
        private final Bedside bedside = new Bedside();

        public SuccessMeetsRefusedProbe() {
            bedside.failsHard();
        }

        @Actor
        public void fails() {
            bedside.refusesProbe();
            bedside.failsHard();
        }

        @Actor
        public void succeeds() {
            bedside.succeeds();
        }

        @Arbiter
        public void atTheEnd(L_Result result) {
            result.r1 = bedside.verdict();
        }
    }

    /** A VIP asks for three failures and three refused probes: here come the last of each. */
    @JCStressTest
    @Outcome(id = "unhealthy", expect = Expect.ACCEPTABLE, desc = "whichever came last saw the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "neither saw the other, or nobody looks again")
    @State
    public static class LastFailureMeetsLastProbe {
        private final Bedside bedside = new Bedside();

        public LastFailureMeetsLastProbe() {
            bedside.endpoint.onlyOne(true);
            bedside.failsHard();
            bedside.failsHard();
            for (int i = 0; i < 2; i++) {
                bedside.refusesProbe();
                bedside.alarmGoesOff();
            }
        }

        @Actor
        public void fails() {
            bedside.failsHard();
        }

        @Actor
        public void refuses() {
            bedside.refusesProbe();
        }

        @Arbiter
        public void atTheEnd(L_Result result) {
            result.r1 = bedside.verdict();
        }
    }

    /** All has been well for so long that the case is closed; at this moment it fails again. */
    @JCStressTest
    @Outcome(id = "suspect, 2", expect = Expect.ACCEPTABLE, desc = "the failure counts")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the failure went with the case that was closed; or nobody looks again")
    @State
    public static class FailureMeetsClosing {
        private final Bedside bedside = new Bedside();

        public FailureMeetsClosing() {
            bedside.failsHard();
            bedside.passesProbe();
            bedside.succeeds();
            bedside.pass(60 * Bedside.SECOND);
            if (bedside.endpoint.ill().filter(Case::isOver).isEmpty()) {
                throw new AssertionError("nothing to close");
            }
        }

        @Actor
        public void fails() {
            bedside.failsHard();
        }

        @Actor
        public void closes() {
            bedside.looksAround();
        }

        @Arbiter
        public void atTheEnd(LI_Result result) {
            result.r1 = bedside.verdict();
            result.r2 = bedside.endpoint.failed();
        }
    }
}
