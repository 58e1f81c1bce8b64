package io.clusterset.discovery;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Text;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the user's listeners of events, on the callback thread. A slow one is told less: of several events of one kind, subject and
 * tier that wait for it, the last; and of no more than a thousand, which is said in their place. One that throws is reported
 * once and told on.
 */
final class Listeners implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private static final int MOST_WAITING = 1_000;

    private final List<Consumer<Event>> listeners;
    private final Executor callbacks;
    private final Map<Object, Event> waiting = new LinkedHashMap<>(); // guarded by this, as are the next two
    private int leftOut; // since it was said last
    private long untold;
    private final Set<Consumer<Event>> reported = new HashSet<>(); // used on the callback thread

    Listeners(List<Consumer<Event>> listeners, Executor callbacks) {
        this.listeners = List.copyOf(listeners);
        this.callbacks = callbacks;
    }

    @Override
    public void accept(Event event) {
        if (!listeners.isEmpty() && waits(event)) {
            callbacks.execute(this::tellAll);
        }
    }

    /** How many events no listener was told of. */
    synchronized long untold() {
        return untold;
    }

    /** Has it wait; whether somebody must be sent for. What is conflated keeps its place, or it would never be its turn. */
    private synchronized boolean waits(Event event) {
        Object key = key(event);
        Event before = waiting.get(key);
        if (before == null && waiting.size() >= MOST_WAITING) {
            untold++;
            leftOut++;
            return false;
        } else if (before == null) {
            waiting.put(key, event);
            return true;
        }
        untold++;
        Event now = together(before, event);
        if (now instanceof Event.VerdictChanged verdict
                && verdict.from().state() == verdict.to().state()) {
            waiting.remove(key); // there and back
            untold++;
        } else {
            waiting.put(key, now);
        }
        return false;
    }

    /** Of which others it is the later word; what is said once is nobody's. */
    private static Object key(Event event) {
        boolean state = !(event instanceof Event.Trouble
                || event instanceof Event.Limit
                || event instanceof Event.Reloaded
                || event instanceof Event.Drill);
        return state ? List.of(event.kind(), event.subject(), event.tier()) : event;
    }

    private static Event together(Event before, Event now) {
        return before instanceof Event.VerdictChanged first && now instanceof Event.VerdictChanged last
                ? new Event.VerdictChanged(last.subject(), first.from(), last.to())
                : now;
    }

    private void tellAll() {
        Optional<Event> next = next();
        while (next.isPresent()) {
            Event event = next.get();
            listeners.forEach(listener -> tell(listener, event));
            next = next();
        }
    }

    private synchronized Optional<Event> next() {
        if (!waiting.isEmpty()) {
            Object eldest = waiting.keySet().iterator().next();
            return Optional.ofNullable(waiting.remove(eldest));
        }
        int gap = leftOut;
        leftOut = 0;
        return gap == 0
                ? Optional.empty()
                : Optional.of(new Event.Limit(
                        "",
                        gap + " events were left out, since a listener is too slow (expected: at most " + MOST_WAITING
                                + " wait)"));
    }

    private void tell(Consumer<Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (Throwable contained) {
            if (reported.add(listener)) {
                LOG.warn(
                        "an event listener threw {}; it is told on, and this is said once",
                        Text.line(contained.toString()));
            }
        }
    }
}
