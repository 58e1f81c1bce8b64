package io.clusterset.discovery.time;

/** A monotonic clock. Never the wall clock: a stepped system time changes nothing here. Thread-safe. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since some fixed moment; only differences mean something. */
    long nanos();

    /** The JVM's monotonic clock. */
    static Ticker system() {
        return System::nanoTime;
    }
}
