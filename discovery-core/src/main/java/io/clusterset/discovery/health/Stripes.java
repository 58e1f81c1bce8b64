package io.clusterset.discovery.health;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of an endpoint at which many threads meet: as a rule each thread writes a stripe of its own, on cache lines of
 * its own, since one that meets another there moves on. They overflow; only differences mean something.
 */
final class Stripes {

    static final int BEGUN = 0;
    static final int SUCCEEDED = 1;
    static final int SILENT = 2;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int APART = 32; // ints: 128 octets, two cache lines
    private static final int GOLDEN = 0x9E3779B9;
    private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());
    private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(STRIPES);

    /** How often threads have moved on, by the lowest bits of their ids: written when they do, and by hardly anybody else. */
    private static final int[] MOVES = new int[(64 + 1) * APART];

    private final int[] cells = new int[(STRIPES + 2) * APART]; // the first lines hold the array's header

    private static int stripes(int processors) {
        return Integer.highestOneBit(Math.max(1, Math.min(16, processors))) * 2;
    }

    /** One more; on any thread. */
    void add(int counter) {
        int thread = (int) Thread.currentThread().getId();
        int moves = ((thread & 63) + 1) * APART;
        int stripe = (((thread * GOLDEN) >>> SHIFT) + MOVES[moves]) & (STRIPES - 1);
        int at = (stripe + 1) * APART + counter;
        int seen = (int) CELL.getVolatile(cells, at);
        if (!CELL.compareAndSet(cells, at, seen, seen + 1)) {
            MOVES[moves]++; // or two that share a stripe by chance always would
            CELL.getAndAdd(cells, at, 1);
        }
    }

    int sum(int counter) {
        int sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            sum += (int) CELL.getVolatile(cells, stripe * APART + counter);
        }
        return sum;
    }
}
