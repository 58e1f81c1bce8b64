package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What has arrived, in order: the newest {@value #KEPT} are kept. Thread-safe. */
final class Arrivals<T> {

    static final int KEPT = 100_000;
    private static final int SHOWN = 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<T> kept = new ArrayDeque<>();
    private long total;

    void add(T item) {
        lock.lock();
        try {
            if (kept.size() == KEPT) {
                kept.removeFirst();
            }
            kept.addLast(item);
            total++;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<T> all() {
        lock.lock();
        try {
            return List.copyOf(kept);
        } finally {
            lock.unlock();
        }
    }

    /** How many have arrived since {@link #forget()}, kept or not. */
    long total() {
        lock.lock();
        try {
            return total;
        } finally {
            lock.unlock();
        }
    }

    List<T> matching(Predicate<T> wanted) {
        List<T> found = new ArrayList<>(all());
        found.removeIf(wanted.negate());
        return List.copyOf(found);
    }

    private String newest() {
        List<T> shown = all();
        return shown.subList(Math.max(0, shown.size() - SHOWN), shown.size()).toString();
    }

    void forget() {
        lock.lock();
        try {
            kept.clear();
            total = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until that many have arrived since {@link #forget()}.
     *
     * @throws AssertionError if they have not within the time
     * @throws IllegalStateException if interrupted; the interrupt flag is kept
     */
    List<T> await(String what, Predicate<T> wanted, int count, Duration within) {
        long nanos = Threads.nanos(within);
        lock.lock();
        try {
            while (true) {
                List<T> found = kept.size() < count ? List.of() : matching(wanted);
                if (found.size() >= count) {
                    return found;
                }
                if (nanos <= 0) {
                    throw new AssertionError(what + ": " + matching(wanted).size() + " within " + within
                            + " (expected: >= " + count + "): " + newest());
                }
                nanos = arrived.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }
}
