package io.clusterset.discovery.balance;

/**
 * Two times in the 64 bits of one mark: when an attempt began, and the mark of whom its outcome is for.
 *
 * <p>Theirs is of the same clock, but coarse: up to a quarter of a second old. They judge by it, and know that it is coarse: an
 * exact time in its place would have callers whose read timeout is one second never tell of a black hole. So theirs is kept to
 * the nanosecond, without what it has in common with the time of the attempt's end (it is right for three days), and beside
 * it how much later the attempt began. Where that is too much (the process stood still), the mark is the exact time.
 *
 * <pre>
 *   63                          16 15                                    1   0
 *  | theirs, the lowest 48 bits   | how much later, in units of 2^13 ns   | 1 |
 *  | when it began, in nanoseconds                                        | 0 |
 * </pre>
 */
final class Mark {

    private static final int THEIRS = 16;
    private static final long PERIOD = 1L << (64 - THEIRS);
    private static final int UNIT = 13;
    private static final long FARTHEST = (1L << (THEIRS - 1 + UNIT)) - 1; // 268 ms
    private static final long MILLISECOND = 1_000_000;

    private Mark() {}

    static long of(long began, long theirs) {
        long later = began - theirs;
        if (later < -MILLISECOND || later > FARTHEST) {
            return (began + 1) & ~1L; // never down: it must not seem to have begun before what led to it
        }
        long units = Math.max(0, later) >> UNIT; // their clock may have been set going by asking, after ours was read
        return (theirs << THEIRS) | (units << 1) | 1;
    }

    /** When the attempt that ends now began, to 8 microseconds. */
    static long began(long mark, long now) {
        return isBoth(mark) ? theirs(mark, now) + ((mark & ((1 << THEIRS) - 1)) >> 1 << UNIT) : mark;
    }

    /** What to hand on as the attempt ends. */
    static long theirs(long mark, long now) {
        return isBoth(mark) ? now - ((now - (mark >>> THEIRS)) & (PERIOD - 1)) : mark;
    }

    private static boolean isBoth(long mark) {
        return (mark & 1) == 1;
    }
}
