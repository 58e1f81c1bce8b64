package io.clusterset.discovery.health;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * The rule that finds a black hole behind connections that are open already, where no connect ever times out: an attempt is
 * more than a second old, and nothing has succeeded since. It is told from counts alone, looked at once a beat: if fewer
 * attempts have ended by now than had begun a second ago, one of those is still open.
 *
 * <p>Some endpoints are just slow. When an attempt that was suspected succeeds after all, the endpoint is given twice that
 * time from then on.
 */
final class OpenAttempts {

    static final long PATIENCE = Duration.ofSeconds(1).toNanos();
    private static final long MOST_PATIENCE = Duration.ofMinutes(1).toNanos();

    private final Tallies tallies;

    /** Ended after they were written off: counted once already. */
    private final LongAdder endedTwice = new LongAdder();

    private volatile boolean anyWrittenOff;
    private volatile long writtenOffUntil;

    // used on the serial executor
    private long writtenOff;
    private long begunThen;
    private long succeededThen;
    private long since;
    private long patience = PATIENCE;

    OpenAttempts(Tallies tallies) {
        this.tallies = tallies;
    }

    /** An attempt with this mark has ended and been counted; on the caller's thread. */
    void ended(long mark) {
        if (wasWrittenOff(mark)) {
            endedTwice.increment();
        }
    }

    /** Whether the attempt with this mark, which ends only now, has been judged as open for too long. On any thread. */
    boolean wasWrittenOff(long mark) {
        return anyWrittenOff && mark - writtenOffUntil < 0;
    }

    /** Whether an attempt has been open for too long, as of this beat. */
    boolean overdue(long now) {
        settle();
        long ended = ended(); // before what began, or attempts would seem to have ended before they began
        long succeeded = tallies.succeeded();
        long begun = tallies.begun();
        if (begun <= ended || succeeded != succeededThen || ended >= begunThen) {
            begunThen = begun;
            succeededThen = succeeded;
            since = now;
            return false;
        }
        return now - since >= patience;
    }

    /** One that ended while it was written off was counted twice, or not at all: mended when all that began has ended. */
    private void settle() {
        long ended = tallies.ended(); // before what began, as above
        if (tallies.begun() <= ended) {
            writtenOff = endedTwice.sum();
        }
    }

    /** Whether some attempt is open that is worth looking at again. */
    boolean any() {
        return tallies.begun() > ended();
    }

    /** What is open now has been judged and does not count again; attempts from the mark on do. */
    void writeOff(long mark) {
        writtenOff += Math.max(0, tallies.begun() - ended());
        writtenOffUntil = mark;
        anyWrittenOff = true;
    }

    /** An attempt that was suspected succeeded at this age. */
    void slowButWell(long age) {
        if (age >= PATIENCE) {
            patience = Math.min(MOST_PATIENCE, Math.max(patience, 2 * age));
        }
    }

    /** What is expected of it, in nanoseconds. */
    long patience() {
        return patience;
    }

    private long ended() {
        return tallies.ended() - endedTwice.sum() + writtenOff;
    }
}
