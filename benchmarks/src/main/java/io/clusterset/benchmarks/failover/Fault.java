package io.clusterset.benchmarks.failover;

import java.io.IOException;

/** What happens to the local server. */
public enum Fault {
    /** Its process is killed: its connections are reset and its port refuses. */
    REFUSED("refused"),
    /** Its connections swallow requests and its port swallows connects, as if its network had lost the way. */
    BLACK_HOLE("black hole");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** How the report calls it. */
    public String words() {
        return words;
    }

    void happensTo(ServerProcess server) throws IOException {
        switch (this) {
            case REFUSED -> server.kill();
            case BLACK_HOLE -> server.blackHole();
        }
    }
}
