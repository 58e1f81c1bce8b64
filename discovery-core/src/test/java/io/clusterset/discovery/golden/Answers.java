package io.clusterset.discovery.golden;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the DNS source says of orders.shop in a zone, for scripted sources: as it words it over sockets. */
record Answers(String zone) {

    static final Answers LOCAL = new Answers("cluster.local");
    static final Answers CLUSTERSET = new Answers("clusterset.local");

    private static final Duration FRESH = Duration.ofSeconds(5);

    Resolution found(String... endpoints) {
        return found(Stream.of(endpoints).map(Endpoint::parse).toList());
    }

    Resolution found(List<Endpoint> endpoints) {
        return new Resolution.Found(endpoints, FRESH, evidence("10.96.0.10", "NOERROR", ""));
    }

    Resolution empty() {
        return new Resolution.Empty(FRESH, evidence("10.96.0.10", "NOERROR", ""));
    }

    Resolution noSuchName() {
        return new Resolution.NoSuchName(FRESH, evidence("10.96.0.10", "NXDOMAIN", ""));
    }

    Resolution silence() {
        return new Resolution.Unknown(List.of(), Duration.ZERO, evidence("", "", "no answer from 10.96.0.10"));
    }

    private Evidence evidence(String by, String rcode, String detail) {
        String name = "orders.shop.svc." + zone + ".";
        return new Evidence(List.of(name + " A", name + " AAAA"), by, rcode, detail, List.of());
    }
}
