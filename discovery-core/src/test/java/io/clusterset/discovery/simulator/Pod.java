package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Endpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;

/** A process that serves: it has workers, a queue, a temper, and may be young. */
final class Pod {

    private static final long SERVICE_MICROS = 5_000;
    private static final int MOST_QUEUED = 50;
    private static final long YOUTH_MILLIS = 20_000; // in which it warms up
    private static final int COLD_FACTOR = 4;

    final Cluster cluster;
    final Endpoint endpoint;
    private final int workers; // 0: never too much for it
    private final long born;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int busy;
    State state = State.UP;
    double amount; // percent of errors, or how many times slower
    boolean listed;
    private long since; // when its state became this
    long mood; // grows with each change of state: whoever waited for an older one comes too late

    Pod(Cluster cluster, Endpoint endpoint, int workers, long born) {
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.workers = workers;
        this.born = born;
    }

    void turn(State now, double howMuch, long millis) {
        since = millis;
        state = now;
        amount = howMuch;
        mood++;
    }

    boolean wasUp(long since) {
        return state == State.UP && this.since <= since && born <= since;
    }

    boolean accepts() {
        return state != State.REFUSING && state != State.GONE;
    }

    void serve(World world, Random random, Consumer<Reply> done) {
        if (!accepts()) {
            done.accept(Reply.REFUSED);
        } else if (state != State.SILENT) {
            if (workers == 0) {
                work(world, random, done);
            } else if (busy < workers) {
                begin(world, random, done);
            } else if (queue.size() < MOST_QUEUED) {
                queue.add(() -> begin(world, random, done));
            } else {
                cluster.overloads();
                done.accept(Reply.OVERLOADED);
            }
        }
    }

    /** A health check, which fails or is slow as its calls are, but waits for no worker and keeps none: it has next to nothing to do. */
    void check(World world, Random random, Consumer<Reply> done) {
        if (!accepts()) {
            done.accept(Reply.REFUSED);
        } else if (state != State.SILENT) {
            work(world, random, done);
        }
    }

    private void begin(World world, Random random, Consumer<Reply> done) {
        busy++;
        work(world, random, reply -> {
            busy--;
            done.accept(reply);
            Runnable next = queue.poll();
            if (next != null) {
                next.run();
            }
        });
    }

    private void work(World world, Random random, Consumer<Reply> done) {
        double micros = SERVICE_MICROS * (0.5 + random.nextDouble());
        long age = world.millis() - born;
        if (workers > 0 && age < YOUTH_MILLIS) {
            micros *= 1 + (COLD_FACTOR - 1) * (1 - (double) age / YOUTH_MILLIS);
        }
        if (state == State.SLOW) {
            micros *= amount;
        }
        boolean error = state == State.FAILING && random.nextDouble() * 100 < amount;
        world.time.schedule(Duration.ofNanos(Math.round(micros * 1_000)), () -> {
            if (!accepts()) {
                done.accept(Reply.REFUSED); // its connections are reset
            } else if (state != State.SILENT) {
                done.accept(error ? Reply.ERROR : Reply.GOOD);
            }
        });
    }

    enum State {
        UP,
        REFUSING,
        /** Packets to it are lost. */
        SILENT,
        /** It answers some calls with HTTP 500. */
        FAILING,
        SLOW,
        /** It will not come back. */
        GONE
    }
}
