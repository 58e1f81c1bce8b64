package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.simulator.Reply;

/** What became of an attempt, a check or a connect for who waited so long. */
enum Outcome {
    GOOD,
    REFUSED,
    ERROR,
    OVERLOADED,
    /** Nothing came back in time. */
    SILENCE;

    static Outcome of(Reply reply) {
        return switch (reply) {
            case GOOD -> GOOD;
            case REFUSED -> REFUSED;
            case ERROR -> ERROR;
            case OVERLOADED -> OVERLOADED;
        };
    }
}
