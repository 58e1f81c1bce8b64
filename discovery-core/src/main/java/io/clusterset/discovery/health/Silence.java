package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Text;
import java.time.Duration;

/**
 * How long an endpoint has been waited for in vain since it last answered, in all: attempts that are each given up early would
 * never tell that it is silent. While several wait, time passes once.
 *
 * @param began since when it is counted: the first attempt began then, or it answered while that waited
 * @param until when the last one was given up
 * @param nanos how long, in all; 0 if it answers
 * @param attempts how many
 */
record Silence(long began, long until, long nanos, int attempts) {

    static final Silence NONE = new Silence(0, 0, 0, 0);

    /** A mark is up to a period older than its attempt; half of one is the best guess. */
    private static final long GUESS = Pulse.PERIOD.toNanos() / 2;

    /** Whether an attempt with this mark waited, if it is given up now: or it may have been given up at once. */
    static boolean waited(long mark, long now) {
        return now - mark >= Pulse.PERIOD.toNanos();
    }

    /** One more attempt was given up. */
    Silence and(long mark, long now) {
        long from = mark + GUESS;
        if (nanos == 0) {
            return new Silence(from, now, now - from, 1);
        }
        long more = now - (from - until > 0 ? from : until);
        return new Silence(began, now, nanos + more, attempts + 1);
    }

    /** Without what was waited before it answered at this time, which is after it began. */
    Silence since(long answer) {
        long left = nanos - (answer - began);
        return nanos == 0 || left <= 0 ? NONE : new Silence(answer, until, left, attempts);
    }

    String words() {
        return attempts + " attempts in a row were given up after " + Text.time(Duration.ofNanos(nanos))
                + " of waiting in all, none succeeded since";
    }
}
