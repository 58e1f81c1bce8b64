package io.clusterset.discovery.health;

import java.util.concurrent.atomic.LongAdder;

/** How many attempts at one endpoint began and how they ended. Written on the callers' threads, striped; read on any. */
final class Tallies {

    private final LongAdder begun = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder silent = new LongAdder(); // ended and said nothing of the endpoint

    void began() {
        begun.increment();
    }

    void succeeds() {
        succeeded.increment();
    }

    void fails() {
        failed.increment();
    }

    void saysNothing() {
        silent.increment();
    }

    long begun() {
        return begun.sum();
    }

    long succeeded() {
        return succeeded.sum();
    }

    long failed() {
        return failed.sum();
    }

    long ended() {
        return succeeded.sum() + failed.sum() + silent.sum();
    }
}
