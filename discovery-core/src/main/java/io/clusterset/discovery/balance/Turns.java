package io.clusterset.discovery.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whose turn it is, of one service. One counter while threads don't meet at it; from the first time two do, a stripe for each
 * of them, on cache lines of their own: the one that the thread's id says, and the next each time it meets another thread
 * there. Every stripe counts up by one, so shares stay exact over time; stripes start apart, so that they don't march in step.
 * Outlives pickers.
 */
final class Turns {

    static final int GOLDEN = 0x9E3779B9;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int APART = 32; // ints: 128 octets, two cache lines
    private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());
    private static final int SHIFT = 32 - Integer.numberOfTrailingZeros(STRIPES);

    /** How often threads have moved on, by the lowest bits of their ids: written when they do, and by hardly anybody else. */
    private static final int[] MOVES = new int[(64 + 1) * APART];

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
        return CELL.compareAndSet(now, at, turn, turn + 1) ? turn : contended(now, turn);
    }

    /** A turn that was or will be somebody's: takes none. */
    int look() {
        int[] now = cells;
        return now[now.length == 1 ? 0 : stripe()];
    }

    /** Whether threads have met, and have cells of their own since. */
    boolean isShared() {
        return cells.length > 1;
    }

    private static int stripe() {
        int thread = (int) Thread.currentThread().getId();
        int stripe = ((thread * GOLDEN) >>> SHIFT) + MOVES[moves(thread)];
        return ((stripe & (STRIPES - 1)) + 1) * APART; // the first lines hold the array's header
    }

    private static int moves(int thread) {
        return ((thread & 63) + 1) * APART;
    }

    private int contended(int[] met, int turn) {
        if (met.length == 1) {
            grow(turn);
        } else {
            MOVES[moves((int) Thread.currentThread().getId())]++; // or two that share a stripe by chance always would
        }
        return (int) CELL.getAndAdd(cells, stripe(), 1);
    }

    private synchronized void grow(int turn) {
        if (cells.length == 1) {
            int[] striped = new int[(STRIPES + 1) * APART + 1];
            for (int i = 0; i < STRIPES; i++) {
                striped[(i + 1) * APART] = turn + i * GOLDEN;
            }
            cells = striped;
        }
    }
}
