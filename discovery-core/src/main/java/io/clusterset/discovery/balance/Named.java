package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Picker;

/**
 * A balancer that settings and explanations have a word for.
 *
 * @param name as {@link Balancer#parse} reads it
 */
record Named(String name, Balancer kind) implements Balancer {

    @Override
    public Picker build(Rebuild rebuild) {
        return kind.build(rebuild);
    }

    @Override
    public String toString() {
        return name;
    }
}
