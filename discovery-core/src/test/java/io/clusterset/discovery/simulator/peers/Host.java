package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;

/** An endpoint as Envoy and ServiceTalk look at it. */
final class Host {

    final Endpoint endpoint;
    final boolean home;
    boolean listed = true;

    /** Checks or connects say so. */
    boolean up = true;

    boolean ejected;
    int consecutive; // failures
    int ejections;
    long ejectedUntil;
    int good; // in this interval
    int bad;

    Host(Endpoint endpoint, boolean home) {
        this.endpoint = endpoint;
        this.home = home;
    }

    boolean isHealthy() {
        return up && !ejected;
    }
}
