package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import java.util.function.IntSupplier;

/** Builds an immutable picker from a decision. Thread-safe. */
@FunctionalInterface
public interface Balancer {

    /** Each endpoint in turn. The default. Its pickers allocate nothing and write no counter that all threads write. */
    static Balancer roundRobin() {
        return roundRobin(new ThreadStripes());
    }

    /** Each endpoint in turn, by a sequence of the caller's: the same sequence gives the same picks. */
    static Balancer roundRobin(IntSupplier sequence) {
        return decision -> RoundRobinPicker.of(decision, sequence);
    }

    /** Builds a picker. */
    Picker build(Decision decision);
}
