package io.clusterset.examples.okhttp;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two clusters on 127.0.0.1: a nameserver for both zones and two endpoints of the service {@code orders.shop} in each, told apart
 * by port through SRV records. DNS goes on naming endpoints that are dead, as it does in life for a while. Thread-safe.
 */
final class Clusters implements AutoCloseable {

    final FakeDnsServer dns = FakeDnsServer.start();
    final List<FakeEndpoint> local = List.of(FakeEndpoint.start("local-a"), FakeEndpoint.start("local-b"));
    final List<FakeEndpoint> remote = List.of(FakeEndpoint.start("remote-a"), FakeEndpoint.start("remote-b"));

    Clusters() {
        dns.srvService("orders.shop.svc.cluster.local", "http", at(local.stream()));
        dns.srvService("orders.shop.svc.clusterset.local", "http", at(Stream.concat(local.stream(), remote.stream())));
    }

    private static String[] at(Stream<FakeEndpoint> endpoints) {
        return endpoints.map(FakeEndpoint::endpoint).toArray(String[]::new);
    }

    /** From now on connects to the local cluster are refused; what is connected is reset. */
    void killLocal() {
        local.forEach(FakeEndpoint::refuse);
    }

    /** The local endpoints answer again, at the same addresses. */
    void reviveLocal() {
        local.forEach(FakeEndpoint::restore);
    }

    @Override
    public void close() {
        local.forEach(FakeEndpoint::close);
        remote.forEach(FakeEndpoint::close);
        dns.close();
    }
}
