package io.clusterset.examples.cli.doctor;

import io.clusterset.examples.cli.doctor.Query.How;

/**
 * What every nameserver is asked about a zone.
 *
 * @param madeUp the label of a service that nobody has, another one in each run: a cache must not know it yet
 */
record Questions(String madeUp) {

    private static final String NAMESPACE = ".default.svc.";

    /** Who serves the zone. */
    Query apex(String zone) {
        return Query.udp(zone, "SOA");
    }

    /** A service that every cluster has. */
    Query api(String home) {
        return Query.udp("kubernetes" + NAMESPACE + home, "A");
    }

    /** A service that no cluster has. */
    Query absent(String zone) {
        return Query.udp(madeUp + NAMESPACE + zone, "A");
    }

    /** Answered by whatever follows Kubernetes' DNS specification; its time to live of eight hours betrays a cache. */
    Query version(String zone) {
        return Query.udp("dns-version." + zone, "TXT");
    }

    /** The name of the program, if it tells. */
    Query program() {
        return new Query("version.bind", "TXT", How.CHAOS);
    }

    /** NodeLocal DNSCache brings this service, to reach the cluster's DNS past itself. */
    Query behindNodeLocal(String home) {
        return Query.udp("kube-dns-upstream.kube-system.svc." + home, "A");
    }

    /** The cluster's DNS, whatever its program. */
    Query clusterDns(String home) {
        return Query.udp("kube-dns.kube-system.svc." + home, "A");
    }
}
