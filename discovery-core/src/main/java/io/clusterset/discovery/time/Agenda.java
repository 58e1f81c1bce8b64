package io.clusterset.discovery.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order of their time, and then of their coming. A heap of fours over plain numbers: a simulation of a thousand
 * processes spends a third of its time in finding the next of thousands of tasks if each comparison has to look into two of them.
 */
final class Agenda<T> {

    private static final int CHILDREN = 4;

    private long[] due = new long[64];
    private long[] order = new long[64];
    private @Nullable Object[] tasks = new @Nullable Object[64];
    private int size;
    private long added;

    boolean isEmpty() {
        return size == 0;
    }

    /** When the first is due; there must be one. */
    long next() {
        return due[0];
    }

    void add(long at, T task) {
        if (size == tasks.length) {
            due = Arrays.copyOf(due, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            tasks = Arrays.copyOf(tasks, 2 * size);
        }
        int place = size++;
        long mine = added++;
        while (place > 0) {
            int parent = (place - 1) / CHILDREN;
            if (due[parent] <= at) { // who came later is behind those of the same time
                break;
            }
            move(parent, place);
            place = parent;
        }
        put(place, at, mine, task);
    }

    /** Takes the first out; there must be one. */
    @SuppressWarnings("unchecked") // only add puts any in
    T take() {
        T first = (T) tasks[0];
        int last = --size;
        long at = due[last];
        long its = order[last];
        Object task = tasks[last];
        tasks[last] = null;
        int place = 0;
        while (true) {
            int least = leastChild(place);
            if (least < 0 || isBefore(at, its, least)) {
                break;
            }
            move(least, place);
            place = least;
        }
        if (last > 0) {
            put(place, at, its, task);
        }
        return first;
    }

    private int leastChild(int place) {
        int from = CHILDREN * place + 1;
        int least = from < size ? from : -1;
        for (int child = from + 1; child < Math.min(from + CHILDREN, size); child++) {
            least = isBefore(due[child], order[child], least) ? child : least;
        }
        return least;
    }

    private boolean isBefore(long at, long its, int other) {
        return at < due[other] || (at == due[other] && its < order[other]);
    }

    private void move(int from, int to) {
        due[to] = due[from];
        order[to] = order[from];
        tasks[to] = tasks[from];
    }

    private void put(int place, long at, long its, @Nullable Object task) {
        due[place] = at;
        order[place] = its;
        tasks[place] = task;
    }
}
