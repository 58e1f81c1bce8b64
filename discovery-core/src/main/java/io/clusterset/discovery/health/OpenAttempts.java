package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The books of attempts that were waited for in vain. Those that are open for too long are judged once: written off, they do not
 * count again, however late they end, if ever. Those that callers give up earlier add up to a {@link Silence}. How long is too long
 * is learned: longer where one that took longer succeeded after all. Counts overflow; only differences mean something.
 */
final class OpenAttempts {

    static final long PATIENCE = Duration.ofSeconds(1).toNanos();
    private static final long MOST_PATIENCE = Duration.ofMinutes(1).toNanos();

    private final EndpointHealth whose;
    private final Surroundings around;

    /** Ended after they were written off: counted once already. */
    private final AtomicInteger endedTwice = new AtomicInteger();

    private volatile boolean anyWrittenOff;
    private volatile long writtenOffUntil;

    /** Written under the endpoint's lock, but for its end. */
    private volatile Silence silence = Silence.NONE;

    // used on the serial executor
    private int writtenOff;
    private long patience;

    /**
     * None yet.
     *
     * @param patience how long is too long, as far as is known, in nanoseconds
     */
    OpenAttempts(EndpointHealth whose, Surroundings around, long patience) {
        this.whose = whose;
        this.around = around;
        this.patience = patience;
    }

    // --- on the callers' threads

    /** An attempt with this mark has ended and been counted. */
    void ended(long mark) {
        if (wasWrittenOff(mark)) {
            endedTwice.incrementAndGet();
        }
    }

    /** Whether the attempt with this mark, which ends only now, has been judged as open for too long. On any thread. */
    boolean wasWrittenOff(long mark) {
        return anyWrittenOff && mark - writtenOffUntil < 0;
    }

    /** Whether the attempt that failed so was waited for in vain, and not for a moment only; under the endpoint's lock. */
    boolean isInVain(long mark, Outcome.FailedSoft failure) {
        if (!failure.timedOut()) {
            answers(); // whatever it said
            return false;
        }
        long now = around.ticker().nanos();
        boolean inVain = Silence.waited(mark, now);
        if (inVain) {
            silence = silence.and(mark, now);
        }
        return inVain;
    }

    /** It says something. */
    void answers() {
        if (isSilent()) {
            silence = Silence.NONE;
        }
    }

    boolean isSilent() {
        return silence.nanos() != 0;
    }

    /** Whether it may have been silent for too long. */
    boolean isTooLong() {
        return silence.nanos() >= PATIENCE;
    }

    // --- on the serial executor

    /** Its silence as of now: an attempt may have begun before the last success, and its success may have met with a failure's count. */
    Silence silence() {
        synchronized (whose) {
            Silence now = silence;
            if (!whose.noneSucceededSince(now.began())) {
                now = now.since(whose.lastSucceeded());
                silence = now;
            }
            return now;
        }
    }

    /** All that began has ended: what ended while it was written off was counted twice, or not at all, which is mended. */
    void settle() {
        writtenOff = endedTwice.get();
    }

    /** Whether none was ever written off, or all that began has ended. */
    boolean isOver() {
        if (!anyWrittenOff) {
            return true;
        }
        int ended = whose.ended(); // before what began
        return whose.begun() - ended <= 0;
    }

    /** So many have ended, if those written off have. */
    int corrected(int ended) {
        return ended - endedTwice.get() + writtenOff;
    }

    /** All that are open by now are judged; attempts that begin from now on are not. */
    void writeOff() {
        long mark = around.pulse().exact();
        int ended = corrected(whose.ended());
        writtenOff += Math.max(0, whose.begun() - ended);
        writtenOffUntil = mark;
        anyWrittenOff = true;
    }

    /** How long is too long, in nanoseconds. */
    long patience() {
        return patience;
    }

    /** An attempt with this mark, which was suspected, has succeeded after all: from now on, twice its age is expected. */
    void tookLonger(long mark) {
        patience = patience(patience, around.pulse().mark() - mark);
    }

    static long patience(long before, long age) {
        return age < PATIENCE ? before : Math.min(MOST_PATIENCE, Math.max(before, 2 * age));
    }

    /** {@code an attempt has been open for 1 s, none succeeded since}. */
    String words() {
        return "an attempt has been open for " + patience / 1_000_000_000 + " s, none succeeded since";
    }
}
