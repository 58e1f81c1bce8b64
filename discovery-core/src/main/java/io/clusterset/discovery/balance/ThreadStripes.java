package io.clusterset.discovery.balance;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntSupplier;

/**
 * A sequence that threads don't share: each draws from a stripe chosen by its id, on a cache line of its own. Every stripe
 * counts up by one, so shares stay exact over time; stripes start apart so that they don't march in step.
 */
final class ThreadStripes implements IntSupplier {

    private static final int STRIPES = 32; // a power of two
    private static final int APART = 32; // ints: 128 octets, two cache lines
    private static final int GOLDEN = 0x9E3779B9;

    private final AtomicIntegerArray counters = new AtomicIntegerArray((STRIPES + 1) * APART);

    ThreadStripes() {
        for (int i = 0; i < STRIPES; i++) {
            counters.set((i + 1) * APART, i * GOLDEN);
        }
    }

    @Override
    public int getAsInt() {
        int hash = (int) Thread.currentThread().getId() * GOLDEN;
        int stripe = (hash >>> 27) & (STRIPES - 1);
        return counters.getAndIncrement((stripe + 1) * APART) & Integer.MAX_VALUE;
    }
}
