package io.clusterset.discovery.time;

import java.time.Duration;
import java.util.PriorityQueue;

/**
 * Time that stands still until told to move: for tests, ours and our users'. Tasks run inside {@link #advance}, on the
 * caller's thread, in the order of their time and then of their scheduling, each with the clock at its own due time.
 */
public final class ManualTime implements Ticker, Scheduler, Sleeper {

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now;
    private long sequence;
    private int pending;

    /** Starts at zero. */
    public ManualTime() {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    /** Never runs the task inside this call, even with no delay. */
    @Override
    public synchronized Pending schedule(Duration delay, Runnable work) {
        Task task = new Task(now + Math.max(0, delay.toNanos()), sequence++, work);
        tasks.add(task);
        pending++;
        return () -> {
            synchronized (this) {
                pending -= task.end(); // it stays in the queue: taking one of thousands out is slow
            }
        };
    }

    /** Nobody else would move time on: the waiting thread does. */
    @Override
    public void sleep(Duration time) {
        advance(time);
    }

    /** Moves on, running what falls due on the way; tasks scheduled by those tasks included. */
    public void advance(Duration by) {
        long until;
        synchronized (this) {
            until = now + by.toNanos();
        }
        while (true) {
            Task next;
            synchronized (this) {
                next = tasks.peek();
                if (next == null || next.due - until > 0) {
                    now = Math.max(now, until); // a task may have moved time on itself
                    return;
                }
                tasks.remove(next);
                if (next.over) {
                    continue;
                }
                pending -= next.end();
                now = Math.max(now, next.due);
            }
            next.work.run();
        }
    }

    /** How many tasks wait: a test of a closed thing expects none. */
    public synchronized int pending() {
        return pending;
    }

    private static final class Task implements Comparable<Task> {
        private final long due;
        private final long order;
        private final Runnable work;
        private boolean over; // run or cancelled; guarded by the clock

        Task(long due, long order, Runnable work) {
            this.due = due;
            this.order = order;
            this.work = work;
        }

        /** How many tasks are fewer by that. */
        int end() {
            int fewer = over ? 0 : 1;
            over = true;
            return fewer;
        }

        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
