package io.clusterset.discovery.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The books of attempts that were open for too long: judged once, they are written off and do not count again, however late
 * they end, if ever. Counts overflow; only differences mean something.
 */
final class OpenAttempts {

    static final long PATIENCE = Duration.ofSeconds(1).toNanos();
    private static final long MOST_PATIENCE = Duration.ofMinutes(1).toNanos();

    /** Ended after they were written off: counted once already. */
    private final AtomicInteger endedTwice = new AtomicInteger();

    private volatile boolean anyWrittenOff;
    private volatile long writtenOffUntil;
    private int writtenOff; // used on the serial executor

    /** An attempt with this mark has ended and been counted; on the caller's thread. */
    void ended(long mark) {
        if (wasWrittenOff(mark)) {
            endedTwice.incrementAndGet();
        }
    }

    /** Whether the attempt with this mark, which ends only now, has been judged as open for too long. On any thread. */
    boolean wasWrittenOff(long mark) {
        return anyWrittenOff && mark - writtenOffUntil < 0;
    }

    /** All that began has ended: what ended while it was written off was counted twice, or not at all, which is mended. */
    void settle() {
        writtenOff = endedTwice.get();
    }

    /** Whether none was ever written off. */
    boolean isBlank() {
        return !anyWrittenOff;
    }

    /** So many have ended, if those written off have. */
    int corrected(int ended) {
        return ended - endedTwice.get() + writtenOff;
    }

    /** These are open and have been judged; attempts from the mark on have not. */
    void writeOff(int open, long mark) {
        writtenOff += Math.max(0, open);
        writtenOffUntil = mark;
        anyWrittenOff = true;
    }

    /** What is expected from now on, after an attempt that was suspected succeeded at this age: twice that. */
    static long patience(long before, long age) {
        return age < PATIENCE ? before : Math.min(MOST_PATIENCE, Math.max(before, 2 * age));
    }
}
