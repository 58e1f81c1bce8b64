package io.clusterset.discovery.time;

import java.time.Duration;

/**
 * Time that stands still until told to move: for tests, ours and our users'. Tasks run inside {@link #advance}, on the
 * caller's thread, in the order of their time and then of their scheduling, each with the clock at its own due time.
 */
public final class ManualTime implements Ticker, Scheduler, Sleeper {

    private final Agenda<Task> tasks = new Agenda<>();
    private long now;
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
        Task task = new Task(work);
        tasks.add(now + Math.max(0, delay.toNanos()), task);
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
                if (tasks.isEmpty() || tasks.next() - until > 0) {
                    now = Math.max(now, until); // a task may have moved time on itself
                    return;
                }
                long due = tasks.next();
                next = tasks.take();
                if (next.over) {
                    continue;
                }
                pending -= next.end();
                now = Math.max(now, due);
            }
            next.work.run();
        }
    }

    /** How many tasks wait: a test of a closed thing expects none. */
    public synchronized int pending() {
        return pending;
    }

    private static final class Task {
        private final Runnable work;
        private boolean over; // run or cancelled; guarded by the clock

        Task(Runnable work) {
            this.work = work;
        }

        /** How many tasks are fewer by that. */
        int end() {
            int fewer = over ? 0 : 1;
            over = true;
            return fewer;
        }
    }
}
