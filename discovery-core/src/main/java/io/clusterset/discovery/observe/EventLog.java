package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Ticker;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the last 256 events and passes each on. Thread-safe. */
public final class EventLog implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");
    private static final int KEPT = 256;

    private final Ticker ticker;
    private final EventSink next;
    private final Deque<Timed> kept = new ArrayDeque<>(); // guarded by this

    /** In front of another sink. */
    public EventLog(Ticker ticker, EventSink next) {
        this.ticker = ticker;
        this.next = next;
    }

    @Override
    public void accept(Event event) {
        synchronized (this) {
            if (kept.size() == KEPT) {
                kept.removeFirst();
            }
            kept.addLast(new Timed(ticker.nanos(), event));
        }
        if (event instanceof Event.LoadChanged || event instanceof Event.Trouble) {
            LOG.info("{}", event);
        } else {
            LOG.debug("{}", event);
        }
        next.accept(event);
    }

    /** The last events about any of these subjects, oldest first. */
    public synchronized List<Timed> about(Collection<String> subjects, int most) {
        List<Timed> found = kept.stream()
                .filter(timed -> subjects.contains(timed.event().subject()))
                .toList();
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    /**
     * An event and when it was.
     *
     * @param at ticker nanoseconds
     * @param event the event
     */
    public record Timed(long at, Event event) {}
}
