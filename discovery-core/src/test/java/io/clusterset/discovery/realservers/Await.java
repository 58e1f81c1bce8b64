package io.clusterset.discovery.realservers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Bounded waits for what a real process or the library's own threads will come to. */
final class Await {

    private static final Duration APART = Duration.ofMillis(20);

    private Await() {}

    /** Until it is so; fails with the evidence if it is not in time. */
    static void until(Duration limit, BooleanSupplier so, Supplier<String> evidence) throws InterruptedException {
        for (long left = limit.dividedBy(APART); !so.getAsBoolean(); left--) {
            if (left <= 0) {
                throw new AssertionError("not within " + limit + ": " + evidence.get());
            }
            pause(APART);
        }
    }

    static void pause(Duration time) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        if (never) {
            throw new IllegalStateException("nobody counts down");
        }
    }
}
