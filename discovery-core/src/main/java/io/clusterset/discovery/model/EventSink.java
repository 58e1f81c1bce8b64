package io.clusterset.discovery.model;

/** Takes events. Called on any thread of the discovery; must neither block nor throw. */
@FunctionalInterface
public interface EventSink {

    /** A sink that keeps nothing. */
    EventSink NONE = event -> {};

    /** Takes one event. */
    void accept(Event event);
}
