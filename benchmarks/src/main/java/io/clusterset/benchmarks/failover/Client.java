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
        OURS_INSTALLED("ours, DiscoveryOkHttp.install"),
        OKHTTP("OkHttp, Dns = [local, remote]"),
        OKHTTP_JVM("OkHttp, DNS failover, JVM remembers 30 s"),
        ARMERIA("Armeria, healthChecked(local).orElse(remote)"),
        OURS_SPRING("ours, discovery-spring, @LoadBalanced RestClient"),
        SPRING("Spring LoadBalancer, RestTemplate with retry"),
        SPRING_ZONE("Spring, preset zone-preference"),
        SPRING_HEALTH("Spring, preset health-check"),
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
                case OURS_INSTALLED -> OkHttp.ofOurs(local, remote);
                case OKHTTP -> OkHttp.ofBoth(local, remote);
                case OKHTTP_JVM -> OkHttp.ofJvm(local);
                case ARMERIA -> new Armeria(local, remote);
                case OURS_SPRING -> SpringApplications.ofOurs(local, remote);
                case SPRING -> new Spring(local, remote);
                case SPRING_ZONE -> SpringApplications.ofZonePreference(local, remote);
                case SPRING_HEALTH -> SpringApplications.ofHealthCheck(local, remote);
                case JDK -> new Jdk(local);
            };
        }
    }
}
