package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;

/** What happens to the local endpoint. */
public enum Fault {
    /** Its port is closed and its connections are reset, as if its process had been killed. */
    REFUSED("refused", Duration.ofSeconds(8)),
    /** Its port swallows connects, and its connections swallow requests, as if its network had lost the way. */
    BLACK_HOLE("black hole", Duration.ofSeconds(20));

    private final String words;
    private final Duration watched;

    Fault(String words, Duration watched) {
        this.words = words;
        this.watched = watched;
    }

    /** How the report calls it. */
    public String words() {
        return words;
    }

    /** For how long calls go on after it: as long as the peers that recover at all take. */
    Duration watched() {
        return watched;
    }

    void happensTo(FakeEndpoint endpoint) {
        switch (this) {
            case REFUSED -> endpoint.refuse();
            case BLACK_HOLE -> endpoint.blackHole();
        }
    }
}
