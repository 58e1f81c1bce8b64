package io.clusterset.examples.quickstart;

/** The demo's time: nanoseconds since calls began, negative before. Thread-safe. */
final class Stopwatch {

    private volatile long zero = System.nanoTime() + Long.MAX_VALUE / 4;

    /** Calls begin now. */
    void begin() {
        zero = System.nanoTime();
    }

    long nanos() {
        return System.nanoTime() - zero;
    }

    static double seconds(long nanos) {
        return nanos / 1e9;
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }
}
