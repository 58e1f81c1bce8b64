package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands events from the discovery's callback thread to the command's. Where that one has to wait for whoever reads what it
 * prints, so does the other in the end, and the discovery goes on with the last word of each thing and says what it left out.
 */
final class EventFeed implements Consumer<Event> {

    private static final int MOST_WAITING = 1_000;

    /**
     * An event and when it was heard of.
     *
     * @param at by the wall clock
     * @param nanos by {@link System#nanoTime()}
     * @param event the event
     */
    record Heard(Instant at, long nanos, Event event) {}

    private final BlockingQueue<Optional<Heard>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final InstantSource clock;
    private volatile boolean ended;

    EventFeed(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void accept(Event event) {
        Optional<Heard> heard = Optional.of(new Heard(clock.instant(), System.nanoTime(), event));
        try {
            while (!ended && !waiting.offer(heard, 1, TimeUnit.SECONDS)) {
                // until there is room, or nobody waits for it any more
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it: there will be nothing more to wait for. */
    void end() {
        ended = true;
        waiting.clear();
        waiting.add(Optional.empty()); // there is room: of those that wait to put one in, one at most does
    }

    /** The next event; empty if the time is over or the feed has ended. */
    Optional<Heard> next(Duration within) throws InterruptedException {
        Optional<Heard> next = waiting.poll(within.toNanos(), TimeUnit.NANOSECONDS);
        return next == null ? Optional.empty() : next;
    }
}
