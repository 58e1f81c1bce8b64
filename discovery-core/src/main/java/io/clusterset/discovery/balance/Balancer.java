package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.Ticker;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Builds an immutable picker from a decision. Immutable itself: one balancer serves all services. */
@FunctionalInterface
public interface Balancer {

    /**
     * By weight, evenly spread: each in turn where weights are equal. The default. A pick takes no lock, allocates nothing and
     * writes no counter that all threads write.
     */
    static Balancer weightedRoundRobin() {
        return rebuild -> RingPicker.of(rebuild, false);
    }

    /** By weight, at random. Costs what {@link #weightedRoundRobin} does. */
    static Balancer random() {
        return rebuild -> RingPicker.of(rebuild, true);
    }

    /** Builds a picker; on the serial executor. */
    Picker build(Rebuild rebuild);

    /**
     * What a picker is built from.
     *
     * @param decision what was decided
     * @param before the picker that it takes the place of, for what has been learned so far (whose turn it is, latencies,
     *     pins); empty for a service's first
     * @param ticker the discovery's clock
     * @param random where a sequence starts, so that not all processes begin with the same endpoint
     */
    record Rebuild(Decision decision, Optional<Picker> before, Ticker ticker, RandomGenerator random) {}
}
