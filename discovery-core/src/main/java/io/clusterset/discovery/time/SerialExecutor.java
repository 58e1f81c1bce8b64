package io.clusterset.discovery.time;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in the order they came, on threads borrowed from another executor. All state of a discovery is
 * written here and read anywhere. What a task throws goes to the failure handler and stops nothing; so does a refusal of the
 * other executor, whose tasks are then lost.
 */
public final class SerialExecutor implements Executor {

    private final Executor borrowed;
    private final Consumer<Throwable> onFailure;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    /** With the executor that lends threads and the handler of what tasks throw. */
    public SerialExecutor(Executor borrowed, Consumer<Throwable> onFailure) {
        this.borrowed = borrowed;
        this.onFailure = onFailure;
    }

    @Override
    public void execute(Runnable task) {
        queue.add(task);
        if (queued.getAndIncrement() == 0) {
            try {
                borrowed.execute(this::drain);
            } catch (Throwable rejected) { // an Error too: no thread can be made, say
                do {
                    queue.poll(); // nothing of what waited will run, but what comes later may
                } while (queued.decrementAndGet() > 0);
                tell(rejected);
            }
        }
    }

    /** Whoever is told may throw in turn: what waits must run all the same. */
    private void tell(Throwable thrown) {
        try {
            onFailure.accept(thrown);
        } catch (RuntimeException | Error nobodyIsLeftToTell) {
            return;
        }
    }

    private void drain() {
        do {
            Runnable task = queue.poll();
            if (task != null) {
                try {
                    task.run();
                } catch (Throwable thrown) {
                    tell(thrown);
                }
            }
        } while (queued.decrementAndGet() > 0);
    }
}
