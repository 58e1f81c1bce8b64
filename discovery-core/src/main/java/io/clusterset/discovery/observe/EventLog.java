package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;

/**
 * Keeps the last 256 events, counts all, logs those that a person wants to find in the morning (at most one line a minute for each
 * service and kind, and 10 a second) and passes each on. Thread-safe.
 */
public final class EventLog implements EventSink {

    private static final int KEPT = 256;

    private final Ticker ticker;
    private final EventSink next;
    private final LogLines lines;
    private final Map<String, LongAdder> counts = new LinkedHashMap<>(); // one for each kind, from the start
    private final Deque<Timed> kept = new ArrayDeque<>(); // guarded by this

    /** In front of another sink; lines that have to wait are said on the scheduler's thread. */
    @SuppressWarnings("exports") // a discovery makes these, nobody else
    public EventLog(Logger log, Ticker ticker, Scheduler scheduler, EventSink next) {
        this.ticker = ticker;
        this.next = next;
        this.lines = new LogLines(log, ticker, scheduler);
        Event.KINDS.forEach(kind -> counts.put(kind, new LongAdder()));
    }

    @Override
    public void accept(Event event) {
        LongAdder count = counts.get(event.kind());
        if (count != null) {
            count.increment();
        }
        keep(new Timed(ticker.nanos(), event.subject(), event.kind(), event.toString()));
        try {
            lines.accept(event);
        } finally {
            next.accept(event);
        }
    }

    private synchronized void keep(Timed timed) {
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(timed);
    }

    /** Logs at once what waits for its minute to end, and from now on whatever comes. */
    public void close() {
        lines.close();
    }

    /** How many events there were of each kind, of all that there are. */
    public Map<String, Long> counts() {
        Map<String, Long> sums = new LinkedHashMap<>();
        counts.forEach((kind, count) -> sums.put(kind, count.sum()));
        return sums;
    }

    /** Those of the last events that are about any of these subjects, up to a moment, oldest first. */
    public synchronized List<Timed> about(Set<String> subjects, long until) {
        return kept.stream()
                .filter(timed -> subjects.contains(timed.subject()) && timed.at() - until <= 0)
                .toList();
    }

    /**
     * An event and when it was; its words alone, for it may hold thousands of endpoints.
     *
     * @param at ticker nanoseconds
     * @param subject whom it is about
     * @param kind its kind
     * @param text what it says
     */
    public record Timed(long at, String subject, String kind, String text) {}
}
