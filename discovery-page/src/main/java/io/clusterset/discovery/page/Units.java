package io.clusterset.discovery.page;

/** Between the ticker's nanoseconds and the page's milliseconds. */
final class Units {

    static final long MILLI = 1_000_000L;

    private Units() {}

    /** The first whole millisecond at or after a moment: what is explained of it must have happened by then. */
    static long millis(long nanos) {
        return -Math.floorDiv(-nanos, MILLI);
    }
}
