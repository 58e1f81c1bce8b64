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
}
