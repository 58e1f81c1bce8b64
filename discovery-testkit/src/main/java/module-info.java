/**
 * A DNS server, HTTP endpoints and a Kubernetes API server that fail on command, for tests of anything that discovers
 * services. Speaks the wire, over real loopback sockets; knows nothing of the library it helps to test.
 */
module io.clusterset.discovery.testkit {
    requires org.dnsjava;
    requires static org.jspecify;

    exports io.clusterset.discovery.testkit;
}
