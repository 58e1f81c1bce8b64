package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.simulator.Answer;
import io.clusterset.discovery.simulator.Reply;
import io.clusterset.discovery.simulator.Request;
import io.clusterset.discovery.simulator.World;
import io.clusterset.discovery.time.Scheduler.Pending;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** A process' hold on the world: its timers, and what it sent and waits for. Once closed, nothing of it is scheduled or told. */
final class Wire {

    final World world;
    private final Set<Timer> timers = new HashSet<>();
    private boolean closed;

    Wire(World world) {
        this.world = world;
    }

    /** Does it after a while; what is returned calls it off. */
    Runnable after(Duration delay, Runnable work) {
        Timer timer = new Timer(work);
        if (!closed) {
            timers.add(timer);
            timer.pending = world.time.schedule(delay, timer);
        }
        return timer::cancel;
    }

    /** Makes an attempt of a call; the outcome is told once, silence by the end of the call's patience. */
    void send(Call call, Endpoint to, Consumer<Outcome> done) {
        Waiting waiting = new Waiting(call.left(), done);
        world.send(call.request, to.socketAddress(), waiting::replied);
    }

    /** Asks for an answer, as HTTP health checks do. */
    void get(Endpoint from, Duration patience, Consumer<Outcome> done) {
        Waiting waiting = new Waiting(patience, done);
        world.probe(from.socketAddress(), true, waiting::replied);
    }

    /** Connects. */
    void connect(Endpoint to, Duration patience, Consumer<Outcome> done) {
        Waiting waiting = new Waiting(patience, done);
        world.probe(to.socketAddress(), false, waiting::replied);
    }

    /** Asks DNS. */
    void lookup(boolean ofHome, Duration patience, Consumer<Answer> done) {
        world.lookup(ofHome, patience, answer -> {
            if (!closed) {
                done.accept(answer);
            }
        });
    }

    Call call(Request request, Consumer<Boolean> done) {
        return new Call(request, done);
    }

    void close() {
        closed = true;
        Set.copyOf(timers).forEach(Timer::cancel);
    }

    /** A call of the application, which gives up after {@link Request#PATIENCE}. */
    final class Call {
        final Request request;
        private final Consumer<Boolean> done;
        private final long end = world.millis() + Request.PATIENCE;
        int attempts;

        Call(Request request, Consumer<Boolean> done) {
            this.request = request;
            this.done = done;
        }

        Duration left() {
            return Duration.ofMillis(Math.max(0, end - world.millis()));
        }

        /** Nobody waits for it any more. */
        boolean isOver() {
            return world.millis() >= end;
        }

        void ends(boolean good) {
            done.accept(good);
        }
    }

    private final class Waiting {
        private final Consumer<Outcome> done;
        private final Runnable giveUp;
        private boolean over;

        Waiting(Duration patience, Consumer<Outcome> done) {
            this.done = done;
            this.giveUp = after(patience, () -> tell(Outcome.SILENCE));
        }

        void replied(Reply reply) {
            giveUp.run();
            tell(Outcome.of(reply));
        }

        private void tell(Outcome outcome) {
            if (!over && !closed) {
                over = true;
                done.accept(outcome);
            }
        }
    }

    private final class Timer implements Runnable {
        private final Runnable work;
        private Pending pending = () -> {};

        Timer(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            timers.remove(this);
            work.run();
        }

        void cancel() {
            if (timers.remove(this)) {
                pending.cancel();
            }
        }
    }
}
