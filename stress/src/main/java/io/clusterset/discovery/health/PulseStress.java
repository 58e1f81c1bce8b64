package io.clusterset.discovery.health;

import io.clusterset.discovery.time.SerialExecutor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The pulse beats once at a time. */
public final class PulseStress {

    private PulseStress() {}

    /** Two callers wake it at once. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one of them did")
    @Outcome(expect = Expect.FORBIDDEN, desc = "it never beats, or twice as often")
    @State
    public static class WokenOnce {
        private final Bedside.Timer beats = new Bedside.Timer();
        private final Pulse pulse =
                new Pulse(() -> 0, beats, new SerialExecutor(Runnable::run, thrown -> {}), time -> true);

        @Actor
        public void one() {
            pulse.mark();
        }

        @Actor
        public void other() {
            pulse.mark();
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            result.r1 = beats.scheduled();
        }
    }

    /** A call begins when the pulse is about to rest, since nothing has happened for long. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "it beats while the call is open")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a call is open, and nobody looks at it until the next call begins")
    @State
    public static class CallMeetsRest {
        private static final int ACTIVE_AND_QUIET = 1 + 39;

        private final Bedside bedside = new Bedside();

        public CallMeetsRest() {
            bedside.succeeds();
            for (int i = 0; i < ACTIVE_AND_QUIET; i++) {
                bedside.beats.goOff();
            }
        }

        @Actor
        public void rests() {
            bedside.beats.goOff();
        }

        @Actor
        public void begins(I_Result result) {
            result.r1 = (int) Math.min(0, bedside.endpoint.began());
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            result.r1 += bedside.beats.waits() ? 1 : 0;
        }
    }
}
