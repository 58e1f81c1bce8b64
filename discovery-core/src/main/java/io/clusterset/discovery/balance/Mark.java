package io.clusterset.discovery.balance;

/**
 * Two times in the 64 bits of one mark: when an attempt began, to a microsecond, and the mark of whom its outcome is for.
 *
 * <p>Theirs is the same clock's, but coarse: up to a quarter of a second old. They judge by it, and know that it is coarse: an
 * exact time in its place would have a caller whose read timeout is one second never tell of a black hole. So theirs is kept,
 * rounded up to the next millisecond (never down: an attempt must not seem to have begun before what led to it), and the low
 * bits say how much later the attempt began. Where the two are too far apart for that (the process stood still), the mark is
 * the exact time.
 *
 * <pre>
 *   63                                   20 19                                    1   0
 *  | theirs, in units of 2^20 nanoseconds  | how much later, in units of 2^9       | 1 |
 *  | when it began, in nanoseconds                                                 | 0 |
 * </pre>
 */
final class Mark {

    private static final long LOW = (1 << 20) - 1;
    private static final int FINE = 9;
    private static final long FARTHEST = (1L << (19 + FINE)) - 1; // 268 ms

    private Mark() {}

    static long of(long began, long theirs) {
        long rounded = (theirs + LOW) & ~LOW;
        long later = began - rounded + LOW + 1; // it may have begun before the next millisecond
        return later >= 0 && later <= FARTHEST ? rounded | (later >> FINE << 1) | 1 : began & ~1;
    }

    /** When the attempt began. */
    static long began(long mark) {
        return isBoth(mark) ? (mark & ~LOW) - LOW - 1 + ((mark & LOW) >> 1 << FINE) : mark;
    }

    /** What to hand on. */
    static long theirs(long mark) {
        return isBoth(mark) ? mark & ~LOW : mark;
    }

    private static boolean isBoth(long mark) {
        return (mark & 1) == 1;
    }
}
