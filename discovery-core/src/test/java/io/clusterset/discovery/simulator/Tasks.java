package io.clusterset.discovery.simulator;

import io.clusterset.discovery.time.Scheduler;
import java.time.Duration;

/** A scheduler that knows how many of a process' tasks are still to run: who is closed leaves none. */
final class Tasks implements Scheduler {

    private final Scheduler scheduler;
    private int left;

    Tasks(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    int left() {
        return left;
    }

    @Override
    public Pending schedule(Duration delay, Runnable task) {
        Open open = new Open();
        Pending pending = scheduler.schedule(delay, () -> {
            open.end();
            task.run();
        });
        return () -> {
            open.end();
            pending.cancel();
        };
    }

    private final class Open {
        private boolean over;

        Open() {
            left++;
        }

        void end() {
            left -= over ? 0 : 1;
            over = true;
        }
    }
}
