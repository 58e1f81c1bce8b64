package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Outcome.Succeeded;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** How many attempts are open is told from counts that several threads write. */
public final class OpenAttemptsStress {

    private OpenAttemptsStress() {}

    /** An attempt that has been open for too long ends when it is written off. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "none is open; and then the one that begins")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "one seems open for ever that has ended")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the next that is open for ever is not seen")
    @State
    public static class EndMeetsWritingOff {
        private static final int ALL_BUT_ONE = 4; // of the beats that make a second

        private final Bedside bedside = new Bedside();
        private final long mark = bedside.endpoint.began();

        public EndMeetsWritingOff() {
            for (int beat = 0; beat < ALL_BUT_ONE; beat++) {
                bedside.looksAround();
            }
            bedside.pass(Bedside.SECOND);
        }

        @Actor
        public void ends() {
            bedside.endpoint.ended(mark, new Succeeded());
        }

        @Actor
        public void writesOff() {
            bedside.looksAround();
        }

        @Arbiter
        public void atTheEnd(II_Result result) {
            result.r1 = open();
            result.r2 = openAfterOneBegins();
        }

        private int openAfterOneBegins() {
            bedside.endpoint.began();
            return open();
        }

        private int open() {
            bedside.looksAround(); // so that the next look sees nothing new, but for what is open
            return bedside.endpoint.beat(Bedside.SECOND) ? 1 : 0;
        }
    }
}
