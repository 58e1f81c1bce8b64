package io.clusterset.discovery;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the user's listeners of events, on the callback thread; one that throws is reported once and told on. */
final class Listeners implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final List<Consumer<Event>> listeners;
    private final Executor callbacks;
    private final Set<Consumer<Event>> reported = new HashSet<>(); // used on the callback thread

    Listeners(List<Consumer<Event>> listeners, Executor callbacks) {
        this.listeners = List.copyOf(listeners);
        this.callbacks = callbacks;
    }

    @Override
    public void accept(Event event) {
        if (!listeners.isEmpty()) {
            callbacks.execute(() -> listeners.forEach(listener -> tell(listener, event)));
        }
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
