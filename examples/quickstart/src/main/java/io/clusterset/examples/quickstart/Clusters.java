package io.clusterset.examples.quickstart;

import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two clusters on 127.0.0.1: one name server for both zones, three endpoints each. The endpoints are told apart by port, so
 * the service has a named port and SRV records, as a headless service has. As in reality, what {@code clusterset.local} says
 * contains the local endpoints too. DNS goes on naming endpoints that are dead. Thread-safe.
 */
final class Clusters implements AutoCloseable {

    /** What calls are made to. */
    static final String SERVICE = "orders.shop:http";

    /** Others, for a page that would have a single line: one has only a local endpoint that stays, the other lives elsewhere. */
    static final List<String> OTHERS = List.of("stock.shop:http", "billing.shop:http");

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final List<FakeEndpoint> local = started("local-a", "local-b", "local-c");
    private final FakeEndpoint stock = FakeEndpoint.start("local-stock");
    private final List<FakeEndpoint> remote = started("remote-a", "remote-b", "remote-c");

    Clusters() {
        dns.srvService("orders.shop.svc.cluster.local", "http", addresses(local.stream()));
        dns.srvService(
                "orders.shop.svc.clusterset.local", "http", addresses(Stream.concat(remote.stream(), local.stream())));
    }

    /** The others are served, too. */
    void serveOthers() {
        dns.srvService("stock.shop.svc.cluster.local", "http", stock.endpoint());
        dns.srvService(
                "stock.shop.svc.clusterset.local", "http", addresses(Stream.concat(Stream.of(stock), remote.stream())));
        dns.srvService("billing.shop.svc.clusterset.local", "http", addresses(remote.stream()));
    }

    /** Makes DNS of this machine's own: the name server, and loopback addresses, which are refused from DNS otherwise. */
    DnsOptions.Builder reachable(DnsOptions.Builder dns) {
        return dns.nameservers(List.of(this.dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8")));
    }

    /** Where the name server listens, as {@code 127.0.0.1:PORT}. */
    String dnsAddress() {
        return dns.endpoint();
    }

    List<FakeEndpoint> local() {
        return local;
    }

    List<FakeEndpoint> remote() {
        return remote;
    }

    /** Connects to local endpoints are refused from now on, connections there are reset. */
    void killLocal() {
        local.forEach(FakeEndpoint::refuse);
    }

    /** The local endpoints answer again, at the same addresses. */
    void restoreLocal() {
        local.forEach(FakeEndpoint::restore);
    }

    /** {@code local-a} for {@code 127.0.0.1:40001}; an address of nobody stays as it is. */
    String nameOf(String address) {
        return Stream.concat(local.stream(), remote.stream())
                .filter(endpoint -> endpoint.endpoint().equals(address))
                .map(FakeEndpoint::name)
                .findFirst()
                .orElse(address);
    }

    @Override
    public void close() {
        local.forEach(FakeEndpoint::close);
        stock.close();
        remote.forEach(FakeEndpoint::close);
        dns.close();
    }

    private static List<FakeEndpoint> started(String... names) {
        return Stream.of(names).map(FakeEndpoint::start).toList();
    }

    private static String[] addresses(Stream<FakeEndpoint> endpoints) {
        return endpoints.map(FakeEndpoint::endpoint).toArray(String[]::new);
    }
}
