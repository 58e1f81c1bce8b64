package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.Ticker;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the last 256 events, logs those that matter (200 lines at once, 10 a second) and passes each on. Thread-safe. */
public final class EventLog implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");
    private static final int KEPT = 256;
    private static final int REMEMBERED = 20_000;

    private final Ticker ticker;
    private final EventSink next;
    private final LineBudget lines; // guarded by this
    private final Deque<Timed> kept = new ArrayDeque<>(); // guarded by this

    /** What each tier of each service answered last; guarded by this. */
    private final Map<String, String> words = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** In front of another sink. */
    public EventLog(Ticker ticker, EventSink next) {
        this.ticker = ticker;
        this.next = next;
        this.lines = new LineBudget(ticker);
    }

    @Override
    public void accept(Event event) {
        synchronized (this) {
            if (kept.size() == KEPT) {
                kept.removeFirst();
            }
            kept.addLast(new Timed(ticker.nanos(), event));
        }
        log(event);
        next.accept(event);
    }

    /** What a person wants to find in the morning: trouble, moved load, the sick and the recovered, answers of another kind. */
    private void log(Event event) {
        boolean trouble =
                event instanceof Event.Trouble || (event instanceof Event.Reloaded reloaded && reloaded.isTrouble());
        if (!trouble && !(event instanceof Event.LoadChanged) && !isDone(event) && !isTurn(event)) {
            LOG.debug("{}", event);
            return;
        }
        OptionalLong leftOut = line();
        if (leftOut.isEmpty()) {
            return;
        }
        if (leftOut.getAsLong() > 0) {
            LOG.info("{} lines were left out (expected: at most 10 a second)", leftOut.getAsLong());
        }
        if (trouble) {
            LOG.warn("{}", event);
        } else {
            LOG.info("{}", event);
        }
    }

    /** What somebody did on purpose. */
    private static boolean isDone(Event event) {
        return event instanceof Event.Drill || event instanceof Event.Reloaded;
    }

    private synchronized OptionalLong line() {
        return lines.take();
    }

    private synchronized boolean isTurn(Event event) {
        if (event instanceof Event.VerdictChanged verdict) {
            return verdict.from().state() == State.UNHEALTHY || verdict.to().state() == State.UNHEALTHY;
        }
        if (event instanceof Event.Answered answered) {
            String word = answered.resolution().word();
            String before = words.put(answered.subject() + " " + answered.tier(), word);
            return !word.equals(before == null ? "found" : before);
        }
        return false;
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
