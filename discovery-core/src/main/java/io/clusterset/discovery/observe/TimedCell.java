package io.clusterset.discovery.observe;

import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** How often something was, and how long it took together: what a {@link Cell} is, for a timer. */
final class TimedCell implements ToLongFunction<TimedCell>, ToDoubleFunction<TimedCell> {

    private final Runnable refresh;
    private volatile long count;
    private volatile long nanos;

    TimedCell(Runnable refresh) {
        this.refresh = refresh;
    }

    /** One writer at a time. */
    void add(long times, long took) {
        set(count + times, nanos + took);
    }

    private void set(long times, long took) {
        count = times;
        nanos = took;
    }

    @Override
    public long applyAsLong(TimedCell self) {
        refresh.run();
        return count;
    }

    @Override
    public double applyAsDouble(TimedCell self) {
        refresh.run();
        return (double) nanos;
    }
}
