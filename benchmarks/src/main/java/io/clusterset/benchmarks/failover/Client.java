package io.clusterset.benchmarks.failover;

/** Somebody who calls the local endpoint or, if it must be, the remote one. */
@FunctionalInterface
public interface Client {

    /** One GET of {@code /list}, or what is one in gRPC; throws if there is no good answer. */
    void call() throws Exception;

    /** Who is tried. */
    enum Kind {
        OURS("ours, Call.idempotent() over OkHttp"),
        OURS_INSTALLED("ours, DiscoveryOkHttp.install"),
        OURS_SPRING("ours, discovery-spring, @LoadBalanced"),
        OKHTTP("OkHttp, Dns = [local, remote]"),
        OKHTTP_JVM("OkHttp, DNS failover, JVM remembers 30 s"),
        ARMERIA("Armeria, healthChecked(local).orElse(remote)"),
        SERVICETALK("ServiceTalk, both addresses"),
        SERVICETALK_OUTLIERS("ServiceTalk, both, outliers, timeout 2 s"),
        SPRING_PLAIN("Spring LoadBalancer, without retry"),
        SPRING("Spring LoadBalancer, with retry"),
        SPRING_ZONE("Spring, preset zone-preference, with retry"),
        SPRING_HEALTH("Spring, preset health-check, without retry"),
        SPRING_HEALTH_RETRY("Spring, preset health-check, with retry"),
        JDK("JDK HttpClient, a name with two addresses"),
        GRPC_FIRST("gRPC pick_first, both addresses"),
        GRPC_ROBIN("gRPC round_robin, both addresses");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** How the report calls it. */
        public String words() {
            return words;
        }

        /** Whether it is this library. */
        public boolean isOurs() {
            return words.startsWith("ours");
        }

        /** Whether it matters when a fault comes: what checks all the time, every few seconds. */
        public boolean isOfPhases() {
            return this == ARMERIA;
        }

        Serving.Protocol protocol() {
            return this == GRPC_FIRST || this == GRPC_ROBIN ? Serving.Protocol.GRPC : Serving.Protocol.HTTP;
        }

        Client of(Served local, Served remote) {
            return switch (this) {
                case OURS -> new Ours(local, remote);
                case OURS_INSTALLED -> OkHttp.ofOurs(local, remote);
                case OURS_SPRING -> SpringApplications.ofOurs(local, remote);
                case OKHTTP -> OkHttp.ofBoth(local, remote);
                case OKHTTP_JVM -> OkHttp.ofJvm(local);
                case ARMERIA -> new Armeria(local, remote);
                case SERVICETALK -> ServiceTalk.asItComes(local, remote);
                case SERVICETALK_OUTLIERS -> ServiceTalk.ofOutliers(local, remote);
                case SPRING_PLAIN -> SpringApplications.of(false, local, remote);
                case SPRING -> SpringApplications.of(true, local, remote);
                case SPRING_ZONE -> SpringApplications.ofZonePreference(local, remote);
                case SPRING_HEALTH -> SpringApplications.ofHealthCheck(false, local, remote);
                case SPRING_HEALTH_RETRY -> SpringApplications.ofHealthCheck(true, local, remote);
                case JDK -> new Jdk(local);
                case GRPC_FIRST -> new Grpc("pick_first", Names.BOTH, local.port());
                case GRPC_ROBIN -> new Grpc("round_robin", Names.BOTH, local.port());
            };
        }
    }
}
