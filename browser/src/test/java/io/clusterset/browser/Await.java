package io.clusterset.browser;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what others do. */
final class Await {

    private static final long APART = TimeUnit.MILLISECONDS.toNanos(20);

    private Await() {}

    static void pause() {
        LockSupport.parkNanos(APART);
    }

    /** Returns how long it took until it was so. */
    static Duration until(String what, Duration patience, BooleanSupplier so) {
        long begun = System.nanoTime();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - begun > patience.toNanos()) {
                throw new AssertionError("not within " + patience.toMillis() + " ms: " + what);
            }
            pause();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
