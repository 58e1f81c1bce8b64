package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.simulator.Answer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** Asks for a cluster's name again and again. */
final class Names {

    private final Wire wire;
    private final boolean home;
    private final Duration patience;
    private final Function<Answer, Duration> next;
    private final Consumer<Answer> told;

    /**
     * Begins at once.
     *
     * @param patience until silence is unknown
     * @param next how long after an answer it asks again
     */
    Names(Wire wire, boolean home, Duration patience, Function<Answer, Duration> next, Consumer<Answer> told) {
        this.wire = wire;
        this.home = home;
        this.patience = patience;
        this.next = next;
        this.told = told;
        wire.after(Duration.ZERO, this::ask);
    }

    private void ask() {
        wire.lookup(home, patience, answer -> {
            told.accept(answer);
            wire.after(next.apply(answer), this::ask);
        });
    }
}
