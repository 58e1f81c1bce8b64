package io.clusterset.discovery.health;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Probes one address once. Answers exactly once, on any thread, within the time given. */
@FunctionalInterface
public interface Prober {

    /** Starts a probe and returns at once. */
    void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done);

    /** How a probe ended. */
    sealed interface Result permits Passed, Refused, TimedOut {}

    /** It answered. */
    record Passed() implements Result {}

    /**
     * It said no, at once.
     *
     * @param why in words, such as {@code connection refused}
     */
    record Refused(String why) implements Result {}

    /** It said nothing in time. */
    record TimedOut() implements Result {}
}
