/** Client-side service discovery over several Kubernetes clusters: local first, cluster set second. */
@SuppressWarnings("requires-automatic") // resilience4j has no descriptor of its own
module io.clusterset.discovery {
    requires com.github.benmanes.caffeine;
    requires io.github.resilience4j.circuitbreaker;
    requires java.net.http;
    requires org.dnsjava;
    requires org.slf4j;
    requires static com.fasterxml.jackson.core;
    requires static io.fabric8.kubernetes.client.jdkhttp;
    requires static kubernetes.client.api;
    requires static micrometer.core;
    requires static org.jspecify;

    exports io.clusterset.discovery;
    exports io.clusterset.discovery.balance;
    exports io.clusterset.discovery.cache;
    exports io.clusterset.discovery.call;
    exports io.clusterset.discovery.config;
    exports io.clusterset.discovery.dns;
    exports io.clusterset.discovery.failover;
    exports io.clusterset.discovery.health;
    exports io.clusterset.discovery.kubernetes;
    exports io.clusterset.discovery.model;
    exports io.clusterset.discovery.observe;
    exports io.clusterset.discovery.source;
    exports io.clusterset.discovery.time;
    exports io.clusterset.discovery.topology;
}
