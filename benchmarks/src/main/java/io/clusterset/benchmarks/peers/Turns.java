package io.clusterset.benchmarks.peers;

/** Two of the same, in turn: as they were, and with one endpoint changed. Used by one thread. */
final class Turns<T> {

    private final T before;
    private final T after;
    private boolean changed;

    Turns(T before, T after) {
        this.before = before;
        this.after = after;
    }

    T next() {
        changed = !changed;
        return changed ? after : before;
    }
}
