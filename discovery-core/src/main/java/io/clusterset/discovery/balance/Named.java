package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Picker;

/**
 * A balancer that settings and explanations have a word for.
 *
 * @param name as {@link Balancer#parse} reads it, where the defaults hold
 */
record Named(String name, Balancer kind) implements Balancer {

    /** With what was said of it, if that is not the default: no word of settings says so. */
    static Named with(String name, String parameter, Object said, Object byDefault, Balancer kind) {
        return new Named(said.equals(byDefault) ? name : name + " (" + parameter + " " + said + ")", kind);
    }

    @Override
    public Picker build(Rebuild rebuild) {
        return kind.build(rebuild);
    }

    @Override
    public String toString() {
        return name;
    }
}
