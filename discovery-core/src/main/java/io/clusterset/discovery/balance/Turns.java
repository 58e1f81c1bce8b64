package io.clusterset.discovery.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whose turn it is, of one service. One counter while threads don't meet at it; from the first time two do, a stripe for each
 * of them, on cache lines of their own, chosen by the thread's id. Every stripe counts up by one, so shares stay exact over
 * time; stripes start apart, so that they don't march in step. Outlives pickers.
 */
final class Turns {

    static final int GOLDEN = 0x9E3779B9;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int APART = 32; // ints: 128 octets, two cache lines
    private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());
    private static final int SHIFT = 32 - Integer.numberOfTrailingZeros(STRIPES);

    private volatile int[] cells;

    /** Counts from here. */
    Turns(int start) {
        this.cells = new int[] {start};
    }

    private static int stripes(int processors) {
        return Integer.highestOneBit(Math.max(1, Math.min(16, processors)) * 4);
    }

    /** Any int, overflow included; the next one is one higher for the same thread, as a rule. */
    int next() {
        int[] now = cells;
        int at = now.length == 1 ? 0 : stripe();
        int turn = (int) CELL.getVolatile(now, at);
        return CELL.compareAndSet(now, at, turn, turn + 1) ? turn : contended(turn);
    }

    private static int stripe() {
        int hash = (int) Thread.currentThread().getId() * GOLDEN;
        return ((hash >>> SHIFT) + 1) * APART; // the first lines hold the array's header
    }

    private int contended(int turn) {
        synchronized (this) {
            if (cells.length == 1) {
                int[] striped = new int[(STRIPES + 1) * APART + 1];
                for (int i = 0; i < STRIPES; i++) {
                    striped[(i + 1) * APART] = turn + i * GOLDEN;
                }
                cells = striped;
            }
        }
        return (int) CELL.getAndAdd(cells, stripe(), 1);
    }
}
