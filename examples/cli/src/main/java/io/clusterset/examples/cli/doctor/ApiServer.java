package io.clusterset.examples.cli.doctor;

import java.time.Duration;

/** The API server of the cluster this runs in, which is asked one thing. */
@FunctionalInterface
interface ApiServer {

    /** Asks, and waits no longer than this. Fails at nothing. */
    ApiAnswer ask(Duration within);
}
