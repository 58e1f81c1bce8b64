package io.clusterset.discovery.observe;

import java.util.function.ToDoubleFunction;

/**
 * A number that a meter shows. Micrometer holds what a meter reads by a weak reference only, and the function that reads it by a
 * strong one: a cell is both, and so lives as long as its meter. Written by whoever reads the figures, read by any thread.
 */
final class Cell implements ToDoubleFunction<Cell> {

    private final Runnable refresh;
    private volatile double value;

    Cell(Runnable refresh) {
        this.refresh = refresh;
    }

    void set(double now) {
        value = now;
    }

    void set(long now) {
        set((double) now);
    }

    /** One writer at a time. */
    void add(double more) {
        set(value + more);
    }

    /** One writer at a time. */
    void add(long more) {
        add((double) more);
    }

    @Override
    public double applyAsDouble(Cell self) {
        refresh.run();
        return value;
    }
}
