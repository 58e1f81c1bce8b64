package io.clusterset.discovery.model;

/** Takes events. Called on the discovery's serial executor; must neither block nor throw. */
@FunctionalInterface
public interface EventSink {

    /** A sink that keeps nothing. */
    EventSink NONE = event -> {};

    /** Takes one event. */
    void accept(Event event);
}
