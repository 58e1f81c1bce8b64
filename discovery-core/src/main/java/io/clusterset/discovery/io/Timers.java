package io.clusterset.discovery.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to run later, the soonest first, in the order of scheduling when due together. A heap whose entries know where they
 * are: nearly every timer is cancelled long before it is due, and must not be kept until then. Not thread-safe.
 */
final class Timers {

    private final List<Timer> heap = new ArrayList<>();
    private long sequence;

    int size() {
        return heap.size();
    }

    /** Adds one that is not there yet. */
    void add(Timer timer, long due) {
        timer.due = due;
        timer.order = sequence++;
        heap.add(timer);
        rise(timer, heap.size() - 1);
    }

    /** Forgets a timer; nothing if it has run or was never added. */
    void remove(Timer timer) {
        int hole = timer.index;
        if (hole < 0) {
            return;
        }
        timer.index = -1;
        Timer last = heap.remove(heap.size() - 1);
        if (last != timer) {
            sink(last, hole);
            rise(last, last.index);
        }
    }

    /** Takes the next timer if it is due. */
    @Nullable
    Timer due(long now) {
        if (heap.isEmpty() || heap.get(0).due - now > 0) {
            return null;
        }
        Timer next = heap.get(0);
        remove(next);
        return next;
    }

    /** Nanoseconds until the next timer, 0 if it is due; there must be one. */
    long left(long now) {
        return Math.max(0, heap.get(0).due - now);
    }

    /** All there are, in no order. */
    List<Timer> all() {
        return List.copyOf(heap);
    }

    private void rise(Timer timer, int from) {
        int at = from;
        while (at > 0 && timer.before(heap.get((at - 1) / 2))) {
            put(heap.get((at - 1) / 2), at);
            at = (at - 1) / 2;
        }
        put(timer, at);
    }

    private void sink(Timer timer, int from) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child + 1 < heap.size() && heap.get(child + 1).before(heap.get(child))) {
                child++;
            }
            if (child >= heap.size() || timer.before(heap.get(child))) {
                put(timer, at);
                return;
            }
            put(heap.get(child), at);
            at = child;
        }
    }

    private void put(Timer timer, int at) {
        heap.set(at, timer);
        timer.index = at;
    }

    /** Something with a time. */
    abstract static class Timer {
        private long due;
        private long order;
        private int index = -1;

        /** What to do then. */
        abstract void fire();

        private boolean before(Timer other) {
            long sooner = due - other.due;
            return sooner < 0 || (sooner == 0 && order < other.order);
        }
    }
}
