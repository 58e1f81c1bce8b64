package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;

/** What happens to the local endpoint. */
public enum Fault {
    /** Its port is closed and its connections are reset, as if its process had been killed. */
    REFUSED("refused"),
    /** Its port swallows connects, and its connections swallow requests, as if its network had lost the way. */
    BLACK_HOLE("black hole");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** How the report calls it. */
    public String words() {
        return words;
    }

    void happensTo(FakeEndpoint endpoint) {
        switch (this) {
            case REFUSED -> endpoint.refuse();
            case BLACK_HOLE -> endpoint.blackHole();
        }
    }
}
