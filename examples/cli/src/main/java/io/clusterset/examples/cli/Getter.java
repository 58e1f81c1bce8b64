package io.clusterset.examples.cli;

import java.io.IOException;

/** What makes the GETs of a load, all of them alike. Thread-safe. */
public interface Getter {

    /**
     * Makes one.
     *
     * @return the tier that served it
     * @throws IOException if it failed for good; the text says why, such as {@code HTTP 503}
     */
    String get() throws IOException;

    /** How many requests were begun, those of calls that failed too. */
    long attempts();
}
