package io.clusterset.examples.cli;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.util.ArrayList;
import java.util.List;

/** Two clusters on loopback: a nameserver for both zones, two endpoints each, told apart by port through SRV. */
final class Clusters implements AutoCloseable {

    static final String LOCAL = "orders.shop.svc.cluster.local";
    static final String REMOTE = "orders.shop.svc.clusterset.local";

    final FakeDnsServer dns = FakeDnsServer.start();
    final FakeEndpoint localA = FakeEndpoint.start("local-a");
    final FakeEndpoint localB = FakeEndpoint.start("local-b");
    final FakeEndpoint remoteA = FakeEndpoint.start("remote-a");
    final FakeEndpoint remoteB = FakeEndpoint.start("remote-b");

    /** Two endpoints here, two there; the cluster set's answer contains the local ones, as it does in life. */
    Clusters headless() {
        dns.srvService(LOCAL, "http", localA.endpoint(), localB.endpoint());
        dns.srvService(REMOTE, "http", localA.endpoint(), localB.endpoint(), remoteA.endpoint(), remoteB.endpoint());
        return this;
    }

    /** One address per tier, as a ClusterIP has. */
    Clusters vips() {
        dns.srvService(LOCAL, "http", localA.endpoint());
        dns.srvService(REMOTE, "http", remoteA.endpoint());
        return this;
    }

    /** Runs the command against these clusters. */
    Ran discovery(String... args) {
        return Ran.discovery(with(args));
    }

    /** The arguments, and those that lead here. */
    String[] with(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "--dns", dns.endpoint(),
                "--allow-addresses", "127.0.0.0/8",
                "--cluster-domain", "cluster.local"));
        return all.toArray(String[]::new);
    }

    @Override
    public void close() {
        dns.close();
        localA.close();
        localB.close();
        remoteA.close();
        remoteB.close();
    }
}
