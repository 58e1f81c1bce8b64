package io.clusterset.discovery;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the user's listeners of events, on the callback thread. One that throws is reported once and told on; while more
 * than a thousand events wait for a slow one, new ones are dropped.
 */
final class Listeners implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private static final int MOST_WAITING = 1_000;

    private final List<Consumer<Event>> listeners;
    private final Executor callbacks;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final Set<Consumer<Event>> reported = new HashSet<>(); // used on the callback thread

    Listeners(List<Consumer<Event>> listeners, Executor callbacks) {
        this.listeners = List.copyOf(listeners);
        this.callbacks = callbacks;
    }

    @Override
    public void accept(Event event) {
        if (listeners.isEmpty()) {
            return;
        }
        if (waiting.get() >= MOST_WAITING) {
            if (dropped.getAndIncrement() == 0) {
                LOG.warn("an event listener is too slow: {} events wait, further ones are dropped", MOST_WAITING);
            }
            return;
        }
        waiting.incrementAndGet();
        callbacks.execute(() -> {
            waiting.decrementAndGet();
            listeners.forEach(listener -> tell(listener, event));
        });
    }

    private void tell(Consumer<Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (Throwable contained) {
            if (reported.add(listener)) {
                LOG.warn("an event listener threw {}; it is told on, and this is said once", contained.toString());
            }
        }
    }
}
