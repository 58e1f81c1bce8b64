package io.clusterset.discovery.time;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Tasks of two threads run one at a time; all of them, unless no thread was lent. */
public final class SerialExecutorStress {

    private SerialExecutorStress() {}

    /** The tasks add to a plain field: two at once, or one that does not see what another wrote, and the sum is short. */
    @JCStressTest
    @Outcome(id = "6", expect = Expect.ACCEPTABLE, desc = "all ran, one at a time")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a task was lost, or two ran at once")
    @State
    public static class AllRunOneAtATime {
        private final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {});
        private int ran;

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
                serial.execute(() -> ran++);
            }
        }

        @Arbiter
        public void atTheEnd(I_Result result) {
            result.r1 = ran;
        }
    }

    /** Every third time no thread is lent: what waited then is lost, but what comes later runs, and runs alone. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "it goes on, and nothing was left behind")
    @Outcome(expect = Expect.FORBIDDEN, desc = "stuck, a leftover ran late, or two ran at once")
    @State
    public static class RefusalsStopNothing {
        private final AtomicInteger asked = new AtomicInteger();
        private final SerialExecutor serial = new SerialExecutor(this::lend, thrown -> {});
        private volatile boolean refuses = true;
        private volatile boolean busy;
        private volatile int overlaps;
        private int ran;

        private void lend(Runnable work) {
            if (refuses && asked.incrementAndGet() % 3 == 1) {
                throw new RejectedExecutionException();
            }
            work.run();
        }

        private void task() {
            if (busy) {
                overlaps = 1;
            }
            busy = true;
            ran++;
            busy = false;
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
                serial.execute(this::task);
            }
        }

        @Arbiter
        public void atTheEnd(III_Result result) {
            int before = ran;
            refuses = false;
            serial.execute(() -> result.r1++);
            result.r2 = ran - before;
            result.r3 = overlaps;
        }
    }
}
