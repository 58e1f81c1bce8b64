package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;

/** Somebody who calls the local endpoint or, if it must be, the remote one. */
@FunctionalInterface
public interface Client {

    /** One GET of {@code /list}; throws if there is no good answer. */
    void call() throws Exception;

    /** Who is tried. */
    enum Kind {
        OURS("ours, Call.idempotent() over OkHttp"),
        OKHTTP("OkHttp, Dns = [local, remote]"),
        ARMERIA("Armeria, healthChecked(local).orElse(remote)"),
        SPRING("Spring LoadBalancer, RestTemplate with retry"),
        JDK("JDK HttpClient, a name with two addresses");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** How the report calls it. */
        public String words() {
            return words;
        }

        Client of(FakeEndpoint local, FakeEndpoint remote) {
            return switch (this) {
                case OURS -> new Ours(local, remote);
                case OKHTTP -> new OkHttp(local, remote);
                case ARMERIA -> new Armeria(local, remote);
                case SPRING -> new Spring(local, remote);
                case JDK -> new Jdk(local);
            };
        }
    }
}
